import { Failure, factsOf, failureOf } from './failure.ts';

/** What a key is and may do: the answer of `GET /v1/whoami`. */
export interface Whoami {
  principal: { id: string; name: string };
  workspace: { id: string; slug: string; name: string };
  permissions: readonly string[];
}

/**
 * Asks our own server, with the key. The key travels in a header and never in an address; no cookie goes
 * along, and a redirect is refused, so that the key goes nowhere else. Throws a `Failure` unless the answer
 * is 2xx; an abort is thrown as the browser throws it.
 */
export async function callApi(address: string, key: string, signal?: AbortSignal): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(address, {
      headers: { authorization: `Bearer ${key}` },
      cache: 'no-store',
      credentials: 'omit',
      redirect: 'error',
      ...(signal && { signal }),
    });
  } catch (error) {
    signal?.throwIfAborted();
    throw new Failure(
      {
        code: 'web.unreachable',
        title: 'The server did not answer.',
        detail: 'Check your connection, and that Convey is running.',
      },
      { cause: error },
    );
  }
  if (!response.ok) throw await failureOf(response);
  return response;
}

/** What the key is and may do. */
export async function fetchWhoami(key: string): Promise<Whoami> {
  const response = await callApi('/v1/whoami', key);
  const body = (await response.json().catch(() => undefined)) as Whoami | undefined;
  if (typeof body?.workspace?.name === 'string' && Array.isArray(body.permissions)) return body;
  throw new Failure({
    ...factsOf(response),
    code: 'web.unexpected_reply',
    title: 'The answer did not come from Convey.',
  });
}
