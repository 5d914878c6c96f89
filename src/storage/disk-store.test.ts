import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { DiskStore } from './disk-store.ts';
import { describeObjectStore } from './store-contract.ts';
import { listKeys, readAll } from './store-contract-probes.ts';

/** Set to make the next handles fail at their n-th write, as a disk does that has run full. */
const fault = vi.hoisted(() => ({
  writesLeft: Number.POSITIVE_INFINITY,
  code: 'ENOSPC',
  /** What another process does just before the next rename. */
  beforeRename: async (): Promise<void> => {},
}));

vi.mock('node:fs/promises', async (importOriginal) => {
  const original = await importOriginal<typeof import('node:fs/promises')>();
  return {
    ...original,
    rename: async (from: string, to: string) => {
      await fault.beforeRename();
      await original.rename(from, to);
    },
    open: async (...values: Parameters<typeof original.open>) => {
      const handle = await original.open(...values);
      const write = handle.write.bind(handle) as (...given: unknown[]) => Promise<unknown>;
      handle.write = ((...given: unknown[]) => {
        if (fault.writesLeft-- > 0) return write(...given);
        throw Object.assign(new Error('write failed'), { code: fault.code, syscall: 'write' });
      }) as typeof handle.write;
      return handle;
    },
  };
});

const bytes = (text: string) => Readable.from([Buffer.from(text)]);

describeObjectStore('DiskStore', async () => {
  const root = await mkdtemp(join(tmpdir(), 'convey-store-'));
  return {
    store: await DiskStore.open(join(root, 'objects')),
    remove: () => rm(root, { recursive: true, force: true }),
  };
});

describe('DiskStore', () => {
  let root: string;
  let store: DiskStore;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'convey-store-'));
    store = await DiskStore.open(root);
  });
  afterEach(async () => {
    fault.writesLeft = Number.POSITIVE_INFINITY;
    fault.beforeRename = async () => {};
    await rm(root, { recursive: true, force: true });
  });

  const paths = async () =>
    (await readdir(root, { recursive: true })).filter((path) => path !== '.tmp').sort();

  test.each([
    ['ENOSPC', 'storage.full'],
    ['EDQUOT', 'storage.full'],
    ['EIO', 'storage.unavailable'],
  ])('a disk that answers %s ends the put as %s, and nothing is kept', async (code, expected) => {
    await store.put('k', bytes('old'));
    fault.writesLeft = 1;
    fault.code = code;
    const source = Readable.from([Buffer.from('some'), Buffer.from('more'), Buffer.from('never read')]);
    const put = store.put('k', source);
    await expect(put).rejects.toMatchObject({ code: expected });
    await expect(put).rejects.not.toThrow(root);
    expect(source.destroyed).toBe(true);
    expect(await readdir(join(root, '.tmp'))).toEqual([]);
    expect(String(await readAll(await store.open('k')))).toBe('old');
  });

  test('a full disk ends the put even while its source is silent', async () => {
    fault.writesLeft = 0;
    fault.code = 'ENOSPC';
    const source = new Readable({ read() {} });
    source.push('first');
    await expect(store.put('k', source)).rejects.toMatchObject({ code: 'storage.full' });
    expect(source.destroyed).toBe(true);
  });

  test('what a crash left half-written is in no list and goes with the sweep, a running put does not', async () => {
    await store.put('k', bytes('x'));
    const crashed = join(root, '.tmp', 'left-by-a-crash');
    await writeFile(crashed, 'half');
    await utimes(crashed, new Date(), new Date(Date.now() - 7_200_000));
    await writeFile(join(root, '.tmp', 'being-written'), 'half');
    expect(await listKeys(store)).toEqual(['k']);
    expect(await store.sweepTemporary()).toBe(1);
    expect(await readdir(join(root, '.tmp'))).toEqual(['being-written']);
    expect(String(await readAll(await store.open('k')))).toBe('x');
  });

  test('a process killed in the middle of a put leaves one temporary file, and the older object stands', async () => {
    await store.put('k', bytes('old'));
    const program = `
      const { DiskStore } = await import(${JSON.stringify(new URL('disk-store.ts', import.meta.url).href)});
      const source = (async function* () {
        yield Buffer.alloc(100000);
        process.stdout.write('half'); // asked for more: the first chunk is written
        await new Promise((resolve) => setTimeout(resolve, 60_000));
      })();
      await (await DiskStore.open(${JSON.stringify(root)})).put('k', source);`;
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await readdir(join(root, '.tmp'))).toHaveLength(1);
    expect(String(await readAll(await store.open('k')))).toBe('old');
    expect(await listKeys(store)).toEqual(['k']);
    expect(await store.sweepTemporary({ olderThanMs: -1000 })).toBe(1);
    expect(await readdir(join(root, '.tmp'))).toEqual([]);
  });

  test('nobody else on the machine can read: files 0600, folders 0700', async () => {
    await store.put('a/b/c', bytes('secret'));
    for (const path of await paths()) {
      const found = await stat(join(root, path));
      expect((found.mode & 0o777).toString(8)).toBe(found.isDirectory() ? '700' : '600');
    }
    expect(((await stat(join(root, '.tmp'))).mode & 0o777).toString(8)).toBe('700');
  });

  test('deleting the last object below a prefix leaves no empty folders behind', async () => {
    await store.put('exports/exp_1/a', bytes('a'));
    await store.put('exports/exp_1/b', bytes('b'));
    await store.delete('exports/exp_1/a');
    expect(await listKeys(store)).toEqual(['exports/exp_1/b']);
    await store.delete('exports/exp_1/b');
    expect(await paths()).toEqual([]);
    expect(await readdir(root)).toEqual(['.tmp']);
  });

  test('a put survives a delete that removes the folder under it', async () => {
    let removals = 0;
    fault.beforeRename = async () => {
      if (removals++ < 3) await rm(join(root, 'deep'), { recursive: true });
    };
    await store.put('deep/er/k', bytes('x'));
    expect(removals).toBe(4);
    expect(await listKeys(store)).toEqual(['deep/er/k']);
  });

  test('a put whose temporary file was swept away fails, and says so', async () => {
    fault.beforeRename = async () => void (await store.sweepTemporary({ olderThanMs: -1000 }));
    await expect(store.put('k', bytes('x'))).rejects.toMatchObject({ code: 'storage.unavailable' });
    expect(await listKeys(store)).toEqual([]);
  });

  test('many objects in one folder are spread over many', async () => {
    await Promise.all(Array.from({ length: 300 }, (_, i) => store.put(`files/fil_${i}`, bytes('x'))));
    const folders = await readdir(join(root, 'files'));
    expect(folders.length).toBeGreaterThan(100);
    expect(folders.every((name) => /^~[0-9a-f]{2}$/.test(name))).toBe(true);
    expect(await listKeys(store, 'files/')).toHaveLength(300);
  });

  test('a folder that cannot be written to is refused at the start', async () => {
    const file = join(root, 'a-file');
    await writeFile(file, '');
    await expect(DiskStore.open(file)).rejects.toMatchObject({ code: 'storage.unavailable' });
  });

  test('things that lie about in the folder are not objects', async () => {
    await mkdir(join(root, '~00', 'folder'), { recursive: true });
    await mkdir(join(root, '.snapshot', '~00'), { recursive: true });
    await writeFile(join(root, '.snapshot', '~00', 'k'), 'kept by the file system');
    await writeFile(join(root, 'note'), '');
    await symlink('/etc', join(root, 'link'));
    expect(await listKeys(store)).toEqual([]);
  });
});
