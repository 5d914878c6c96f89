import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { applyTold, readAgain, type ToldExport } from './told-export.ts';

/** A stream that was refused is asked for again after so long. */
const TRY_AGAIN_MS = 15_000;
/** While there is no stream, what is shown is read again so often. */
const POLL_MS = 4_000;

/**
 * Keeps what is shown of exports as it is on the server, through one stream of events for the page. A stream that
 * breaks is taken up again by the browser; until then, and while it is refused, what is shown is read again and again.
 * @param options.id of the one export to watch; without, all that the viewer sees
 * @param options.isOn false: nothing is watched
 * @returns whether the stream stands
 */
export function useLiveExports({ id, isOn = true }: { id?: string; isOn?: boolean } = {}): boolean {
  const queries = useQueryClient();
  const [isLive, setIsLive] = useState(true);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    if (!isOn) return;
    const source = new EventSource(id === undefined ? '/v1/exports/events' : `/v1/exports/${id}/events`);
    let polling: ReturnType<typeof setInterval> | undefined;
    let again: ReturnType<typeof setTimeout> | undefined;
    source.addEventListener('open', () => {
      setIsLive(true);
      if (polling === undefined) return;
      clearInterval(polling);
      polling = undefined;
      readAgain(queries, id); // what happened since the last look
    });
    source.addEventListener('error', () => {
      setIsLive(false);
      // At once, which tells a server that is away from a stream alone that broke; then now and then.
      if (polling === undefined) readAgain(queries, id);
      polling ??= setInterval(() => readAgain(queries, id), POLL_MS);
      // Refused: a browser does not come again by itself.
      if (source.readyState === EventSource.CLOSED)
        again ??= setTimeout(() => setAttempt((before) => before + 1), TRY_AGAIN_MS);
    });
    const states = new Map<string, ToldExport['status']>();
    source.addEventListener('export', ({ data }: MessageEvent<string>) => {
      const told = JSON.parse(data) as ToldExport;
      applyTold(queries, told, states.get(told.job_id));
      states.set(told.job_id, told.status);
    });
    // There is nothing more to tell, or the viewer may not see it any more: reading says which.
    source.addEventListener('end', () => {
      source.close();
      readAgain(queries, id);
    });
    return () => {
      source.close();
      clearInterval(polling);
      clearTimeout(again);
    };
  }, [id, isOn, attempt, queries]);
  return isLive;
}
