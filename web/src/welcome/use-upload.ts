import { useEffect, useRef, useState } from 'react';
import { api } from '../api/client.ts';
import { queryClient } from '../api/query-client.ts';
import { RefusedError } from '../api/problem.ts';
import { uploadFile } from './upload-file.ts';

interface Failed {
  error: unknown;
  file: File;
  /** The import that still waits for the file; missing: there is none. */
  importId: string | undefined;
}

/** Uploads a file to an import of its own, again if the connection broke, or not after all. */
export function useUpload(onArrived: (importId: string, file: string) => Promise<void>): {
  /** What is on its way. */
  sending: { file: File; bytes: number } | undefined;
  failed: Failed | undefined;
  /** Sends a file; to the import that waits since the connection broke, if there is one. */
  send: (file: File) => Promise<void>;
  /** Gives up what is on its way, or waits. */
  discard: () => Promise<void>;
} {
  const [sending, setSending] = useState<{ file: File; bytes: number }>();
  const [failed, setFailed] = useState<Failed>();
  const stop = useRef<AbortController>(undefined);
  const isLeft = useRef(false);
  useEffect(() => {
    isLeft.current = false;
    return () => {
      isLeft.current = true;
    };
  }, []);

  const send = async (file: File) => {
    const abort = new AbortController();
    stop.current = abort;
    let importId = failed?.importId;
    setFailed(undefined);
    setSending({ file, bytes: 0 });
    try {
      importId ??= await beginImport();
      await uploadFile(importId, file, {
        onProgress: (bytes) => setSending({ file, bytes }),
        signal: abort.signal,
      });
      await refreshList();
      // Who went on to another page meanwhile stays there, and finds it in the list.
      if (!isLeft.current) await onArrived(importId, file.name);
    } catch (error) {
      // What was refused would be refused again; only a connection that broke may come back.
      const mayGoOn = !abort.signal.aborted && !(error instanceof RefusedError && error.status < 500);
      if (importId !== undefined && !mayGoOn) await withdraw(importId);
      else await refreshList();
      if (!abort.signal.aborted) setFailed({ error, file, importId: mayGoOn ? importId : undefined });
    } finally {
      setSending(undefined);
    }
  };

  const discard = async () => {
    stop.current?.abort(new Error('given up'));
    if (failed?.importId !== undefined) await withdraw(failed.importId);
    setFailed(undefined);
  };
  return { sending, failed, send, discard };
}

async function beginImport(): Promise<string> {
  const { data } = await api.POST('/v1/imports', { body: { source: 'files' } });
  return data!.id;
}

/** Without a connection it stays in the list of imports, where it can be discarded, and goes by itself. */
async function withdraw(importId: string): Promise<void> {
  await api.DELETE('/v1/imports/{id}', { params: { path: { id: importId } } }).catch(() => undefined);
  await refreshList();
}

const refreshList = () => queryClient.invalidateQueries({ queryKey: ['get', '/v1/imports'] });
