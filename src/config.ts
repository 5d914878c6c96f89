import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { ConveyError, errorKind } from './errors.ts';

export const badSetting = errorKind(
  'config.bad_setting',
  500,
  'The settings are not right, so nothing was started.',
);

/** Every setting, as the program uses it. Where a value comes from is in `settings`, below. */
export interface Config {
  homeDir: string;
  databaseUrl: string | undefined;
  databaseAdminUrl: string | undefined;
  host: string;
  port: number;
  publicUrl: string;
  storage: string;
  /** 32 bytes each; undefined: the key file in the home folder holds them. */
  masterKeys: Uint8Array[] | undefined;
  productName: string;
  metricsToken: string | undefined;
  ingestBodyBytes: number;
  messageBodyBytes: number;
  pendingMs: number;
  directRepliesPerWorkspace: number;
  exportConnections: number;
  exportThreads: number;
  snapshotMaxAgeMs: number;
  idleClientMs: number;
  keptExportsPerWorkspace: number;
  partConversations: number;
  parallelParts: number;
  linkMs: number;
  role: 'all' | 'server' | 'worker';
  workerJobs: number;
  exportAttempts: number;
  leaseMs: number;
  sessionIdleMs: number;
  sessionMaxMs: number;
}

interface Setting<Value> {
  environmentName: string;
  doc: string;
  /** Completes the sentence “takes …”. */
  takes: string;
  /** What an unset variable counts as: a text like any other, or worked out from the other settings. */
  fallback: string | { text: string; from: (others: Config) => Value };
  /** The value, or undefined when the text is not what the setting takes. */
  parse: (text: string) => Value | undefined;
  /** Its text never appears in a message. */
  isSecret?: boolean;
}

const UNIT_MS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const UNIT_BYTES: Record<string, number> = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 };

function measure(
  units: Record<string, number>,
  least: number,
  most: number,
): (text: string) => number | undefined {
  return (text) => {
    const [, digits, unit] = /^(\d{1,12}) ?([A-Za-z]+)$/.exec(text) ?? [];
    const value = Number(digits) * (units[unit ?? ''] ?? Number.NaN);
    return value >= least && value <= most ? value : undefined;
  };
}

const duration = (least: string, most: string) => ({
  takes: `a time from ${least} to ${most}: a number and ms, s, m, h or d (\`90s\`)`,
  parse: measure(UNIT_MS, measure(UNIT_MS, 0, Infinity)(least)!, measure(UNIT_MS, 0, Infinity)(most)!),
});

const bytes = (least: string, most: string) => ({
  takes: `a size from ${least} to ${most}: a number and B, KiB, MiB or GiB`,
  parse: measure(
    UNIT_BYTES,
    measure(UNIT_BYTES, 0, Infinity)(least)!,
    measure(UNIT_BYTES, 0, Infinity)(most)!,
  ),
});

const integer = (least: number, most: number) => ({
  takes: `a whole number from ${least} to ${most}`,
  parse: (text: string) =>
    /^\d{1,9}$/.test(text) && Number(text) >= least && Number(text) <= most ? Number(text) : undefined,
});

const matching = (pattern: RegExp, takes: string) => ({
  takes,
  parse: (text: string) => (pattern.test(text) ? text : undefined),
});

const postgresAddress = {
  takes: 'an address like `postgres://user:password@host:5432/database`',
  parse: (text: string) =>
    URL.canParse(text) && /^postgres(ql)?:$/.test(new URL(text).protocol) ? text : undefined,
  isSecret: true,
};

function parseOrigin(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, origin, pathname, search, hash, username } = new URL(text);
  const isOrigin = /^https?:$/.test(protocol) && `${pathname}${search}${hash}${username}` === '/';
  return isOrigin ? origin : undefined;
}

function parseMasterKeys(text: string): Uint8Array[] | undefined {
  const keys = text.split(',').map((part) => {
    const isHex = /^[0-9a-fA-F]{64}$/.test(part.trim());
    const bytes = Buffer.from(part.trim(), isHex ? 'hex' : 'base64');
    // Buffer.from passes over what is no Base64, so the way back decides.
    return isHex || (bytes.length === 32 && bytes.toString('base64') === part.trim()) ? bytes : undefined;
  });
  return keys.every((key) => key !== undefined) ? keys : undefined;
}

const none = { text: 'none', from: () => undefined };

