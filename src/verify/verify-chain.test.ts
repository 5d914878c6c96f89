import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { filesOf, inFolder, manifestOf, newKey, writeFiles, zipOf } from '../packages/package.fixture.ts';
import type { Chain, ChainGap, Manifest } from '../packages/manifest.ts';
import { sealManifest } from '../packages/seal-manifest.ts';
import { describeChain } from './describe-chain.ts';
import { runVerifyChain } from './run-verify-chain.ts';
import { type ChainOptions, type ChainVerification, verifyChain } from './verify-chain.ts';

// V-14, issue 5: incremental packages are a chain; a missing, doubled, exchanged or edited one is caught by somebody
// who has nothing but the packages and a key.

const key = newKey();
const pins = { keys: [manifestOf(key).signer.fingerprint] };
const place = (xid: number) => ({ epoch: 1, xid: String(xid) });
const digest = (manifest: Manifest) =>
  createHash('sha256').update(sealManifest(manifest, key).manifestBytes).digest('hex');
const AT = '2026-11-21T10:00:00.000Z';

/** A manifest that follows another; `change` is about its link. */
function follow(before: Manifest | undefined, change: Partial<Chain> = {}): Manifest {
  const last = before?.chain;
  const sequence = (last?.sequence ?? 0) + 1;
  return {
    ...manifestOf(key),
    name: `convey-conversations-acme-${sequence}`,
    chain: {
      schedule: 'sch_daily',
      sequence,
      from: last?.to ?? null,
      to: place(sequence * 100),
      prev_manifest_sha256: before === undefined ? null : digest(before),
      gaps: [],
      ...change,
    },
  };
}

/** Four days of one schedule. */
function fourDays(): Manifest[] {
  const days: Manifest[] = [];
  for (let day = 0; day < 4; day++) days.push(follow(days.at(-1)));
  return days;
}

/** Writes the manifests' packages and verifies them in this order. */
async function verify(
  manifests: readonly Manifest[],
  options: ChainOptions = {},
): Promise<ChainVerification> {
  return inFolder(async (root) => {
    const paths: string[] = [];
    for (const [index, manifest] of manifests.entries()) {
      const path = join(root, `${String.fromCharCode(97 + index)}.zip`);
      await writeFile(path, zipOf(manifest, key));
      paths.push(path);
    }
    return verifyChain(paths, { ...pins, ...options });
  });
}

const codesOf = ({ problems }: ChainVerification) => [...new Set(problems.map(({ code }) => code))];

test('four packages in a row are a chain, as zips and as folders, and say their head', () =>
  inFolder(async (root) => {
    const days = fourDays();
    const result = await verify(days);
    expect(result).toMatchObject({
      ok: true,
      schedule: 'sch_daily',
      first: 1,
      last: 4,
      gaps: [],
      problems: [],
    });
    expect(result.head).toBe(digest(days[3]!));
    expect(result.reaches).toEqual(place(400));
    expect(describeChain(result)[0]).toBe('unbroken: 4 packages of sch_daily, number 1 to 4');
    // A folder lists them in no order that counts.
    for (const [index, day] of days.entries()) {
      const folder = join(root, String(9 - index));
      await mkdir(folder);
      await writeFiles(folder, filesOf(day, key));
    }
    await writeFile(join(root, 'notes.txt'), 'not a package');
    expect(await runVerifyChain({ paths: [root], key: pins.keys, quiet: true })).toBe(0);
  }));

test('one removed is missed, wherever it stood; at the end only a pinned head tells', async () => {
  const days = fourDays();
  const head = digest(days[3]!);
  const without = (index: number) => days.filter((_day, at) => at !== index);
  expect(codesOf(await verify(without(0)))).toEqual(['chain_start']);
  expect(codesOf(await verify(without(1)))).toEqual(['chain_missing']);
  expect(codesOf(await verify(without(2)))).toEqual(['chain_missing']);
  expect(await verify(without(3))).toMatchObject({ ok: true, last: 3 });
  expect(codesOf(await verify(without(3), { head }))).toEqual(['chain_head']);
  expect(await verify(days, { head })).toMatchObject({ ok: true });
  expect(codesOf(await verify(days, { head: digest(days[2]!) }))).toEqual(['chain_head']);
  expect(codesOf(await verify([]))).toEqual(['chain_none']);
});

