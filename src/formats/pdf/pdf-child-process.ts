import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ConveyError, type ErrorKind, listErrorKinds } from '../../errors.ts';
import type { Transcript, TranscriptStyle } from '../documents/transcript.ts';
import { pdfFailed, pdfTimedOut, pdfTooLarge } from './pdf.errors.ts';
import type { FromPdfChild, ToPdfChild } from './pdf-messages.ts';

/** Where the child begins; run from source, it first loads what understands TypeScript. */
const ENTRY = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? './pdf-child.source.js' : './pdf-child.js', import.meta.url),
);
const LOOK_EVERY_MS = 100;
const MEMORY_OF_PROCESS = /^VmRSS:\s+(\d+) kB$/m;

/** What one document may take. */
export interface DocumentLimits {
  documentMs: number;
  /** Resident, of the whole child. Watched on Linux alone; the time limit holds everywhere. */
  memoryBytes: number;
}

export type Rendered = Extract<FromPdfChild, { type: 'done' }>;

/** One child process. After a failure that ended it, it is of no more use. */
export class PdfChild {
  readonly #process: ChildProcess;
  readonly #exited: Promise<unknown>;
  #style: TranscriptStyle | undefined;
  #hasEnded = false;

  constructor() {
    this.#process = fork(ENTRY, [], {
      serialization: 'advanced',
      execArgv: ['--max-old-space-size=512'],
      env: {}, // it needs none, and secrets are among them
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    this.#exited = once(this.#process, 'exit').catch(() => {});
    this.#process.on('error', () => this.end());
    this.#process.once('exit', () => this.end());
    this.#rest();
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /**
   * One document; one at a time.
   * @throws formats.pdf_failed, formats.pdf_timed_out, formats.pdf_too_large, and the signal's reason
   */
  async render(
    transcript: Transcript,
    style: TranscriptStyle,
    signal: AbortSignal,
    limits: DocumentLimits,
  ): Promise<Rendered> {
    this.#process.ref();
    this.#process.channel?.ref();
    const stops: (() => void)[] = [];
    try {
      return await new Promise<Rendered>((resolve, reject) => {
        const giveUp = (reason: unknown) => {
          this.end();
          reject(reason);
        };
        const died = () => giveUp(failure(pdfFailed, 'the child ended'));
        const answered = (reply: FromPdfChild) => {
          if (reply.type === 'done') resolve(reply);
          else
            reject(
              failure(listErrorKinds().find(({ code }) => code === reply.code) ?? pdfFailed, reply.message),
            );
        };
        const abort = () => giveUp(signal.reason);
        const timer = setTimeout(() => giveUp(failure(pdfTimedOut)), limits.documentMs);
        const watch = setInterval(() => {
          if (this.#memoryBytes() > limits.memoryBytes) giveUp(failure(pdfTooLarge));
        }, LOOK_EVERY_MS);
        this.#process.once('exit', died).once('error', died).on('message', answered);
        signal.addEventListener('abort', abort, { once: true });
        stops.push(
          () => clearTimeout(timer),
          () => clearInterval(watch),
          () => this.#process.off('exit', died).off('error', died).off('message', answered),
          () => signal.removeEventListener('abort', abort),
        );
        if (this.#style !== style) this.#send({ type: 'style', style }, died);
        this.#style = style;
        this.#send({ type: 'render', transcript }, died);
      });
    } finally {
      for (const stop of stops) stop();
      this.#rest();
    }
  }

  /** Ends it at once. */
  end(): void {
    this.#hasEnded = true;
    this.#process.kill('SIGKILL');
  }

  /** Ends it and waits until it is gone. */
  async close(): Promise<void> {
    this.end();
    if (
      this.#process.pid !== undefined &&
      this.#process.exitCode === null &&
      this.#process.signalCode === null
    )
      await this.#exited;
  }

  #send(message: ToPdfChild, onFailure: () => void): void {
    this.#process.send(message, (error) => {
      if (error !== null) onFailure();
    });
  }

  /** An idle child keeps nobody from ending. */
  #rest(): void {
    this.#process.unref();
    this.#process.channel?.unref();
  }

  #memoryBytes(): number {
    try {
      const status = readFileSync(`/proc/${this.#process.pid}/status`, 'latin1');
      return Number(MEMORY_OF_PROCESS.exec(status)?.[1] ?? 0) * 1024;
    } catch {
      return 0;
    }
  }
}

function failure(kind: ErrorKind, message?: string): ConveyError {
  return new ConveyError(kind, undefined, message === undefined ? {} : { cause: new Error(message) });
}
