import { type Problem, RefusedError } from '../api/problem.ts';
import { languageHeader } from '../texts/chosen-language.ts';

/**
 * Uploads a file to an import as it is on the disk; the browser reads it while it sends. (`fetch` could not tell how far
 * it is.) Throws `RefusedError`, or an Error when the connection broke.
 */
export function uploadFile(
  importId: string,
  file: File,
  { onProgress, signal }: { onProgress?: (bytes: number) => void; signal?: AbortSignal } = {},
): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('PUT', `/v1/imports/${importId}/files/${encodeURIComponent(file.name)}`);
    const headers = { 'content-type': 'application/octet-stream', ...languageHeader() };
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.addEventListener('progress', ({ loaded }) => onProgress?.(loaded));
    request.addEventListener('load', () => {
      if (request.status < 300) resolve();
      else reject(new RefusedError(request.status, problemIn(request)));
    });
    request.addEventListener('error', () => reject(new Error('the connection broke')));
    request.addEventListener('abort', () => reject(signal?.reason as Error));
    signal?.addEventListener('abort', () => request.abort());
    request.send(file);
  });
}

function problemIn(request: XMLHttpRequest): Problem | undefined {
  const type = request.getResponseHeader('content-type') ?? '';
  return type.startsWith('application/problem+json')
    ? (JSON.parse(request.responseText) as Problem)
    : undefined;
}
