import { download, type DownloadRequest, type Finished } from '../download.ts';
import { Failure } from '../failure.ts';
import { formatBytes, formatDuration } from '../format-amounts.ts';
import { canStreamToDisk, MEMORY_LIMIT_BYTES } from '../sinks.ts';
import { factList, failureNote } from './failure-note.ts';
import { h } from './h.ts';
import type { RunningDownloads } from './running-downloads.ts';

const REFRESH_MS = 250;

/** One export's download: a live counter with a way to stop it, then how it ended. */
export class TransferPanel {
  /** Spoken at the start and the end; the counter beside it would never let a screen reader finish. */
  readonly #status = h('div', { role: 'status' });
  /** The counter, or an alert. */
  readonly #shown = h('div', {});
  readonly element = h('div', {}, this.#shown, this.#status);
  readonly #running: RunningDownloads;
  /** Whether the focus was on the button that the end took away. */
  hadFocus = false;

  constructor(running: RunningDownloads) {
    this.#running = running;
  }

  /** Runs a download and shows it. Never throws: what goes wrong is shown. */
  async run(request: Omit<DownloadRequest, 'signal' | 'onProgress'>): Promise<void> {
    const controller = new AbortController();
    const { signal } = controller;
    const startedAt = performance.now();
    let bytes = 0;
    const amount = h('span', { class: 'amount' });
    const cancel = h('button', { type: 'button' }, 'Cancel');
    cancel.addEventListener('click', () => controller.abort());
    const refresh = () => {
      amount.textContent = describeProgress(bytes, performance.now() - startedAt);
    };
    refresh();
    const timer = setInterval(refresh, REFRESH_MS);
    this.#running.add(controller);
    this.#shown.replaceChildren(
      h('progress', { 'aria-label': 'Downloading' }),
      h('div', { class: 'meter' }, amount, cancel),
    );
    this.#status.replaceChildren(h('span', { class: 'spoken' }, 'Download started.'));
    try {
      const onProgress = (soFar: number) => {
        bytes = soFar;
      };
      const finished = await download({ ...request, signal, onProgress });
      this.#end(cancel, finishedNote(finished, performance.now() - startedAt));
    } catch (error) {
      if (signal.aborted) this.#end(cancel, cancelledNote(bytes));
      else this.#end(cancel, undefined, failureNote(Failure.of(error)));
    } finally {
      clearInterval(timer);
      this.#running.remove(controller);
    }
  }

  /** Shows why a download could not even begin. */
  showFailure(failure: Failure): void {
    this.#end(undefined, undefined, failureNote(failure));
  }

  #end(cancel: HTMLElement | undefined, status?: HTMLElement, alert?: HTMLElement): void {
    this.hadFocus = cancel !== undefined && document.activeElement === cancel;
    this.#shown.replaceChildren(...(alert ? [alert] : []));
    this.#status.replaceChildren(...(status ? [status] : []));
  }
}

function describeProgress(bytes: number, elapsedMs: number): string {
  const time = formatDuration(elapsedMs);
  if (bytes === 0) return `Waiting for the first bytes · ${time}`;
  const limit = canStreamToDisk() ? '' : ` of at most ${formatBytes(MEMORY_LIMIT_BYTES)}`;
  const rate = elapsedMs < 1000 ? '' : ` · ${formatBytes(Math.round((bytes / elapsedMs) * 1000))}/s`;
  return `${formatBytes(bytes)}${limit}${rate} · ${time}`;
}

function finishedNote({ name, bytes, exportId }: Finished, elapsedMs: number): HTMLElement {
  return h(
    'div',
    { class: 'note note-good' },
    h('p', { class: 'note-title' }, `Saved ${name}`),
    h(
      'p',
      {},
      `${formatBytes(bytes)}${elapsedMs < 1000 ? '' : ` in ${formatDuration(elapsedMs)}`}. It arrived whole.`,
    ),
    factList([['Export', exportId]]),
  );
}

function cancelledNote(bytes: number): HTMLElement {
  return h(
    'div',
    { class: 'note' },
    h('p', { class: 'note-title' }, 'Cancelled'),
    h(
      'p',
      {},
      bytes === 0
        ? 'Nothing had arrived yet.'
        : `The ${formatBytes(bytes)} that had arrived were thrown away.`,
    ),
  );
}