test('two that are swapped, one that is there twice, and a fork are caught', async () => {
  const [one, two, three, four] = fourDays() as [Manifest, Manifest, Manifest, Manifest];
  expect(codesOf(await verify([one, three, two, four]))).toEqual(['chain_order']);
  expect(codesOf(await verify([one, two, two, three, four]))).toEqual(['chain_fork']);
  const other = follow(one, { to: place(250) });
  expect(codesOf(await verify([one, two, other, three]))).toContain('chain_fork');
  // Whoever holds the key swaps the numbers: the digests still tell.
  const second = { ...three, chain: { ...three.chain!, sequence: 2 } };
  const third = { ...two, chain: { ...two.chain!, sequence: 3 } };
  expect(codesOf(await verify([one, second, third, four]))).toContain('chain_broken');
});

test('one replaced by another’s, or by one that was made anew, is caught', async () => {
  const [one, two, three, four] = fourDays() as [Manifest, Manifest, Manifest, Manifest];
  const foreign = { ...two, chain: { ...two.chain!, schedule: 'sch_other' } };
  expect(codesOf(await verify([one, foreign, three, four]))).toEqual(['chain_foreign', 'chain_missing']);
  const elsewhere = { ...two, workspace: { ...two.workspace, id: 'wsp_2' } };
  expect(codesOf(await verify([one, elsewhere, three, four]))).toContain('chain_foreign');
  const again = { ...two, created_at: '2026-11-21T10:06:00.000Z' };
  expect(codesOf(await verify([one, again, three, four]))).toEqual(['chain_broken']);
  const later = follow(two, { from: place(250) });
  expect(codesOf(await verify([one, two, later]))).toEqual(['chain_missing']);
  const { chain: _chain, ...plain } = two;
  expect(codesOf(await verify([one, plain, three, four]))).toEqual(['chain_none', 'chain_missing']);
});

test('an edited package breaks the chain, and its own words about gaps count for nothing', () =>
  inFolder(async (root) => {
    const days = fourDays();
    const paths = await Promise.all(
      days.map(async (day, index) => {
        const path = join(root, `${index}.zip`);
        const bytes = zipOf(day, key);
        if (index === 1) bytes[bytes.length >> 1]! ^= 1;
        await writeFile(path, bytes);
        return path;
      }),
    );
    expect(codesOf(await verifyChain(paths, pins))).toContain('chain_package');
    expect(codesOf(await verifyChain(paths))).toContain('chain_package'); // no key that is trusted
    const gap: ChainGap = {
      reason: 'erasure',
      at: AT,
      manifest_sha256: digest(days[1]!),
      ...linkOf(days[1]!),
    };
    const forged = follow(days[2]!, { gaps: [gap] });
    const stranger = newKey();
    const path = join(root, 'forged.zip');
    await writeFile(path, zipOf({ ...forged, signer: manifestOf(stranger).signer }, stranger));
    const result = await verifyChain([paths[0]!, paths[2]!, path], pins);
    expect(codesOf(result)).toEqual(expect.arrayContaining(['chain_package', 'chain_missing']));
    expect(result.gaps).toEqual([]);
  }));

function linkOf({ chain }: Manifest): Omit<Chain, 'schedule' | 'gaps'> {
  const { schedule: _schedule, gaps: _gaps, ...link } = chain!;
  return link;
}

