import { afterEach, describe, expect, it } from 'vitest';
import { createLog, silentLog } from '../log.ts';
import { stopOnSignals } from './shutdown.ts';

/** Signals nobody else sends here. */
const signals = ['SIGUSR2'] as const;
afterEach(() => process.removeAllListeners('SIGUSR2'));

function exits() {
  const codes: number[] = [];
  const waiting: ((code: number) => void)[] = [];
  return {
    codes,
    exit: (code: number) => {
      codes.push(code);
      for (const resolve of waiting) resolve(code);
    },
    next: () => new Promise<number>((resolve) => waiting.push(resolve)),
  };
}

describe('stopOnSignals', () => {
  it('runs its steps in order on a signal, then exits with 0', async () => {
    const ran: string[] = [];
    const { exit, next } = exits();
    const phase = (name: string) => ({
      name,
      timeoutMs: 1000,
      run: async () => {
        await new Promise((resolve) => setImmediate(resolve));
        ran.push(name);
      },
    });
    stopOnSignals({ log: silentLog, phases: [phase('server'), phase('database')], signals, exit });
    const code = next();
    process.emit('SIGUSR2');
    expect(await code).toBe(0);
    expect(ran).toEqual(['server', 'database']);
  });

  it('goes on after a step that fails or hangs, says which, and exits with 1', async () => {
    const lines: string[] = [];
    const { exit, codes } = exits();
    let isClosed = false;
    const stop = stopOnSignals({
      log: createLog((line) => lines.push(line)),
      signals,
      exit,
      phases: [
        { name: 'hangs', timeoutMs: 5, run: () => new Promise(() => {}) },
        { name: 'fails', timeoutMs: 1000, run: () => Promise.reject(new Error('broken')) },
        {
          name: 'throws',
          timeoutMs: 1000,
          run: () => {
            throw new Error('early');
          },
        },
        {
          name: 'closes',
          timeoutMs: 1000,
          run: async () => {
            isClosed = true;
          },
        },
      ],
    });
    await stop('a test');
    expect(isClosed).toBe(true);
    expect(codes).toEqual([1]);
    const errors = lines.map((line) => JSON.parse(line)).filter(({ level }) => level === 'error');
    expect(errors.map(({ phase, error }) => [phase, error.message])).toEqual([
      ['hangs', 'not done after 5 ms'],
      ['fails', 'broken'],
      ['throws', 'early'],
    ]);
  });

  it('exits at once on a second signal', async () => {
    const { exit, codes } = exits();
    stopOnSignals({
      log: silentLog,
      signals,
      exit,
      phases: [{ name: 'hangs', timeoutMs: 60_000, run: () => new Promise(() => {}) }],
    });
    process.emit('SIGUSR2');
    expect(codes).toEqual([]);
    process.emit('SIGUSR2');
    expect(codes).toEqual([1]);
  });

  it('stops once, however many reasons come', async () => {
    let runs = 0;
    const { exit, codes } = exits();
    const phases = [{ name: 'x', timeoutMs: 1000, run: async () => void (runs += 1) }];
    const stop = stopOnSignals({ log: silentLog, phases, signals, exit });
    await Promise.all([stop('one'), stop('two')]);
    expect(runs).toBe(1);
    expect(codes).toEqual([0]);
  });
});
