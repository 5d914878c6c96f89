import { useCallback, useEffect, useRef, useState } from 'react';
import type { VerifyAnswer, VerifyQuestion } from './verify-messages.ts';

/** Where a verification is. */
export type VerifyState =
  | { is: 'idle' }
  | { is: 'running'; bytes: number; totalBytes: number }
  | { is: 'done'; ok: boolean; lines: readonly string[] }
  | { is: 'bad pin'; message: string }
  | { is: 'failed'; message: string };

/**
 * The verifier in a thread of its own, which is there from the moment the page is, so that it works without a
 * connection as well.
 */
export function useVerifier(): {
  state: VerifyState;
  /** How often it was asked: what is shown of one verification is not taken for the next one's. */
  run: number;
  ask: (question: VerifyQuestion) => void;
  stop: () => void;
} {
  const [state, setState] = useState<VerifyState>({ is: 'idle' });
  const [run, setRun] = useState(0);
  const thread = useRef<Worker>(undefined);
  const start = useCallback(() => {
    const worker = new Worker(new URL('./verify-worker.ts', import.meta.url), { type: 'module' });
    worker.addEventListener('message', ({ data }: MessageEvent<VerifyAnswer>) => setState(stateOf(data)));
    worker.addEventListener('error', ({ message }) => setState({ is: 'failed', message }));
    thread.current = worker;
  }, []);
  useEffect(() => {
    start();
    return () => thread.current?.terminate();
  }, [start]);
  return {
    state,
    run,
    ask: (question) => {
      setRun((before) => before + 1);
      setState({ is: 'running', bytes: 0, totalBytes: 0 });
      thread.current?.postMessage(question);
    },
    stop: () => {
      thread.current?.terminate();
      setState({ is: 'idle' });
      start();
    },
  };
}

function stateOf(answer: VerifyAnswer): VerifyState {
  if ('ok' in answer) return { is: 'done', ...answer };
  if ('badPin' in answer) return { is: 'bad pin', message: answer.badPin };
  if ('failure' in answer) return { is: 'failed', message: answer.failure };
  return { is: 'running', ...answer };
}
