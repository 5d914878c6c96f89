import type { Log } from '../log.ts';

/** One step of stopping; steps run in order, and the next begins when one is done or out of time. */
export interface ShutdownPhase {
  name: string;
  timeoutMs: number;
  run: () => Promise<void>;
}

export interface ShutdownOptions {
  log: Log;
  phases: readonly ShutdownPhase[];
  signals?: readonly NodeJS.Signals[];
  exit?: (code: number) => void;
}

/**
 * Stops the process in order on SIGINT or SIGTERM: every phase gets its time and no more, then it exits, with
 * 1 if a phase failed or ran out of time. A second signal exits at once.
 * @returns a function to stop for another reason, with the same effect
 */
export function stopOnSignals({
  log,
  phases,
  signals = ['SIGINT', 'SIGTERM'],
  exit = (code) => process.exit(code),
}: ShutdownOptions): (reason: string) => Promise<void> {
  let stopping: Promise<void> | undefined;
  const stop = (reason: string): Promise<void> => {
    stopping ??= runPhases(reason);
    return stopping;
  };
  const runPhases = async (reason: string) => {
    log.info('stopping', { reason });
    let isClean = true;
    for (const phase of phases) {
      const problem = await runPhase(phase);
      if (problem === undefined) continue;
      isClean = false;
      log.error('a step of stopping failed', { phase: phase.name, error: problem });
    }
    exit(isClean ? 0 : 1);
  };
  for (const signal of signals) {
    process.on(signal, () => {
      if (stopping !== undefined) exit(1);
      void stop(signal);
    });
  }
  return stop;
}

async function runPhase({ run, timeoutMs }: ShutdownPhase): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`not done after ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    await Promise.race([run(), late]);
    return undefined;
  } catch (error) {
    return error;
  } finally {
    clearTimeout(timer);
  }
}
