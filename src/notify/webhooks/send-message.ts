import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import { ConveyError } from '../../errors.ts';
import { type CheckedTarget, checkTarget, type ResolvedAddress, type TargetRules } from './check-target.ts';

/** From the look-up to the end of the reply. */
export const SEND_TIMEOUT_MS = 15_000;
/** More of a reply is not read. */
const REPLY_BYTES = 64 * 1024;

/** Why there was no reply; `webhook_disabled`: none was asked for. */
export const sendFailures = [
  'timeout',
  'address_refused',
  'connection_failed',
  'tls_failed',
  'webhook_disabled',
] as const;

export type SendFailure = (typeof sendFailures)[number];

/** What came of one try. No byte of the reply's body: it may hold anything. */
export interface SendOutcome {
  /** Null: no reply. */
  status: number | null;
  /** Why there was none. */
  error: SendFailure | null;
  /** What the receiver asked for with Retry-After. */
  retryAfterMs: number;
}

/**
 * Posts a message to a webhook, once. The host is resolved and checked now, and the connection goes to an address
 * that was checked; the name stays in Host and SNI. Redirects are not followed: they are replies like any other.
 * Never throws.
 */
export async function sendMessage(
  address: string,
  headers: Record<string, string>,
  body: string,
  rules: TargetRules & { timeoutMs?: number; now: () => Date },
): Promise<SendOutcome> {
  const { timeoutMs = SEND_TIMEOUT_MS, now } = rules;
  const signal = AbortSignal.timeout(timeoutMs);
  const timedOut = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error));
  });
  timedOut.catch(() => {}); // when all went well, nobody waits for it
  try {
    const target = await Promise.race([checkTarget(address, rules), timedOut]);
    return await post(target, { headers, body, signal, now });
  } catch (error) {
    return { status: null, error: errorCode(error, signal), retryAfterMs: 0 };
  }
}

interface Post {
  headers: Record<string, string>;
  body: string;
  signal: AbortSignal;
  now: () => Date;
}

function post({ url, addresses }: CheckedTarget, { headers, body, signal, now }: Post): Promise<SendOutcome> {
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const sent = request(url, {
      method: 'POST',
      agent: false, // a connection of its own: none that was opened to an address of another time
      lookup: pinned(addresses),
      signal,
      headers: {
        ...headers,
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        'user-agent': 'Convey-Webhooks',
        connection: 'close',
      },
    });
    sent.on('error', reject); // after the reply began, `resolve` has been called or will be by `close`
    sent.on('response', (reply) => {
      const { statusCode: status = 0 } = reply;
      let bytes = 0;
      reply.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > REPLY_BYTES) reply.destroy();
      });
      reply.on('error', () => {}); // the status is known, whatever becomes of the rest
      reply.on('close', () =>
        resolve({ status, error: null, retryAfterMs: retryAfterMs(reply.headers['retry-after'], now()) }),
      );
      // The abort of a reply that never ends reaches the request, not always the reply.
      signal.addEventListener('abort', () => reply.destroy());
      sent.removeListener('error', reject).on('error', () => {});
    });
    sent.end(body);
  });
}

/** A look-up that knows only the addresses that were checked. */
function pinned(addresses: readonly ResolvedAddress[]): LookupFunction {
  return (_hostname, options, callback) => {
    if (options.all === true) callback(null, [...addresses]);
    else callback(null, addresses[0]!.address, addresses[0]!.family);
  };
}

function errorCode(error: unknown, signal: AbortSignal): SendFailure {
  if (signal.aborted) return 'timeout';
  if (error instanceof ConveyError) return 'address_refused';
  const { code = '' } = error as NodeJS.ErrnoException;
  return /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_|UNABLE_TO|SELF_SIGNED|EPROTO)/.test(code)
    ? 'tls_failed'
    : 'connection_failed';
}

/** Retry-After (RFC 9110 §10.2.3): seconds, or a time. */
function retryAfterMs(header: string | undefined, now: Date): number {
  if (header === undefined) return 0;
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? 0 : Math.max(0, at - now.getTime());
}