const settings: { [Name in keyof Config]: Setting<Config[Name]> } = {
  homeDir: {
    environmentName: 'CONVEY_HOME',
    doc: 'Folder for everything Convey keeps on this machine: the embedded database, stored files, keys.',
    takes: 'a folder',
    fallback: './data',
    parse: (text) => resolve(text),
  },
  databaseUrl: {
    environmentName: 'DATABASE_URL',
    doc: 'A PostgreSQL (15 or newer) of your own: the plain role that serves. Unset: Convey starts its own.',
    fallback: none,
    ...postgresAddress,
  },
  databaseAdminUrl: {
    environmentName: 'DATABASE_ADMIN_URL',
    doc: 'The role that owns the tables in that database and migrates them.',
    fallback: none,
    ...postgresAddress,
  },
  host: {
    environmentName: 'CONVEY_HOST',
    doc: 'Address to listen on; `0.0.0.0` lets other machines in.',
    fallback: '127.0.0.1',
    ...matching(/^[0-9A-Za-z.:_-]+$/, 'a host name or an IP address'),
  },
  port: {
    environmentName: 'CONVEY_PORT',
    doc: 'Port to listen on; 0 takes a free one.',
    fallback: '4400',
    ...integer(0, 65_535),
  },
  publicUrl: {
    environmentName: 'CONVEY_URL',
    doc: 'Public address of this server: what links in replies, mails and files begin with.',
    takes: 'an address without a path, like `https://convey.example.com`',
    fallback: {
      text: '`http://localhost:<CONVEY_PORT>`',
      from: ({ port }) => `http://localhost:${port}`,
    },
    parse: parseOrigin,
  },
  storage: {
    environmentName: 'CONVEY_STORAGE',
    doc: 'Where stored files rest.',
    takes: '`file:` and a folder, or `s3://bucket/prefix?region=…&endpoint=…`',
    fallback: {
      text: '`file:<CONVEY_HOME>/objects`',
      from: ({ homeDir }) => `file:${resolve(homeDir, 'objects')}`,
    },
    parse: (text) => {
      if (/^s3:\/\/./.test(text)) return text;
      return /^file:.+/.test(text) ? `file:${resolve(text.slice('file:'.length))}` : undefined;
    },
    isSecret: true, // somebody may have typed credentials into it
  },
  masterKeys: {
    environmentName: 'CONVEY_MASTER_KEY',
    doc: 'The key under which stored files are encrypted (`openssl rand -hex 32`). Lose it and they are lost.',
    takes:
      '32 bytes as 64 hexadecimal digits or as Base64; several, joined by commas: the first encrypts, the others only decrypt',
    fallback: {
      text: 'the file `<CONVEY_HOME>/master.key`, made at the first start',
      from: () => undefined,
    },
    parse: parseMasterKeys,
    isSecret: true,
  },
  productName: {
    environmentName: 'CONVEY_PRODUCT_NAME',
    doc: 'First part of the names of exported files.',
    fallback: 'convey',
    ...matching(/^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/, '1 to 40 lower-case letters, digits and hyphens'),
  },
  metricsToken: {
    environmentName: 'CONVEY_METRICS_TOKEN',
    doc: 'Lets other machines read `/metrics` with `Authorization: Bearer <token>`. Unset: only this machine may.',
    fallback: none,
    ...matching(/^[\x21-\x7e]{16,200}$/, '16 to 200 printable characters without spaces'),
    isSecret: true,
  },
  ingestBodyBytes: {
    environmentName: 'CONVEY_INGEST_BODY',
    doc: 'Largest body of one ingest request.',
    fallback: '64MiB',
    ...bytes('1MiB', '1024MiB'),
  },
  messageBodyBytes: {
    environmentName: 'CONVEY_MESSAGE_BODY',
    doc: 'Longest text of one message.',
    fallback: '16MiB',
    ...bytes('1KiB', '64MiB'),
  },
  pendingMs: {
    environmentName: 'CONVEY_PENDING',
    doc: 'How long an ingested record waits for the record that it belongs to.',
    fallback: '24h',
    ...duration('1m', '30d'),
  },
  directRepliesPerWorkspace: {
    environmentName: 'CONVEY_DIRECT_REPLIES',
    doc: 'Exports that one workspace may have answered directly at the same time.',
    fallback: '3',
    ...integer(1, 1000),
  },
  exportConnections: {
    environmentName: 'CONVEY_EXPORT_CONNECTIONS',
    doc: 'Database connections that all running exports share, beside the 15 for short work.',
    fallback: '24',
    ...integer(4, 1000),
  },
  exportThreads: {
    environmentName: 'CONVEY_EXPORT_THREADS',
    doc: 'Threads that render exports, so that small requests never wait for a large one.',
    fallback: {
      text: 'the number of processor cores, at most 4',
      from: () => Math.min(4, availableParallelism()),
    },
    ...integer(1, 64),
  },
  snapshotMaxAgeMs: {
    environmentName: 'CONVEY_SNAPSHOT_MAX_AGE',
    doc: 'Longest time one export may read; after it the database ends the read, so that old rows are let go.',
    fallback: '2h',
    ...duration('1m', '24h'),
  },
  idleClientMs: {
    environmentName: 'CONVEY_IDLE_CLIENT',
    doc: 'A client that takes no byte of its reply for this long is cut off.',
    fallback: '5m',
    ...duration('1s', '1h'),
  },
  keptExportsPerWorkspace: {
    environmentName: 'CONVEY_EXPORTS_PER_WORKSPACE',
    doc: 'Kept exports of one workspace that run at the same time; more wait their turn.',
    fallback: '3',
    ...integer(1, 1000),
  },
  partConversations: {
    environmentName: 'CONVEY_PART_CONVERSATIONS',
    doc: 'Conversations in one part of a kept export.',
    fallback: '5000',
    ...integer(1, 1_000_000_000),
  },
  parallelParts: {
    environmentName: 'CONVEY_PARALLEL_PARTS',
    doc: 'Parts of one kept export that are written at the same time.',
    fallback: '2',
    ...integer(1, 64),
  },
  linkMs: {
    environmentName: 'CONVEY_LINKS',
    doc: 'How long the files of a kept export can be fetched before they are deleted.',
    fallback: '7d',
    ...duration('1m', '365d'),
  },
  role: {
    environmentName: 'CONVEY_ROLE',
    doc: 'What this process does: serve requests, run jobs (exports that are kept), or both.',
    takes: '`all`, `server` or `worker`',
    fallback: 'all',
    parse: (text) => (text === 'all' || text === 'server' || text === 'worker' ? text : undefined),
  },
  workerJobs: {
    environmentName: 'CONVEY_WORKER_JOBS',
    doc: 'Jobs that this process runs at the same time, of all workspaces together.',
    fallback: '4',
    ...integer(1, 1000),
  },
  exportAttempts: {
    environmentName: 'CONVEY_EXPORT_ATTEMPTS',
    doc: 'How often a kept export is begun before it has failed, when its worker dies or the database or the store breaks off.',
    fallback: '3',
    ...integer(1, 100),
  },
  leaseMs: {
    environmentName: 'CONVEY_LEASE',
    doc: 'A worker that gives no sign for this long is dead, and another takes its jobs over.',
    fallback: '15s',
    ...duration('1s', '10m'),
  },
  sessionIdleMs: {
    environmentName: 'CONVEY_SESSION_IDLE',
    doc: 'A sign-in ends after this time without a request.',
    fallback: '24h',
    ...duration('5m', '30d'),
  },
  sessionMaxMs: {
    environmentName: 'CONVEY_SESSION_MAX',
    doc: 'A sign-in ends after this time, however busy.',
    fallback: '14d',
    ...duration('15m', '90d'),
  },
};

