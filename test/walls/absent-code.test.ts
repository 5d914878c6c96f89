import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { createLog } from '../../src/log.ts';

// What must occur nowhere in the program: each line here is a claim of docs/security-checklist.md about all of it.

const ROOT = new URL('../../', import.meta.url).pathname;
const sources = new Map<string, string>();

beforeAll(async () => {
  for (const folder of ['src', 'web/src', 'bin']) {
    for (const entry of await readdir(join(ROOT, folder), { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name).slice(ROOT.length);
      const isCode = entry.isFile() && /\.(tsx?|js|mjs)$/.test(path);
      if (!isCode || /\.test\.ts$|fixture\.ts$|-for-tests\.ts$|store-contract/.test(path)) continue;
      sources.set(path, await readFile(join(ROOT, path), 'utf8'));
    }
  }
});

/** Files in which a pattern occurs. */
const filesWith = (pattern: RegExp) =>
  [...sources].filter(([, text]) => pattern.test(text)).map(([path]) => path);

test('the program’s sources are looked at', () => {
  expect(sources.size).toBeGreaterThan(250);
  expect([...sources.keys()]).toEqual(
    expect.arrayContaining(['src/server.ts', 'web/src/main.tsx', 'bin/convey.js']),
  );
});

test.each([
  ['code made of text', /\beval\(|new Function\(|\bvm\.(run|compile)|from 'node:vm'/],
  ['markup made of text in the page', /\.(inner|outer)HTML\b|insertAdjacentHTML|document\.write|DOMParser/],
  ['a shell', /\bshell:|\bexec\(\s*['"`]|execSync\(|\/bin\/(ba)?sh/],
  ['a certificate that is not checked', /rejectUnauthorized:\s*false|NODE_TLS_REJECT_UNAUTHORIZED/],
  ['parsing of HTTP or TLS made lax', /insecureHTTPParser|SSLv|TLSv1(_1|\.1)?['"]/],
  ['a cipher without integrity, or a broken one', /aes-\d+-(ecb|cbc|ctr)|['"`]des-|rc4|pkcs1/i],
  ['an object of the prototype as a dictionary', /__proto__\s*[:=]|\.prototype\[/],
])('%s is nowhere', (_what, pattern) => {
  expect(filesWith(pattern)).toEqual([]);
});

test('what stays in the browser for good is how a viewer likes the app: colours, language, how exports were ordered', () => {
  expect(filesWith(/indexedDB|document\.cookie/)).toEqual([]);
  expect(filesWith(/localStorage/).sort()).toEqual([
    'web/src/color-scheme.ts',
    'web/src/exports/order/last-settings.ts',
    'web/src/texts/chosen-language.ts',
  ]);
});

test('messages between windows are nowhere; only the page and its verifying thread talk to each other', () => {
  const pattern = /addEventListener\('message'|onmessage\s*=|window\.postMessage|\.opener\b/;
  expect(filesWith(pattern)).toEqual(['web/src/verify/use-verifier.ts', 'web/src/verify/verify-worker.ts']);
});

test('the only ciphers are AES-256-GCM and AES-256-KW', () => {
  const named = [...sources.values()].flatMap((text) => [
    ...text.matchAll(/create(?:C|Dec)ipheriv\(\s*'([^']+)'/g),
  ]);
  expect(new Set(named.map(([, cipher]) => cipher))).toEqual(new Set(['aes-256-gcm', 'id-aes256-wrap']));
});

test('the only hash is SHA-256; MD5 is what S3 names an upload by, and protects nothing', () => {
  const named = [...sources].flatMap(([path, text]) =>
    [...text.matchAll(/create(?:Hash|Hmac)\(\s*'([^']+)'/g)].map(([, hash]) => `${hash} ${path}`),
  );
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((one) => !one.startsWith('sha256 '))).toEqual(['md5 src/storage/s3-upload.ts']);
});

test('random numbers that can be guessed spread the next try of a delivery, and nothing else', () => {
  expect(filesWith(/Math\.random/)).toEqual(['src/notify/outbox/retry-at.ts']);
});

test('programs are started with a list of arguments, and only the database’s, those that look at processes or lower their priority, and the one that makes PDFs', () => {
  const starters = filesWith(/from 'node:child_process'/);
  expect(starters.filter((path) => !path.startsWith('src/database/embedded/'))).toEqual([
    'src/background-priority.ts',
    'src/formats/pdf/pdf-child-process.ts',
  ]);
});

test('an entry of the log is one line of JSON, whatever stands in it', () => {
  const lines: string[] = [];
  const log = createLog((line) => lines.push(line));
  const text = 'a\r\n{"level":"info","message":"forged"}\u2028\u001b[2J"';
  log.error(text, { [text]: text, error: new Error(text) });
  expect(lines).toHaveLength(1);
  expect(lines[0]!.slice(0, -1)).not.toMatch(/[\r\n\u001b]/);
  expect(JSON.parse(lines[0]!)).toMatchObject({
    level: 'error',
    message: text,
    at: expect.stringMatching(/Z$/),
  });
});
