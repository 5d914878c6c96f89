import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLog } from '../../log.ts';
import { makeScratch, removeScratch } from './holder.fixture.ts';
import { getNobody, isRoot } from './host/service-user.ts';
import { type ClusterPlace, placeCluster } from './place-cluster.ts';

let scratch: string;
let logged = '';
const log = createLog((line) => {
  logged += line;
});

function place(home: string): Promise<ClusterPlace> {
  const folders = { stateRoot: join(scratch, 'state'), temporaryFolder: join(scratch, 'tmp') };
  return placeCluster(join(scratch, home), folders, log);
}

/** Places a home whose folder only root may enter, as if its cluster had been made. */
async function placeClosed(): Promise<ClusterPlace> {
  mkdirSync(join(scratch, 'home'), { mode: 0o700 });
  const placed = await place('home');
  mkdirSync(placed.dataDir);
  return placed;
}

beforeEach(() => {
  scratch = makeScratch();
  logged = '';
});

afterEach(() => removeScratch(scratch));

test('a home that everybody may enter holds its database itself', async () => {
  const placed = await place('home');
  expect(placed.stateDir).toBe(join(scratch, 'home', 'postgres'));
  expect(placed.user).toEqual(isRoot() ? getNobody() : undefined);
});

test.skipIf(!isRoot())(
  'a home closed to others points at a folder of its own, once and for all',
  async () => {
    const placed = await placeClosed();
    expect(placed.stateDir.startsWith(join(scratch, 'state'))).toBe(true);
    expect(logged).toContain('its files are kept elsewhere');
    chmodSync(join(scratch, 'home'), 0o755);
    expect((await place('home')).stateDir).toBe(placed.stateDir);
  },
);

test.skipIf(!isRoot())('starters of a closed home at once agree on one folder', async () => {
  mkdirSync(join(scratch, 'home'), { mode: 0o700 });
  const placed = await Promise.all(Array.from({ length: 10 }, () => place('home')));
  expect(new Set(placed.map((it) => it.stateDir)).size).toBe(1);
  expect(readdirSync(join(scratch, 'state')).length).toBe(1);
});

test.skipIf(!isRoot())('a moved home keeps its database, a copied one is refused', async () => {
  const { stateDir } = await placeClosed();
  cpSync(join(scratch, 'home'), join(scratch, 'copy'), { recursive: true });
  await expect(place('copy')).rejects.toMatchObject({ code: 'database.home_copied' });
  rmSync(join(scratch, 'copy'), { recursive: true });
  renameSync(join(scratch, 'home'), join(scratch, 'moved'));
  expect((await place('moved')).stateDir).toBe(stateDir);
  expect(readFileSync(join(stateDir, 'home'), 'utf8')).toBe(join(scratch, 'moved', 'postgres'));
});

test.skipIf(!isRoot())(
  'a home that was deleted starts empty, and its old data is named, not taken',
  async () => {
    const { stateDir } = await placeClosed();
    rmSync(join(scratch, 'home'), { recursive: true });
    mkdirSync(join(scratch, 'home'), { mode: 0o700 });
    expect((await place('home')).stateDir).not.toBe(stateDir);
    expect(logged).toContain('A database is left over');
    expect(logged).toContain(stateDir);
  },
);

test.skipIf(!isRoot())('a temporary home has a temporary database, which goes with it', async () => {
  const states = join(scratch, 'tmp', 'convey-postgres-state');
  for (const name of ['one', 'two']) {
    mkdirSync(join(scratch, 'tmp', name), { mode: 0o700 });
    mkdirSync((await place(`tmp/${name}`)).dataDir);
  }
  expect(readdirSync(states).length).toBe(2);
  rmSync(join(scratch, 'tmp', 'one'), { recursive: true });
  const { stateDir } = await place('tmp/two');
  expect(readdirSync(states)).toEqual([basename(stateDir)]);
  chmodSync(states, 0o777);
  mkdirSync(join(scratch, 'tmp', 'three'), { mode: 0o700 });
  await expect(place('tmp/three')).rejects.toMatchObject({ code: 'database.home_unreachable' });
});

test.skipIf(!isRoot())(
  'a home whose data is gone from where it points is refused, not started empty',
  async () => {
    const { stateDir } = await placeClosed();
    rmSync(stateDir, { recursive: true });
    await expect(place('home')).rejects.toMatchObject({ code: 'database.data_missing' });
  },
);

test.skipIf(!isRoot())(
  'a home with data that was closed to others later is refused, not started empty',
  async () => {
    mkdirSync((await place('home')).dataDir);
    chmodSync(join(scratch, 'home'), 0o700);
    await expect(place('home')).rejects.toMatchObject({ code: 'database.home_unreachable' });
  },
);