const entries = Object.entries(settings) as [keyof Config, Setting<unknown>][];

/**
 * Reads every setting. Throws `config.bad_setting` naming all bad values at once: the setting, what it got
 * and what it takes. An empty variable counts as unset, which is what an unset one becomes in compose files.
 * @returns the settings, and a sentence for each `CONVEY_…` variable that no setting reads
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): {
  config: Config;
  warnings: string[];
} {
  const values: Record<string, unknown> = {};
  const fields: { pointer: string; detail: string }[] = [];
  for (const [name, { environmentName, fallback, parse, takes, isSecret }] of entries) {
    const text = env[environmentName] || (typeof fallback === 'string' ? fallback : undefined);
    if (text === undefined) continue;
    values[name] = parse(text);
    if (values[name] !== undefined) continue;
    const got = isSecret ? `${text.length} characters that are not shown` : JSON.stringify(text);
    fields.push({ pointer: environmentName, detail: `got ${got}; takes ${takes}` });
  }
  if (env['DATABASE_ADMIN_URL'] && !env['DATABASE_URL']) {
    fields.push({
      pointer: 'DATABASE_URL',
      detail: 'is missing; takes the role that serves, as DATABASE_ADMIN_URL is set',
    });
  }
  if (fields.length > 0) {
    const lines = fields.map(({ pointer, detail }) => `${pointer} ${detail}.`);
    throw new ConveyError(badSetting, lines.join(' '), { fields });
  }
  for (const [name, { fallback }] of entries) {
    if (!(name in values) && typeof fallback === 'object')
      values[name] = fallback.from(values as unknown as Config);
  }
  return { config: values as unknown as Config, warnings: unknownNames(env) };
}

function unknownNames(env: Readonly<Record<string, string | undefined>>): string[] {
  const known = new Set(entries.map(([, { environmentName }]) => environmentName));
  return Object.keys(env)
    .filter((name) => /^CONVEY_(?!TEST_)/.test(name) && !known.has(name))
    .sort()
    .map((name) => `${name} is set, but there is no such setting.`);
}

/** Every setting as a Markdown table, for the docs. */
export function settingsTable(): string {
  const rows = entries.map(([, { environmentName, doc, takes, fallback }]) => {
    const unset = typeof fallback === 'string' ? `\`${fallback}\`` : fallback.text;
    return `| \`${environmentName}\` | ${doc} | ${takes} | ${unset} |\n`;
  });
  return `| Setting | What it does | Takes | Default |\n| --- | --- | --- | --- |\n${rows.join('')}`;
}
