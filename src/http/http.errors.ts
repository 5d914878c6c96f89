import { errorKind } from '../errors.ts';

export const badRequest = errorKind(
  'http.bad_request',
  400,
  'The request is not one that this address takes.',
);
export const badJson = errorKind('http.bad_json', 400, 'The body is not well-formed JSON in UTF-8.');
export const crossSite = errorKind(
  'http.cross_site',
  403,
  'A browser sent this from another site. Open it from Convey itself.',
);
export const noSuchRoute = errorKind('http.not_found', 404, 'There is nothing at this address.');
export const methodNotAllowed = errorKind(
  'http.method_not_allowed',
  405,
  'This address does not take this method.',
);
export const tooSlow = errorKind('http.timeout', 408, 'The request took too long to arrive.');
export const bodyTooLarge = errorKind(
  'http.body_too_large',
  413,
  'The body is larger than this address takes.',
);
export const unsupportedMediaType = errorKind(
  'http.unsupported_media_type',
  415,
  'The body is of a kind that this address does not take.',
);
export const tooManyRequests = errorKind(
  'http.too_many_requests',
  429,
  'Too many requests in too short a time. Wait as long as Retry-After says.',
);
export const cannotCount = errorKind(
  'http.cannot_count',
  503,
  'Requests cannot be counted at the moment, so this one is not taken. Try again later.',
);
export const headersTooLarge = errorKind(
  'http.headers_too_large',
  431,
  'The request’s headers are too large.',
);
export const internalError = errorKind(
  'http.internal',
  500,
  'Something went wrong here. The request id finds it in the server’s log.',
);
export const cannotListen = errorKind('http.cannot_listen', 500, 'The server cannot listen at its address.');
export const preconditionFailed = errorKind(
  'http.precondition_failed',
  412,
  'It is not, or no longer, what If-Match names. Fetch it from its beginning.',
);
export const badRange = errorKind('http.bad_range', 416, 'The range that was asked for lies beyond the end.');
export const stillRunning = errorKind(
  'http.still_running',
  409,
  'The first request with this Idempotency-Key still runs. Ask again in a moment.',
);
export const alreadyCreated = errorKind(
  'http.already_created',
  409,
  'This was done already, by the first request with this Idempotency-Key; what it answered is not shown again.',
);
export const keyReused = errorKind(
  'http.key_reused',
  422,
  'This Idempotency-Key came before with another request. Take a new one for each.',
);
