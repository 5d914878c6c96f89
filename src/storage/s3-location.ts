import { ConveyError } from '../errors.ts';
import { badLocation } from './storage.errors.ts';

/** A place in an S3 store, as a setting names it. */
export interface S3Location {
  bucket: string;
  /** What every key begins with inside the bucket: `''`, or segments with a `/` at the end. */
  prefix: string;
  /** Undefined: what the AWS SDK finds in the environment and its own files. */
  region: string | undefined;
  /** Undefined: AWS itself. */
  endpoint: string | undefined;
  /** The bucket in the path (`host/bucket/key`) and not in the host name (`bucket.host/key`). */
  isPathStyle: boolean;
}

const PARAMETERS = new Set(['region', 'endpoint', 'path-style']);
const SHAPE = /^s3:\/\/([^/?#]*)(?:\/([^?#]*))?(?:\?([^#]*))?$/;
/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const PREFIX = /^(?:[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*\/)*$/;
const MAX_PREFIX_CHARACTERS = 256;

/**
 * Reads `s3://bucket[/prefix]?region=…&endpoint=…&path-style=true|false`. Path style is the default with an
 * endpoint of one's own, as few of those have a host name for each bucket.
 * @throws storage.bad_location naming the part that is wrong; nothing of the text is repeated but the name of a
 *   parameter, as somebody may have put a password into it
 */
export function parseS3Location(location: string): S3Location {
  const [isS3, bucket = '', path = '', query = ''] = SHAPE.exec(location) ?? [];
  if (isS3 === undefined) throw bad('It takes s3://BUCKET/PREFIX?region=…&endpoint=….');
  if (bucket.includes('@') || bucket.includes(':')) {
    throw bad('Credentials have no place in it; they come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.');
  }
  if (!BUCKET.test(bucket)) {
    throw bad('The bucket takes 3 to 63 lower-case letters, digits, dots and hyphens.');
  }
  const prefix = path === '' || path.endsWith('/') ? path : `${path}/`;
  if (!PREFIX.test(prefix) || prefix.length > MAX_PREFIX_CHARACTERS) {
    throw bad(
      `The prefix takes letters, digits, “_”, “-” and inner dots between “/”, ${MAX_PREFIX_CHARACTERS} at most.`,
    );
  }
  const values = parameters(query);
  const endpoint = values.get('endpoint');
  return {
    bucket,
    prefix,
    region: checked('region', values.get('region'), (text) => /^[A-Za-z0-9-]{1,64}$/.test(text)),
    endpoint: checked('endpoint', endpoint, isEndpoint),
    isPathStyle:
      checked('path-style', values.get('path-style'), (text) => text === 'true' || text === 'false') ===
        'true' ||
      (endpoint !== undefined && !values.has('path-style')),
  };
}

const TAKES = {
  region: 'a region like eu-central-1',
  endpoint: 'an address like https://s3.example.com, without user, password or query',
  'path-style': 'true or false',
};

function checked(name: keyof typeof TAKES, value: string | undefined, isGood: (text: string) => boolean) {
  if (value !== undefined && !isGood(value)) throw bad(`The parameter “${name}” takes ${TAKES[name]}.`);
  return value;
}

function parameters(query: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query)) {
    if (/key|secret|token|password|credential/i.test(name)) {
      throw bad(
        'Credentials have no place in it; they come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
      );
    }
    if (!PARAMETERS.has(name)) {
      const shown = /^[a-z-]{1,20}$/i.test(name) ? `“${name}”` : 'of another name';
      throw bad(`There is no parameter ${shown}; there are ${[...PARAMETERS].join(', ')}.`);
    }
    if (values.has(name)) throw bad(`The parameter “${name}” is there twice.`);
    values.set(name, value);
  }
  return values;
}

function isEndpoint(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, search, hash } = new URL(text);
  return /^https?:$/.test(protocol) && `${username}${password}${search}${hash}` === '';
}

function bad(detail: string): ConveyError {
  return new ConveyError(badLocation, detail);
}
