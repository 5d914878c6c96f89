import { statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { silentLog as log } from '../../log.ts';
import { loadPasswords } from './cluster-passwords.ts';
import { ACCESS_FILE, settingsFile } from './cluster-settings.ts';
import { FAST, makeScratch, removeScratch } from './holder.fixture.ts';
import { findProcessMark, listServersOf } from './host/process-identity.ts';
import { type Cluster, ensureCluster } from './init-cluster.ts';
import { prepareBinaries } from './native-binaries.ts';
import { placeCluster } from './place-cluster.ts';
import { hasEnded, isPortTaken, launchPostgres, stopPostgres, waitUntilReady } from './postgres-process.ts';
import { boundLog } from './supervise-postgres.ts';

let scratch: string;

async function makeCluster(settings: Record<string, string>): Promise<Cluster> {
  const folders = { stateRoot: join(scratch, 'state'), temporaryFolder: join(scratch, 'tmp') };
  const place = await placeCluster(join(scratch, 'home'), folders, log);
  const passwords = await loadPasswords(place.homeFolder);
  const binaries = await prepareBinaries({ ...place, cacheFolders: [join(scratch, 'cache')] });
  const cluster = { ...place, binaries, passwords, log };
  writeFileSync(join(place.stateDir, 'postgresql.conf'), settingsFile(settings));
  writeFileSync(join(place.stateDir, 'pg_hba.conf'), ACCESS_FILE);
  await ensureCluster(cluster);
  return cluster;
}

beforeEach(() => {
  scratch = makeScratch();
});

afterEach(() => removeScratch(scratch));

test('a port that somebody else has is told from every other failure', async () => {
  const cluster = await makeCluster(FAST);
  const squatter = createServer();
  const port = await new Promise<number>((resolve) => {
    squatter.listen(0, '127.0.0.1', () => resolve((squatter.address() as { port: number }).port));
  });
  const error: unknown = await launchPostgres(cluster, port).catch((it: unknown) => it);
  expect(error).toMatchObject({ code: 'database.start_failed' });
  expect(isPortTaken(error)).toBe(true);
  await new Promise((resolve) => squatter.close(resolve));

  const server = await launchPostgres(cluster, port);
  expect(hasEnded(server)).toBe(false);
  await stopPostgres(cluster, server);
  expect(hasEnded(server)).toBe(true);

  writeFileSync(join(cluster.stateDir, 'postgresql.conf'), settingsFile({ shared_buffers: 'plenty' }));
  const other: unknown = await launchPostgres(cluster, port).catch((it: unknown) => it);
  expect(other).toMatchObject({ code: 'database.start_failed' });
  expect(isPortTaken(other)).toBe(false);
  expect(listServersOf(cluster.dataDir)).toEqual([]);
}, 60_000);

test('the file of an earlier server with the same process id does not make a new one ready', async () => {
  const stale = `${process.pid}\n${scratch}\n1\n5432\n\n127.0.0.1\n1 1\nready\n`;
  writeFileSync(join(scratch, 'postmaster.pid'), stale);
  const server = { pid: process.pid, mark: findProcessMark(process.pid) ?? '', port: 5432 };
  const cluster = { dataDir: scratch, log };
  expect(await waitUntilReady(cluster, server)).toBe(true);
  const signal = AbortSignal.timeout(200);
  await expect(waitUntilReady(cluster, server, { signal, stale })).rejects.toMatchObject({
    name: 'AbortError',
  });
});

test("the server's log is cut when it has grown, and what was in it kept once", async () => {
  const path = join(scratch, 'postgres.log');
  writeFileSync(path, 'x'.repeat(1_000));
  await boundLog({ stateDir: scratch }, 1_000);
  expect(statSync(path).size).toBe(1_000);
  await boundLog({ stateDir: scratch }, 999);
  expect(statSync(path).size).toBe(0);
  expect(statSync(`${path}.1`).size).toBe(1_000);
});
