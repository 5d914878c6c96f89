import { parentPort, workerData } from 'node:worker_threads';
import { lowerOwnPriority } from '../../background-priority.ts';
import { ConveyError } from '../../errors.ts';
import type { ByteSink } from '../../formats/byte-writer.ts';
import { renderFiles } from './render-files.ts';
import type { ObjectStore } from '../../storage/object-store.ts';
import { openEncryptedStore } from '../../storage/open-encrypted-store.ts';
import type { FromRenderer, RenderFailure, RenderTarget, ThreadData, ToRenderer } from './render-messages.ts';
import { type ClosableSink, fileSink, objectSink } from './sinks.ts';

// Entry of a rendering thread: rendering is one core's full work and must not hold up small requests. What gives way has
// threads of its own, since a priority that was lowered cannot be raised again.

const { store: storeAddress, givesWay } = workerData as ThreadData;
if (givesWay) lowerOwnPriority();
const port = parentPort;
if (port === null) throw new Error('render-thread runs as a worker thread only');
const send = (message: FromRenderer) => port.postMessage(message);
const running = new Map<number, AbortController>();
let store: Promise<ObjectStore> | undefined;

port.on('message', (message: ToRenderer) => {
  if (message.type === 'abort') running.get(message.run)?.abort(new Error('the export was given up'));
  else void render(message);
});

async function render({ run, job, target }: Extract<ToRenderer, { type: 'render' }>): Promise<void> {
  const controller = new AbortController();
  running.set(run, controller);
  const { signal } = controller;
  try {
    const sink = await openSink(target, signal);
    const onWritten = (bytes: number) => send({ type: 'written', run, bytes });
    try {
      const result = await renderFiles(job, counted(sink, onWritten), {
        signal,
        onProgress: (progress) => send({ type: 'progress', run, progress }),
        onBackends: (pids) => send({ type: 'backends', run, pids }),
        openObject: async (key, signal) => (await openStore()).open(key, { signal }),
      });
      await sink.end();
      send({ type: 'done', run, result });
    } catch (error) {
      await sink.abandon(error);
      throw error;
    }
  } catch (error) {
    send({ type: 'failed', run, failure: describe(error) });
  } finally {
    running.delete(run);
  }
}

async function openSink(target: RenderTarget, signal: AbortSignal): Promise<ClosableSink> {
  if ('fd' in target) return fileSink(target.fd);
  return objectSink(await openStore(), target.objectKey, signal);
}

/** Once; but a store that was away comes back, so a failure is not kept. */
function openStore(): Promise<ObjectStore> {
  store ??= openEncryptedStore(storeAddress).catch((error: unknown) => {
    store = undefined;
    throw error;
  });
  return store;
}

/** Tells after each chunk how much is written. */
function counted(sink: ByteSink, onWritten: (bytes: number) => void): ByteSink {
  let bytes = 0;
  return {
    async write(chunk) {
      await sink.write(chunk);
      bytes += chunk.length;
      onWritten(bytes);
    },
  };
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
