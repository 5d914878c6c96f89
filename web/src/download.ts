import { callApi } from './api.ts';
import { EndMark } from './end-mark.ts';
import type { FileType } from './export-kinds.ts';
import { Failure, factsOf } from './failure.ts';
import { formatBytes } from './format-amounts.ts';
import type { Sink } from './sinks.ts';

export interface DownloadRequest {
  address: string;
  key: string;
  fileType: FileType;
  sink: Sink;
  /** Cancels, also on the server: an export whose reader has left ends. */
  signal: AbortSignal;
  /** Bytes so far. */
  onProgress: (bytes: number) => void;
}

export interface Finished {
  /** Name that the file was saved under. */
  name: string;
  bytes: number;
  exportId?: string;
}

/**
 * Streams an export's reply into a sink. Either the whole file is there when it returns, or it throws a
 * `Failure` (the signal's reason when cancelled) and nothing that arrived is kept.
 */
export async function download(request: DownloadRequest): Promise<Finished> {
  const { address, key, sink, signal } = request;
  try {
    const response = await callApi(address, key, signal);
    const serverName = fileNameOf(response);
    const bytes = await receive(response, request);
    signal.throwIfAborted();
    const { exportId } = factsOf(response);
    return { name: await sink.finish(serverName), bytes, ...(exportId !== undefined && { exportId }) };
  } catch (error) {
    await sink.discard().catch(() => undefined); // what went wrong first is what counts
    throw error;
  }
}

/** Reads the body to its end. */
async function receive(response: Response, request: DownloadRequest): Promise<number> {
  const { sink, signal, onProgress, fileType } = request;
  const reader = response.body!.getReader();
  const endMark = new EndMark(fileType);
  let bytes = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((error: unknown) => {
        signal.throwIfAborted();
        throw brokenTransfer(response, bytes, error);
      });
      if (done) break;
      await sink.write(value); // the next piece is asked for when this one is down
      endMark.see(value);
      bytes += value.length;
      onProgress(bytes);
    }
  } catch (error) {
    await reader.cancel().catch(() => undefined);
    throw error;
  }
  if (!endMark.isWhole()) throw incomplete(response, bytes);
  return bytes;
}

/** The name in Content-Disposition; a reply without one is no export, whatever its status says. */
function fileNameOf(response: Response): string {
  const disposition = response.headers.get('content-disposition') ?? '';
  const name = /^attachment;.*filename="([^"/\\]+)"/.exec(disposition)?.[1];
  if (name !== undefined) return name;
  void response.body?.cancel();
  throw new Failure({
    ...factsOf(response),
    code: 'web.unexpected_reply',
    title: 'The answer is not an export.',
    detail: 'Something between this page and Convey may have answered instead.',
  });
}

function brokenTransfer(response: Response, bytes: number, cause: unknown): Failure {
  return new Failure(
    {
      ...factsOf(response),
      code: 'web.broken_transfer',
      title: `The transfer broke off after ${formatBytes(bytes)}.`,
      detail:
        'What had arrived was thrown away, since it is not the whole export. The server breaks a transfer ' +
        'off when an export fails; its log, under the ids below, says why. Otherwise try again.',
    },
    { cause },
  );
}

function incomplete(response: Response, bytes: number): Failure {
  return new Failure({
    ...factsOf(response),
    code: 'web.incomplete_file',
    title: `The file ended early, after ${formatBytes(bytes)}.`,
    detail:
      'It lacks the end that every whole export has, so it was thrown away. Something between this page ' +
      'and Convey, such as a proxy, may have cut it short. Try again.',
  });
}
