import type { S3, S3ClientConfig } from '@aws-sdk/client-s3';
import { translateS3Error } from './s3-errors.ts';
import type { S3Location } from './s3-location.ts';

/** A client and the place in it that a store uses. */
export interface S3Bucket {
  readonly s3: S3;
  readonly bucket: string;
  readonly prefix: string;
  /** Bytes in one part of a large object, unless so many parts would be too many. */
  readonly partBytes: number;
}

/** What tests make small; there is no setting for it. */
export interface S3Tuning {
  partBytes?: number;
  idleMs?: number;
}

/** No key of Convey's begins with a dot, so this meets no object and is in no list. */
const PROBE = '.convey-probe';
const PART_BYTES = 8 * 1024 * 1024;
const CONNECT_MS = 5_000;
/** Without a byte in either direction. A reader that pauses longer is connected again when it goes on. */
const IDLE_MS = 60_000;
/** The first and three more, waiting 0 to 20 s between them, longer each time (the SDK's standard mode). */
const ATTEMPTS = 4;
/** Every object that is being read holds one. */
const MAX_CONNECTIONS = 500;

/**
 * Connects to a bucket and tries that objects can be put and deleted there. The SDK is loaded only now: it
 * costs 0.2 s and 25 MB, which an installation on disk does not pay.
 * @throws storage.unavailable with the reason in plain words
 */
export async function openS3Bucket(location: S3Location, tuning: S3Tuning = {}): Promise<S3Bucket> {
  // The version is pinned and takes Node 20; its notice about later versions is no log line.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  const { S3 } = await import('@aws-sdk/client-s3');
  const { bucket, prefix } = location;
  const s3 = new S3(clientConfig(location, tuning.idleMs ?? IDLE_MS));
  try {
    const probe = { Bucket: bucket, Key: prefix + PROBE };
    await s3.putObject({ ...probe, Body: 'Convey was here' });
    await s3.deleteObject(probe);
  } catch (error) {
    s3.destroy();
    throw translateS3Error(error);
  }
  return { s3, bucket, prefix, partBytes: tuning.partBytes ?? PART_BYTES };
}

function clientConfig({ region, endpoint, isPathStyle }: S3Location, idleMs: number): S3ClientConfig {
  const agent = { keepAlive: true, maxSockets: MAX_CONNECTIONS };
  // Stores that are not AWS do not look at the region, but a signature has to name one.
  const assumed =
    region ??
    process.env['AWS_REGION'] ??
    process.env['AWS_DEFAULT_REGION'] ??
    (endpoint === undefined ? undefined : 'us-east-1');
  return {
    ...(assumed !== undefined && { region: assumed }),
    ...(endpoint !== undefined && { endpoint }),
    forcePathStyle: isPathStyle,
    retryMode: 'standard',
    maxAttempts: ATTEMPTS,
    // Newer checksums are unknown to many stores; every body is a buffer, signed with its SHA-256, which they check.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    expectContinueHeader: false, // it would cost a new connection for each part
    requestHandler: {
      connectionTimeout: CONNECT_MS,
      socketTimeout: idleMs,
      httpAgent: agent,
      httpsAgent: agent,
    },
  };
}
