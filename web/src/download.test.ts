import { afterEach, describe, expect, it, vi } from 'vitest';
import { download } from './download.ts';
import type { FileType } from './export-kinds.ts';
import type { Sink } from './sinks.ts';

/** A sink that remembers what became of it. */
function sinkForTests(fail?: Error) {
  const state = { text: '', end: 'open' };
  const sink: Sink = {
    write: async (chunk) => {
      if (fail !== undefined) throw fail;
      state.text += new TextDecoder().decode(chunk);
    },
    finish: async (name) => {
      state.end = 'finished';
      return name;
    },
    discard: async () => {
      state.end = 'discarded';
    },
  };
  return { sink, state };
}

/** Answers the next request with these pieces; `breakWith` fails the body after them. */
function answerWith(pieces: string[], options: { headers?: HeadersInit; breakWith?: Error } = {}): void {
  const left = pieces.map((piece) => new TextEncoder().encode(piece));
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      const next = left.shift();
      if (next !== undefined) controller.enqueue(next);
      else if (options.breakWith) controller.error(options.breakWith);
      else controller.close();
    },
  });
  const headers = options.headers ?? {
    'content-disposition': `attachment; filename="a-b.json"; filename*=UTF-8''a-b.json`,
    'x-request-id': 'req_1',
    'convey-export-id': 'exp_1',
  };
  vi.stubGlobal('fetch', async () => new Response(body, { headers }));
}

function start(sink: Sink, fileType: FileType = 'json', signal = new AbortController().signal) {
  const request = { address: '/v1/contacts/export', key: 'ak_x', fileType, sink, signal };
  const seen: number[] = [];
  return { seen, done: download({ ...request, onProgress: (bytes) => seen.push(bytes) }) };
}

afterEach(() => void vi.unstubAllGlobals());

describe('download', () => {
  it('finishes a whole file under the server’s name and counts its bytes', async () => {
    answerWith(['[{"a":1}', '\n]\n']);
    const { sink, state } = sinkForTests();
    const { done, seen } = start(sink);
    expect(await done).toEqual({ name: 'a-b.json', bytes: 11, exportId: 'exp_1' });
    expect(state).toEqual({ text: '[{"a":1}\n]\n', end: 'finished' });
    expect(seen).toEqual([8, 11]);
  });

  it('throws away a transfer that breaks, and names the request and the export', async () => {
    answerWith(['[{"a":1}\n]\n'], { breakWith: new TypeError('network error') });
    const { sink, state } = sinkForTests();
    await expect(start(sink).done).rejects.toMatchObject({
      code: 'web.broken_transfer',
      requestId: 'req_1',
      exportId: 'exp_1',
    });
    expect(state.end).toBe('discarded');
  });

  it.each<[FileType, string]>([
    ['json', '[{"a":1}'],
    ['ndjson', '{"a":1}\n'],
    ['csv', 'a,b\r\n1,2'],
    ['zip', 'PK\u0003\u0004'],
    ['json', ''],
  ])('throws away a %s that ends early although the transfer looks whole', async (fileType, text) => {
    answerWith([text]);
    const { sink, state } = sinkForTests();
    await expect(start(sink, fileType).done).rejects.toMatchObject({ code: 'web.incomplete_file' });
    expect(state.end).toBe('discarded');
  });

  it('takes no other answer for an export, such as the page of a proxy', async () => {
    answerWith(['<p>Sign in</p>'], { headers: { 'content-type': 'text/html' } });
    const { sink, state } = sinkForTests();
    await expect(start(sink).done).rejects.toMatchObject({ code: 'web.unexpected_reply' });
    expect(state).toEqual({ text: '', end: 'discarded' });
  });

  it('shows the server’s own refusal with code, request and what was wrong', async () => {
    const problem = {
      code: 'http.bad_request',
      title: 'No.',
      request_id: 'req_2',
      errors: [{ pointer: 'since', detail: 'a date' }],
    };
    const headers = { 'content-type': 'application/problem+json', 'retry-after': '5' };
    vi.stubGlobal('fetch', async () => new Response(JSON.stringify(problem), { status: 400, headers }));
    const { sink, state } = sinkForTests();
    await expect(start(sink).done).rejects.toMatchObject({
      code: 'http.bad_request',
      status: 400,
      requestId: 'req_2',
      retryAfterSeconds: 5,
      errors: [{ pointer: 'since', detail: 'a date' }],
    });
    expect(state.end).toBe('discarded');
  });

  it('says so when the file cannot be written, and keeps nothing', async () => {
    answerWith(['[]\n']);
    const full = new Error('disk full');
    const { sink, state } = sinkForTests(full);
    await expect(start(sink).done).rejects.toBe(full);
    expect(state.end).toBe('discarded');
  });

  it('keeps nothing of a cancelled download, even one that had all its bytes', async () => {
    answerWith(['[]\n']);
    const controller = new AbortController();
    const { sink, state } = sinkForTests();
    const write = sink.write;
    sink.write = async (chunk) => {
      await write(chunk);
      controller.abort();
    };
    await expect(start(sink, 'json', controller.signal).done).rejects.toMatchObject({ name: 'AbortError' });
    expect(state.end).toBe('discarded');
  });
});
