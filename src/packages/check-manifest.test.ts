import { expect, test } from 'vitest';
import { findManifestProblems } from './check-manifest.ts';
import { contents, manifestOf, newKey } from './package.fixture.ts';

const key = newKey();
const good = manifestOf(key);
type Loose = Record<string, unknown>;

/** Every place of a JSON value, as a path of keys. */
function placesOf(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([name, member]) => placesOf(member, [...path, name]))];
}

function change(path: readonly string[], edit: (parent: Loose, name: string) => void): unknown {
  const copy = structuredClone(good) as unknown as Loose;
  let parent = copy;
  for (const name of path.slice(0, -1)) parent = parent[name] as Loose;
  edit(parent, path.at(-1)!);
  return copy;
}

test('a good manifest and a good receipt have no problems', () => {
  expect(findManifestProblems(good, 'convey.package.v1')).toEqual([]);
  for (const content of contents)
    expect(
      findManifestProblems(manifestOf(key, 'convey.receipt.v1', [content]), 'convey.receipt.v1'),
    ).toEqual([]);
  expect(findManifestProblems(good, 'convey.receipt.v1')).not.toEqual([]);
});

test('audiences may be left out, null or a list of any texts, and nothing else', () => {
  const problemsOf = (audiences: unknown) =>
    findManifestProblems({ ...good, audience: { internal: true, audiences } }, 'convey.package.v1');
  for (const fine of [null, [], ['a', '', 'a","b', '\n']]) expect(problemsOf(fine)).toEqual([]);
  for (const wrong of ['a', [null], [['a']], {}, 7, true])
    expect(problemsOf(wrong).join()).toContain('audience.audiences');
});

test('each member is missed, and refused in another type, by name', () => {
  const free = new Set(['filter', 'fields']); // whatever was asked for
  const optional = new Set(['mode', 'profile']);
  for (const path of placesOf(good).slice(1)) {
    const name = path.at(-1)!;
    const isItem = /^\d+$/.test(name);
    // What a layout maps may be less, as long as another place counts into the same dataset.
    const isMapped = ['types', 'sections', 'lists'].includes(path.at(-2)!);
    if (!isItem && !isMapped && !optional.has(name)) {
      const without = change(path, (parent, member) => delete parent[member]);
      const problems = findManifestProblems(without, 'convey.package.v1');
      expect(problems.length, path.join('.')).toBeGreaterThan(0);
      // Of a layout that is none the whole is named.
      if (!path.includes('layout')) expect(problems.join(), path.join('.')).toContain(name);
    }
    if (free.has(path[0]!)) continue;
    for (const wrong of [null, 7.5, -1, [[]], { x: {} }, '\n', Number.NaN, 2 ** 60, true, '../x']) {
      if (name === 'internal' && wrong === true) continue;
      if (path.join('.') === 'workspace.name' && typeof wrong === 'string') continue;
      if (
        ['what', 'why', 'reason', 'product', 'media_type', 'version', 'name'].includes(name) &&
        wrong === '../x'
      ) {
        if (!['parts', 'files'].includes(path[0]!) && path.length > 1) continue;
        if (name === 'product' || name === 'media_type' || name === 'reason') continue;
      }
      const problems = findManifestProblems(
        change(path, (parent, member) => (parent[member] = wrong)),
        'convey.package.v1',
      );
      expect(problems.length, `${path.join('.')} = ${JSON.stringify(wrong)}`).toBeGreaterThan(0);
    }
  }
  expect(findManifestProblems({ ...good, more: 1 }, 'convey.package.v1').join()).toContain('more');
  for (const wrong of [null, [], 1, 'x', undefined])
    expect(findManifestProblems(wrong, 'convey.package.v1')).toHaveLength(1);
});

test('names that leave the folder, hide, repeat or hold each other are refused', () => {
  const names = [
    'data/../x',
    '/data/x',
    'data//x',
    'data/',
    'data',
    'data/.x',
    'data/x/.',
    'data/x/..',
    'data\\x',
    'data/x y',
    'Data/x',
    'data/x\n',
    'data/ü',
    'x',
    '',
    `data/${'x'.repeat(1000)}`,
    'data/a:b',
    'data/\0',
  ];
  for (const name of names) {
    const problems = findManifestProblems(
      change(['parts', '1', 'name'], (part) => (part['name'] = name)),
      'convey.package.v1',
    );
    expect(problems.join(), name).toContain('parts[1].name');
  }
  const clashes = [
    good.parts[0]!.name,
    good.parts[0]!.name.toUpperCase().replace('DATA', 'data'),
    `${good.parts[0]!.name}/x`,
  ];
  for (const name of clashes) {
    const problems = findManifestProblems(
      change(['parts', '1', 'name'], (part) => (part['name'] = name)),
      'convey.package.v1',
    );
    expect(problems.length, name).toBe(1);
  }
});

test('counts that do not add up, datasets without a place and another key’s fingerprint are refused', () => {
  const edits: ((m: typeof good) => void)[] = [
    (m) => void (m.counts['messages']! += 1),
    (m) => void delete m.counts['messages'],
    (m) => void (m.counts['more'] = 0),
    (m) => void (m.parts[0]!.counts['more'] = 0),
    (m) => void delete m.parts[3]!.counts['tickets'],
    (m) => void (m.parts[1]!.part = 1),
    (m) => void (m.signer.fingerprint = `sha256:${'0'.repeat(64)}`),
    (m) => void (m.parts[0]!.bytes = Number.MAX_SAFE_INTEGER),
    (m) => void (m.parts[0]!.layout = { format: 'zip' }),
    (m) => void Object.assign(m.parts[0]!.layout, { dataset: 'x' }),
  ];
  for (const edit of edits) {
    const copy = structuredClone(good);
    edit(copy);
    expect(findManifestProblems(copy, 'convey.package.v1').length, edit.toString()).toBeGreaterThan(0);
  }
});
