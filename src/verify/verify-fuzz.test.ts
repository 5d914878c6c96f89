import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Manifest } from '../packages/manifest.ts';
import { filesOf, inFolder, manifestOf, newKey, writeFiles, zipOf } from '../packages/package.fixture.ts';
import { signBytes } from '../packages/sign.ts';
import { expectCaught, seeded } from './mutants.fixture.ts';
import { verifyPackage } from './verify-package.ts';

const key = newKey();
const manifest = manifestOf(key);
const options = { keys: [manifest.signer.fingerprint] };

const noise = (random: (below: number) => number, length: number) =>
  Buffer.from(Array.from({ length }, () => random(256)));

test('noise, noise behind a zip’s first bytes, and zips with noise in them end in sentences', () =>
  inFolder(async (folder) => {
    const random = seeded(11);
    const path = join(folder, 'p.zip');
    const zip = zipOf(manifest, key);
    for (let i = 0; i < 600; i++) {
      const bytes = noise(random, random(400));
      if (i % 3 === 1) bytes.write('PK\x03\x04');
      const copy = Buffer.from(zip);
      bytes.copy(copy, random(i % 2 === 0 ? 400 : copy.length));
      const attempt = i % 3 === 2 ? copy : bytes;
      if (attempt.equals(zip)) continue;
      await writeFile(path, attempt);
      expectCaught(await verifyPackage(path, options), `seed 11, number ${i}`);
    }
  }));

test('noise as manifest, signature or any tag file ends in sentences', () =>
  inFolder(async (folder) => {
    const random = seeded(12);
    const good = filesOf(manifest, key);
    await writeFiles(folder, good);
    for (const name of [...good.keys()].filter((one) => !one.startsWith('data/'))) {
      for (let i = 0; i < 40; i++) {
        await writeFile(join(folder, name), noise(random, random(200)));
        expectCaught(await verifyPackage(folder, options), `${name} ${i}`);
      }
      await writeFile(join(folder, name), good.get(name)!);
    }
  }));

test('manifests with any member exchanged for something absurd, signed by the right key, end in sentences', () =>
  inFolder(async (folder) => {
    await writeFiles(folder, filesOf(manifest, key));
    const text = JSON.stringify(manifest);
    const absurd = [
      'null',
      '1e999',
      '-0',
      '9007199254740993',
      '"../../etc/passwd"',
      '[]',
      '{}',
      '"\\u0000\\u001b[31m"',
      '"\\ud800"',
      `"${'x'.repeat(10_000)}"`,
      '{"__proto__":{"ok":true}}',
      '[[[[]]]]',
      'true',
    ];
    const places = [...text.matchAll(/:("[^"]*"|\d+|true|null|\[\]|\{\})/g)];
    expect(places.length).toBeGreaterThan(60);
    const random = seeded(13);
    for (const [index, place] of places.entries()) {
      for (const value of [absurd[index % absurd.length]!, absurd[random(absurd.length)]!]) {
        const edited = text.slice(0, place.index + 1) + value + text.slice(place.index + place[0].length);
        if (edited === text) continue;
        const bytes = Buffer.from(edited);
        await writeFile(join(folder, 'manifest.json'), bytes);
        await writeFile(join(folder, 'manifest.json.sig'), signBytes(bytes, key));
        expectCaught(await verifyPackage(folder, options), `${place[0]} → ${value.slice(0, 50)}`);
      }
    }
  }));

test('deep nesting, a million empty objects and texts that steer a terminal end in plain sentences', () =>
  inFolder(async (folder) => {
    await writeFiles(folder, filesOf(manifest, key));
    const escape: Manifest = { ...manifest, name: '\x1b[2J\n\u202e' };
    const hostile = ['[', '{"a":'].map((one) => one.repeat(3_000_000));
    hostile.push(
      `[${'{},'.repeat(11_000_000)}{}]`,
      JSON.stringify(escape),
      `{"\x1b[2J":1}`,
      `{"\\u001b[2J":1}`,
    );
    for (const text of hostile) {
      await writeFile(join(folder, 'manifest.json'), text);
      const result = await verifyPackage(folder, options);
      expectCaught(result, text.slice(0, 20), 'manifest_malformed');
      for (const { message } of result.problems) {
        expect(message.length).toBeLessThan(700);
        expect(message).not.toMatch(/[\p{Cc}\u202e]/u);
      }
    }
  }));

test('what cannot be read is said in a sentence', () =>
  inFolder(async (folder) => {
    for (const path of [join(folder, 'none'), '/dev/null', folder, join(folder, 'none', 'x')]) {
      const result = await verifyPackage(path, options);
      expect(result.ok).toBe(false);
      expect(result.problems.length).toBeGreaterThan(0);
    }
  }));