test('a fresh start is accepted and named when its signed manifest says why, and not otherwise', async () => {
  const [one, two] = fourDays() as [Manifest, Manifest];
  const silent = follow(two, { from: null });
  expect(codesOf(await verify([one, two, silent]))).toEqual(['chain_missing']);
  for (const reason of ['request_changed', 'restarted', 'database_replaced'] as const) {
    const anew = follow(two, { from: null, gaps: [{ reason, at: AT }] });
    const result = await verify([one, two, anew, follow(anew)]);
    expect(result).toMatchObject({ ok: true, gaps: [{ reason, at: AT, sequence: 3 }] });
    expect(describeChain(result).join('\n')).toMatch(/number 3 starts anew with everything: .*signed/);
    // It holds everything: what came before may be thrown away.
    expect(await verify([anew, follow(anew)])).toMatchObject({ ok: true, first: 3, last: 4 });
    // But as long as the earlier ones are here, none of them may be missing.
    expect(codesOf(await verify([one, anew]))).toEqual(['chain_missing']);
  }
});

test('a package that was taken back for an erasure is a named gap; another one in its place is not', async () => {
  const [one, two, three] = fourDays() as [Manifest, Manifest, Manifest];
  const gap: ChainGap = { reason: 'erasure', at: AT, manifest_sha256: digest(two), ...linkOf(two) };
  const anew = follow(three, { from: null, gaps: [gap] });
  const result = await verify([one, three, anew]);
  expect(result).toMatchObject({ ok: true, gaps: [{ reason: 'erasure', at: AT, sequence: 2 }] });
  expect(describeChain(result).join('\n')).toMatch(
    /number 2 was taken back because a person in it was erased/,
  );
  expect(await verify([one, two, three, anew])).toMatchObject({ ok: true, gaps: [] });
  expect(codesOf(await verify([two, three, anew]))).toEqual(['chain_start']);
  expect(codesOf(await verify([one, anew]))).toEqual(['chain_missing']);
  // Before the manifest that says so exists, it is simply missing.
  expect(codesOf(await verify([one, three]))).toEqual(['chain_missing']);
  const wrong = follow(three, { from: null, gaps: [{ ...gap, manifest_sha256: 'f'.repeat(64) }] });
  expect(codesOf(await verify([one, three, wrong]))).toContain('chain_broken');
});

test('a chain that says nothing sound is refused as malformed', async () => {
  const [one] = fourDays() as [Manifest];
  for (const change of [
    { sequence: -1 },
    { from: { epoch: 1, xid: '1; drop table' } },
    { gaps: [{ reason: 'because', at: AT }] },
    { gaps: [{ reason: 'erasure', at: AT }] },
    { gaps: [{ reason: 'restarted', at: 'yesterday' }] },
    { more: 1 },
  ]) {
    const bad = { ...one, chain: { ...one.chain!, ...change } } as unknown as Manifest;
    expect(codesOf(await verify([bad]))).toEqual(['chain_package']);
  }
});

test('the command takes a head and packages that it understands, and ends with 1 when the chain is broken', () =>
  inFolder(async (root) => {
    const days = fourDays();
    const write = async (day: Manifest, name: string) => {
      await writeFile(join(root, name), zipOf(day, key));
      return join(root, name);
    };
    const [one, three] = [await write(days[0]!, 'one.zip'), await write(days[2]!, 'three.zip')];
    const run = (paths: string[], head?: string) =>
      runVerifyChain({ paths, head, key: pins.keys, quiet: true });
    expect(await run([one])).toBe(0);
    expect(await run([one], digest(days[0]!))).toBe(0);
    expect(await run([one], `sha256:${digest(days[0]!).toUpperCase()}`)).toBe(0);
    expect(await run([one, three])).toBe(1);
    expect(await run([root])).toBe(1);
    expect(await run([one], digest(days[1]!))).toBe(1);
    await expect(run([one], 'the newest')).rejects.toThrow('--head takes the SHA-256');
    await expect(run([])).rejects.toThrow('--chain takes packages');
  }));
