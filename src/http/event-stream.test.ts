import { expect, test } from 'vitest';
import { frameEvents, type StreamedEvent } from './event-stream.ts';

async function collect(source: AsyncIterable<StreamedEvent>, heartbeatMs: number): Promise<string[]> {
  const frames: string[] = [];
  for await (const frame of frameEvents(source, heartbeatMs)) frames.push(frame.toString());
  return frames;
}

test('events are framed as browsers read them: how long to wait before a new try, then id, name and one line of data', async () => {
  const frames = await collect(
    (async function* () {
      yield { event: 'export', data: { text: 'two\nlines' } };
      yield { event: 'end', id: 'ended', data: {} };
    })(),
    60_000,
  );
  expect(frames).toEqual([
    'retry: 3000\n\n',
    'event: export\ndata: {"text":"two\\nlines"}\n\n',
    'id: ended\nevent: end\ndata: {}\n\n',
  ]);
});

test('a source that is silent is filled with comments, and no event is lost or doubled by them', async () => {
  let beats = 0;
  let go: () => void = () => {};
  const gate = new Promise<void>((resolve) => {
    go = resolve;
  });
  const frames: string[] = [];
  const source = (async function* () {
    await gate;
    yield { event: 'export', data: { n: 1 } };
  })();
  for await (const frame of frameEvents(source, 5)) {
    frames.push(frame.toString());
    if (frame.toString().startsWith(':') && ++beats === 3) go();
  }
  expect(frames.filter((frame) => frame.startsWith('event'))).toEqual(['event: export\ndata: {"n":1}\n\n']);
  expect(beats).toBeGreaterThanOrEqual(3);
});

test('a reader that leaves ends the source', async () => {
  let isOver = false;
  const source = (async function* () {
    try {
      for (let n = 0; ; n++) yield { event: 'export', data: { n } };
    } finally {
      isOver = true;
    }
  })();
  const frames = frameEvents(source, 60_000);
  await frames.next();
  await frames.next();
  await frames.return(undefined);
  await new Promise((done) => setImmediate(done));
  expect(isOver).toBe(true);
});

test('a source that fails fails the stream, so that it is cut and not ended', async () => {
  // oxlint-disable-next-line require-yield
  const source = (async function* (): AsyncGenerator<StreamedEvent> {
    throw new Error('the database is gone');
  })();
  await expect(collect(source, 60_000)).rejects.toThrow('the database is gone');
});
