import type { StoreAddress } from '../../storage/open-encrypted-store.ts';
import type { RenderJob, RenderResult } from './render-files.ts';
import type { RenderProgress } from './tell-progress.ts';

/** What a rendering thread is started with. */
export interface ThreadData {
  /** Where rendered objects go. */
  store: StoreAddress;
  /** It takes only what everything else leaves over. */
  givesWay: boolean;
}

/** Where rendered bytes go: an open file of this process, or a new object of the store. */
export type RenderTarget = { fd: number } | { objectKey: string };

/** From the server to a rendering thread. */
export type ToRenderer =
  | { type: 'render'; run: number; job: RenderJob; target: RenderTarget }
  | { type: 'abort'; run: number };

/** An error that crossed a thread: its code if it has one, else only its message. */
export interface RenderFailure {
  code: string | undefined;
  detail: string | undefined;
  message: string;
  /** `ENOSPC`, `57P01`, …: what the system or the database calls it. */
  systemCode: string | undefined;
}

/** From a rendering thread to the server. `bytes` are on the disk. */
export type FromRenderer =
  | { type: 'written'; run: number; bytes: number }
  | { type: 'progress'; run: number; progress: RenderProgress }
  | { type: 'backends'; run: number; pids: readonly number[] }
  | { type: 'done'; run: number; result: RenderResult }
  | { type: 'failed'; run: number; failure: RenderFailure };
