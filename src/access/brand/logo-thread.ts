import { parentPort, workerData } from 'node:worker_threads';
import { recodeLogo } from './recode-logo.ts';

// Entry of the thread that recodes one logo.

const { mediaType, bytes } = recodeLogo(Buffer.from(workerData as Uint8Array));
parentPort?.postMessage({ mediaType, bytes });
