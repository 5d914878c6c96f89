import { Worker } from 'node:worker_threads';
import { ConveyError } from '../../errors.ts';
import { badLogo } from './brand.errors.ts';
import { readImageHeader } from './read-image-header.ts';
import { findFault, type RecodedLogo } from './recode-logo.ts';

/** Where the thread begins; run from source, it first loads what understands TypeScript. */
const ENTRY = new URL(
  import.meta.url.endsWith('.ts') ? './logo-thread.source.js' : './logo-thread.js',
  import.meta.url,
);
const TIME_LIMIT_MS = 15_000;
const MEMORY_LIMIT_MB = 256;

/**
 * Takes a logo in: refuses what its header tells is none or too big, and has the rest decoded and written anew in a
 * thread with bounds on time and memory.
 * @throws access.bad_logo
 */
export async function checkLogo(bytes: Buffer): Promise<RecodedLogo> {
  const fault = findFault(readImageHeader(bytes));
  if (fault !== undefined) throw new ConveyError(badLogo, fault);
  const thread = new Worker(ENTRY, {
    execArgv: [],
    name: 'convey logo',
    workerData: new Uint8Array(bytes),
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_LIMIT_MB },
    stderr: true, // an image that is broken is not the log's business
  });
  const timer = setTimeout(() => void thread.terminate(), TIME_LIMIT_MS);
  try {
    return await new Promise<RecodedLogo>((resolve, reject) => {
      const refuse = (cause?: unknown) => reject(new ConveyError(badLogo, 'This one is damaged.', { cause }));
      thread.once(
        'message',
        ({ mediaType, bytes: recoded }: { mediaType: RecodedLogo['mediaType']; bytes: Uint8Array }) =>
          resolve({ mediaType, bytes: Buffer.from(recoded) }),
      );
      thread.once('error', refuse);
      thread.once('exit', () => refuse());
    });
  } finally {
    clearTimeout(timer);
    await thread.terminate();
  }
}
