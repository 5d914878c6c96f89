import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import yauzl from 'yauzl';
import { ByteWriter } from './byte-writer.ts';
import { memorySink } from './rows.fixture.ts';
import { createZipWriter } from './zip.ts';

const MTIME = new Date('2026-05-01T08:09:10Z');
const tick = () => new Promise((resolve) => setImmediate(resolve));

async function makeZip(files: Record<string, Buffer>, mtime = MTIME): Promise<Buffer> {
  const sink = memorySink();
  const zip = createZipWriter(sink, { mtime });
  for (const [name, bytes] of Object.entries(files)) {
    const entry = await zip.entry(name);
    await entry.write(bytes);
    await entry.close();
  }
  await zip.close();
  return sink.bytes();
}

async function readZip(bytes: Buffer): Promise<{ name: string; modified: Date; content: Buffer }[]> {
  const found: { name: string; modified: Date; content: Buffer }[] = [];
  const zip = await yauzl.fromBufferPromise(bytes);
  for await (const entry of zip.eachEntry()) {
    const chunks: Buffer[] = [];
    for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(chunk as Buffer);
    found.push({ name: entry.fileName, modified: entry.getLastModDate(), content: Buffer.concat(chunks) });
  }
  return found;
}

describe('zip', () => {
  const files = {
    'contacts.csv': Buffer.from('id\r\n1\r\n'),
    'data/große Datei.bin': randomBytes(700_000),
    'empty.txt': Buffer.alloc(0),
    'zeros.bin': Buffer.alloc(5_000_000),
  };

  it('holds what was written, as other programs read it', async () => {
    const bytes = await makeZip(files);
    const read = await readZip(bytes);
    expect(read.map(({ name }) => name)).toEqual(Object.keys(files));
    for (const { name, modified, content } of read) {
      expect(content.equals(files[name as keyof typeof files])).toBe(true);
      expect(modified).toEqual(MTIME);
    }
    expect(bytes.length).toBeLessThan(720_000);
    const folder = mkdtempSync(join(tmpdir(), 'convey-zip-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const path = join(folder, 'test.zip');
    writeFileSync(path, bytes);
    const python = `import zipfile,sys; z=zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; print(len(z.namelist()))`;
    for (const [program, args, pattern] of [
      ['unzip', ['-t', path], /No errors detected/],
      ['python3', ['-c', python, path], /^4$/m],
    ] as const) {
      try {
        execFileSync(program, ['--help'], { stdio: 'ignore' });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
          console.warn(`SKIPPED: ${program} is not here to read the zip`);
          continue;
        }
      }
      expect(execFileSync(program, [...args], { encoding: 'utf8' })).toMatch(pattern);
    }
  });

  it('is the same archive, byte for byte, in any time zone', async () => {
    const zone = process.env.TZ;
    onTestFinished(() => {
      if (zone === undefined) delete process.env.TZ;
      else process.env.TZ = zone;
    });
    const archives: Buffer[] = [];
    for (const name of ['UTC', 'Asia/Kathmandu', 'America/Los_Angeles']) {
      process.env.TZ = name;
      archives.push(await makeZip({ a: Buffer.from('a'), b: Buffer.from('b') }));
    }
    expect(archives[1]?.equals(archives[0] as Buffer)).toBe(true);
    expect(archives[2]?.equals(archives[0] as Buffer)).toBe(true);
  });

  it('takes a ByteWriter per entry, and copies what the writer reuses', async () => {
    const sink = memorySink();
    const zip = createZipWriter(sink, { mtime: MTIME });
    const entry = await zip.entry('a.txt');
    const out = new ByteWriter(entry, { chunkBytes: 1000 });
    let expected = '';
    for (let i = 0; i < 3000; i++) {
      const text = `line ${i}\n`;
      expected += text;
      out.ascii(text);
      if (out.mustWait) await out.ready();
    }
    await out.end();
    await entry.close();
    await zip.close();
    expect((await readZip(sink.bytes()))[0]?.content.toString()).toBe(expected);
  });

  it('runs at most 4 MB ahead of a sink that does not take', async () => {
    const zip = createZipWriter({ write: () => new Promise(() => {}) }, { mtime: MTIME });
    const entry = await zip.entry('random.bin');
    let taken = 0;
    let isWaiting = true;
    void (async () => {
      for (;;) {
        await entry.write(randomBytes(100_000));
        taken += 100_000;
        isWaiting = false;
      }
    })();
    while (!isWaiting) {
      isWaiting = true;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    for (let i = 0; i < 20; i++) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(taken).toBeGreaterThan(1_000_000);
    expect(taken).toBeLessThan(4 << 20);
  });

  it('a failing sink rejects the pending write and every later call, and nothing goes unhandled', async () => {
    const unhandled = vi.fn();
    process.on('unhandledRejection', unhandled);
    const failing = [
      async () => {
        await tick();
        throw new Error('disk full');
      },
      () => {
        throw new Error('disk full');
      },
    ];
    for (const write of failing) {
      const zip = createZipWriter({ write }, { mtime: MTIME });
      const entry = await zip.entry('a');
      const writing = async () => {
        for (let i = 0; i < 1000; i++) await entry.write(randomBytes(100_000));
      };
      await expect(writing()).rejects.toThrow('disk full');
      await expect(entry.write(Buffer.from('x'))).rejects.toThrow('disk full');
      await expect(entry.close()).rejects.toThrow('disk full');
      await expect(zip.entry('b')).rejects.toThrow('disk full');
      await expect(zip.close()).rejects.toThrow('disk full');
    }
    // Also when it fails at the very end, or while nobody waits.
    const late = createZipWriter({ write: () => Promise.reject(new Error('late')) }, { mtime: MTIME });
    await tick();
    await expect(late.close()).rejects.toThrow('late');
    await tick();
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });

  it('the signal ends it, even while the sink hangs', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const zip = createZipWriter({ write: () => new Promise(() => {}) }, { mtime: MTIME, signal });
    const entry = await zip.entry('a');
    const writing = (async () => {
      for (;;) await entry.write(randomBytes(100_000));
    })();
    setTimeout(() => controller.abort(), 20);
    await expect(writing).rejects.toMatchObject({ name: 'AbortError' });
    await expect(zip.close()).rejects.toMatchObject({ name: 'AbortError' });
    const aborted = createZipWriter(memorySink(), { mtime: MTIME, signal });
    await tick();
    await expect(aborted.entry('a')).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('keeps entries one after the other, and refuses paths that leave the folder', async () => {
    const zip = createZipWriter(memorySink(), { mtime: MTIME });
    await expect(zip.entry('../evil')).rejects.toThrow();
    await expect(zip.entry('/evil')).rejects.toThrow();
    const entry = await zip.entry('ok');
    await expect(zip.entry('second')).rejects.toThrow('still open');
    await expect(zip.close()).rejects.toThrow('still open');
    await entry.close();
    await zip.close();
  });
});
