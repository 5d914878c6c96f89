import { write } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { ConveyError } from '../errors.ts';
import type { ByteSink } from '../formats/byte-writer.ts';
import { renderExport } from './render-export.ts';
import type { FromRenderer, RenderFailure, ToRenderer } from './render-messages.ts';

// Entry of a rendering thread: rendering is one core's full work and must not hold up small requests.

const port = parentPort;
if (port === null) throw new Error('render-thread runs as a worker thread only');
const send = (message: FromRenderer) => port.postMessage(message);
const running = new Map<number, AbortController>();

port.on('message', (message: ToRenderer) => {
  if (message.type === 'abort') running.get(message.run)?.abort(new Error('the export was given up'));
  else void render(message);
});

async function render({ run, job, fd }: Extract<ToRenderer, { type: 'render' }>): Promise<void> {
  const controller = new AbortController();
  running.set(run, controller);
  try {
    const result = await renderExport(
      job,
      sinkOf(fd, (bytes) => send({ type: 'written', run, bytes })),
      {
        signal: controller.signal,
        onProgress: (progress) => send({ type: 'progress', run, ...progress }),
        onBackends: (pids) => send({ type: 'backends', run, pids }),
      },
    );
    send({ type: 'done', run, result });
  } catch (error) {
    send({ type: 'failed', run, failure: describe(error) });
  } finally {
    running.delete(run);
  }
}

/** Writes chunks one after the other at the end of the file, asynchronously. */
function sinkOf(fd: number, onWritten: (bytes: number) => void): ByteSink {
  let position = 0;
  return {
    async write(chunk) {
      for (let done = 0; done < chunk.length; ) {
        done += await writeAt(fd, chunk.subarray(done), position + done);
      }
      position += chunk.length;
      onWritten(position);
    },
  };
}

function writeAt(fd: number, bytes: Buffer, position: number): Promise<number> {
  return new Promise((resolve, reject) => {
    write(fd, bytes, 0, bytes.length, position, (error, count) => (error ? reject(error) : resolve(count)));
  });
}

function describe(error: unknown): RenderFailure {
  const { message, code } =
    error instanceof Error ? (error as Error & { code?: unknown }) : { message: String(error) };
  return {
    code: error instanceof ConveyError ? error.code : undefined,
    detail: error instanceof ConveyError ? error.detail : undefined,
    message,
    systemCode: typeof code === 'string' ? code : undefined,
  };
}
