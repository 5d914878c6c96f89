import { readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { cp, mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { silentLog as log } from '../../log.ts';
import { acquireLock } from './cluster-lock.ts';
import { makeScratch, removeScratch } from './holder.fixture.ts';
import { findProcessMark, machineMark } from './host/process-identity.ts';

let dir: string;

beforeEach(() => {
  dir = makeScratch();
});

afterEach(() => removeScratch(dir));

/** Leaves a lock as some process would have. */
async function leaveLock(fields: object, name = 'lock-1'): Promise<string> {
  const record = {
    pid: process.pid,
    mark: findProcessMark(process.pid),
    machine: machineMark(),
    folder: (await stat(dir)).ino,
    isReleased: false,
  };
  const path = join(dir, name);
  writeFileSync(path, JSON.stringify({ ...record, ...fields }));
  return path;
}

test('a held lock is refused and a released one given', async () => {
  const lock = await acquireLock(dir, { log });
  await expect(acquireLock(dir, { log })).rejects.toMatchObject({ code: 'database.home_in_use' });
  await lock.release();
  await lock.release();
  await (await acquireLock(dir, { log })).release();
});

test('of fifty starters after a dead holder exactly one wins, time after time', async () => {
  const dead = spawnSync(process.execPath, ['-e', '']).pid;
  await leaveLock({ pid: dead, mark: '1' });
  for (let round = 0; round < 20; round++) {
    const tries = await Promise.allSettled(Array.from({ length: 50 }, () => acquireLock(dir, { log })));
    const won = tries.flatMap((it) => (it.status === 'fulfilled' ? [it.value] : []));
    expect(won.length).toBe(1);
    await won[0]?.release();
  }
  expect(readdirSync(dir).length).toBeLessThan(12);
});

test('a process id that was given to another process since does not hold the lock', async () => {
  await leaveLock({ mark: 'started long ago' });
  await (await acquireLock(dir, { log })).release();
});

test('a torn lock file, which only a power cut leaves, does not hold', async () => {
  writeFileSync(join(dir, 'lock-7'), '{"pid":');
  await (await acquireLock(dir, { log })).release();
  expect(readdirSync(dir)).toContain('lock-8');
});

test('a folder copied from under a live holder is free', async () => {
  const lock = await acquireLock(dir, { log });
  const copy = join(dir, 'copy');
  await mkdir(copy);
  await cp(join(dir, 'lock-1'), join(copy, 'lock-1'));
  await (await acquireLock(copy, { log })).release();
  await lock.release();
});

test('a lock from another machine holds while its file is touched', async () => {
  const path = await leaveLock({ machine: 'another' });
  const touch = setInterval(() => utimesSync(path, new Date(), new Date()), 100);
  try {
    await expect(acquireLock(dir, { log })).rejects.toMatchObject({ code: 'database.home_in_use' });
  } finally {
    clearInterval(touch);
  }
  await expect(acquireLock(dir, { log, signal: AbortSignal.timeout(500) })).rejects.toThrow();
}, 30_000);

test('a lock from another machine is free when nobody has touched it for long', async () => {
  const path = await leaveLock({ machine: 'another' });
  const before = new Date(Date.now() - 3_600_000);
  utimesSync(path, before, before);
  await (await acquireLock(dir, { log })).release();
});

test('a starter that stalled while others came and went does not hold by making an old number again', async () => {
  // It looks at 12 for long; meanwhile 13 to 20 happen, and 13 is history that was removed.
  await leaveLock({ machine: 'another' }, 'lock-12');
  const stalled = acquireLock(dir, { log });
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  await leaveLock({}, 'lock-20');
  await expect(stalled).rejects.toMatchObject({ code: 'database.home_in_use' });
  expect(readdirSync(dir).filter((name) => name.startsWith('lock-'))).toEqual(['lock-12', 'lock-20']);
}, 30_000);
