import { ConveyError } from '../errors.ts';
import { full, notFound, tooLarge, unavailable } from './storage.errors.ts';

/** What the SDK's errors and Node's network errors have in common, where they have it. */
interface S3Failure {
  name: string;
  code: string | undefined;
  status: number | undefined;
  attempts: number | undefined;
}

function readFailure(error: unknown): S3Failure | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, $metadata: metadata } = error as {
    code?: unknown;
    $metadata?: { httpStatusCode?: number; attempts?: number };
  };
  if (metadata === undefined && typeof code !== 'string' && !/Timeout|Credentials/.test(error.name)) {
    return undefined; // a mistake of ours
  }
  return {
    name: error.name,
    code: typeof code === 'string' ? code : undefined,
    status: metadata?.httpStatusCode,
    attempts: metadata?.attempts,
  };
}

/** Whether the store answered that there is no such object. A HEAD has no body that could say more than 404. */
export function isMissingObject(error: unknown): boolean {
  const failure = readFailure(error);
  return failure?.name === 'NoSuchKey' || failure?.name === 'NotFound' || failure?.name === '404';
}

/** Whether the object is no longer the one that `If-Match` named. */
export function isChangedObject(error: unknown): boolean {
  return readFailure(error)?.status === 412;
}

/** Whether the object has no byte of the range asked for. */
export function isOutOfRange(error: unknown): boolean {
  return readFailure(error)?.status === 416;
}

/** Whether a multipart upload is gone: completed, aborted or swept. */
export function isMissingUpload(error: unknown): boolean {
  return readFailure(error)?.name === 'NoSuchUpload';
}

/** Whether the store has answered that it did not do it, so that nothing is under way any more. */
export function isRefusal(error: unknown): boolean {
  const status = readFailure(error)?.status ?? 0;
  return status >= 400 && status < 500 && status !== 408;
}

/** What the SDK throws when the signal given to it aborts. */
export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

const REASONS: Record<string, string> = {
  NoSuchBucket: 'There is no such bucket.',
  AccessDenied: 'It refused access: the credentials lack a permission.',
  Forbidden: 'It refused access: the credentials lack a permission.',
  InvalidAccessKeyId: 'It does not accept the credentials.',
  SignatureDoesNotMatch: 'It does not accept the credentials.',
  InvalidToken: 'It does not accept the credentials.',
  ExpiredToken: 'The credentials have expired.',
  CredentialsProviderError:
    'No credentials were found: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give the machine a role.',
  RequestTimeTooSkewed: 'The clock of this machine differs too much from its own.',
  PermanentRedirect: 'The bucket lies in another region.',
  AuthorizationHeaderMalformed: 'The bucket lies in another region.',
  IllegalLocationConstraintException: 'The bucket lies in another region.',
};

/**
 * What an error of the SDK means to people. The original, which may name hosts and keys, stays as the cause;
 * what is not the store's (a mistake of ours, an error that is translated already) comes out as it is.
 */
export function translateS3Error(error: unknown): unknown {
  const failure = error instanceof ConveyError ? undefined : readFailure(error);
  if (failure === undefined) return error;
  const { name, code, status, attempts = 1 } = failure;
  const options = { cause: error };
  if (isMissingObject(error)) return new ConveyError(notFound, undefined, options);
  if (name === 'EntityTooLarge') return new ConveyError(tooLarge, 'The store takes no larger ones.', options);
  if (status === 507 || /quota|storagefull/i.test(name)) return new ConveyError(full, undefined, options);
  const known = REASONS[name] ?? (status === 403 ? REASONS['AccessDenied'] : undefined);
  if (known !== undefined) return new ConveyError(unavailable, known, options);
  if (status === 301) return new ConveyError(unavailable, REASONS['PermanentRedirect'], options);
  const tried = attempts > 1 ? `, ${attempts} times` : '';
  const detail =
    status === undefined || code !== undefined
      ? `It cannot be reached (${code ?? name})${tried}.`
      : `It answered ${status} (${name})${tried}.`;
  return new ConveyError(unavailable, detail, options);
}
