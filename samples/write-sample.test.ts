import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { countSample, generateSample } from './generate-sample.ts';
import { type SampleProgress, writeSample } from './write-sample.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'convey-sample-'));
});
afterEach(() => rm(dir, { recursive: true }));

test('the folder holds every record, and every file under the path its line names', async () => {
  const options = { conversations: 400, seed: 5 };
  const progress: SampleProgress[] = [];
  const counts = await writeSample(dir, { ...options, onProgress: (step) => progress.push(step) });
  expect(counts).toEqual(countSample(options));
  expect((await readdir(dir)).sort()).toEqual(['files', 'records.ndjson']);

  const text = await readFile(join(dir, 'records.ndjson'), 'utf8');
  expect(text.endsWith('}\n')).toBe(true);
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const files: { content_path: string; sha256: string; size: number }[] = lines.filter(
    ({ type }) => type === 'file',
  );
  expect(files.map(({ content_path }) => content_path).sort()).toEqual(
    (await readdir(join(dir, 'files'))).map((name) => `files/${name}`).sort(),
  );
  expect(files[0]!.content_path).toBe('files/0001.png');
  for (const { content_path, sha256, size } of files) {
    const content = await readFile(join(dir, content_path));
    expect([createHash('sha256').update(content).digest('hex'), content.length]).toEqual([sha256, size]);
  }
  const plain = lines.map((record) => JSON.stringify({ ...record, content_path: undefined }));
  expect(plain).toEqual([...generateSample(options)].map((record) => JSON.stringify(record)));
  expect(progress.at(-1)).toEqual({
    records: lines.length,
    plannedRecords: lines.length,
    bytes: Buffer.byteLength(text),
  });
  expect(progress.length).toBeGreaterThan(10);
});

test('a folder that holds anything is refused; force replaces an earlier sample and nothing else', async () => {
  await writeSample(dir, { conversations: 400 });
  await writeFile(join(dir, 'mine.txt'), 'mine');
  await writeFile(join(dir, 'files', 'photo.png'), 'mine');
  const before = await readFile(join(dir, 'records.ndjson'));
  await expect(writeSample(dir, { conversations: 5 })).rejects.toMatchObject({
    code: 'samples.folder_not_empty',
  });
  expect((await readFile(join(dir, 'records.ndjson'))).equals(before)).toBe(true);

  const counts = await writeSample(dir, { conversations: 5, force: true });
  expect((await readdir(dir)).sort()).toEqual(['files', 'mine.txt', 'records.ndjson']);
  expect((await readdir(join(dir, 'files'))).length).toBe(counts.file! + 1);
  expect(await readFile(join(dir, 'files', 'photo.png'), 'utf8')).toBe('mine');
});

test('a cancelled run throws the reason and leaves no records and no files', async () => {
  const stop = new AbortController();
  const running = writeSample(dir, {
    conversations: 3000,
    signal: stop.signal,
    onProgress: ({ records }) => records > 5000 && stop.abort(new Error('enough')),
  });
  await expect(running).rejects.toThrow('enough');
  expect(await readdir(dir)).toEqual(['files']);
  expect(await readdir(join(dir, 'files'))).toEqual([]);
  await expect(writeSample(dir, { signal: AbortSignal.abort(new Error('at once')) })).rejects.toThrow(
    'at once',
  );
});
