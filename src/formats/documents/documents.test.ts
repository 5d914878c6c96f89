import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { ConveyError } from '../../errors.ts';
import { pdfFailed } from '../pdf/pdf.errors.ts';
import { NASTY_TEXTS } from '../rows.fixture.ts';
import { contrastWithWhite } from './brand-color.ts';
import { type ConversationRows, fakePdf, readList, readZip, renderDocuments } from './documents.fixture.ts';
import { PAGE_STYLE } from './html/page-style.ts';
import type { Transcript } from './transcript.ts';

const reader = fileURLToPath(new URL('../../../test/support/reread-html.py', import.meta.url));

interface Reread {
  messages: { id: string; kind: string; author: string; body: string; dir: string | null }[];
  facts: string[];
  events: number;
  links: (string | null)[];
  times: string[];
  scripts: number;
  policy: string;
  title: string;
  unclosed: string[];
  rows: number;
  handlers: string[];
}

/** What another program makes of a page. */
async function reread(html: Buffer): Promise<Reread> {
  const folder = await mkdtemp(join(tmpdir(), 'convey-html-'));
  try {
    await writeFile(join(folder, 'page.html'), html);
    return JSON.parse(
      execFileSync('python3', [reader, join(folder, 'page.html')], { encoding: 'utf8' }),
    ) as Reread;
  } finally {
    await rm(folder, { recursive: true });
  }
}

const at = (second: number) => new Date(Date.UTC(2026, 0, 2, 3, 4, second)).toISOString();

/** A conversation with everything in it, small, fixed. */
const RICH: ConversationRows = {
  conversation: {
    id: 'v1',
    subject: 'Refund of order 42 – إرجاع',
    channel: 'email',
    status: 'resolved',
    tags: ['billing', 'vip'],
    csat: { rating: 5, comment: 'quick' },
    created_at: at(0),
    'contact.name': 'Anna A',
    'contact.email': 'anna@example.com',
    'contact.identity_verified': { method: 'jwt', at: '2026-01-01T00:00:00Z' },
  },
  events: [
    {
      kind: 'status_changed',
      actor: { name: 'Tom' },
      at: at(5),
      before: { status: 'open' },
      after: { status: 'resolved' },
    },
    { kind: 'created', at: at(0) },
  ],
  files: [
    {
      id: 'f1',
      name: 'invoice.pdf',
      media_type: 'application/pdf',
      size: 1234,
      message_id: 'm1',
      created_at: at(1),
    },
    { id: 'f2', name: 'loose.txt', created_at: at(2) },
  ],
  messages: [
    { id: 'm1', role: 'user', body: 'Hello,\nwhere is my money?', created_at: at(1) },
    {
      id: 'm2',
      role: 'assistant',
      'author.name': 'Helper',
      body: 'On its way 💸 — 日本語, हिन्दी, ไทย',
      citations: [
        { title: 'Refunds', url: 'https://example.com/refunds?a=1&b=2', quote: 'within 14 days' },
        { title: 'Trap', url: 'javascript:alert(1)' },
      ],
      created_at: at(3),
    },
    {
      id: 'm3',
      role: 'tool',
      tool: { name: 'lookup', arguments: { order: 42 }, result: '\nfound' },
      created_at: at(3),
    },
    {
      id: 'm4',
      role: 'teammate',
      'author.name': 'Tom',
      is_internal: true,
      body: 'A secret note',
      created_at: at(4),
    },
    { id: 'm5', role: 'user', body: 'שלום, תודה רבה', created_at: at(6), edited_at: at(7) },
  ],
};

test('V-01, V-04: a page holds every message, event, file, source and fact, in order of time', async () => {
  const { bytes } = await renderDocuments({ as: 'html', layout: 'single' }, [RICH]);
  await expect(bytes.toString()).toMatchFileSnapshot('golden/conversation.html');
  const page = await reread(bytes);
  expect(page.messages.map(({ id, body }) => [id, body])).toEqual(
    RICH.messages!.map(({ id, body = '' }) => [id, body]),
  );
  expect(page.messages.map(({ author }) => author)).toEqual(['Anna A', 'Helper', 'Tool', 'Tom', 'Anna A']);
  expect(page.messages[3]!.kind).toBe('teammate internal');
  expect(page.events).toBe(3); // two, and the file that came with no message
  expect(page.times.slice(0, -1).filter((time) => time !== at(7))).toEqual([0, 1, 2, 3, 3, 4, 5, 6].map(at));
  expect(page.facts).toEqual(
    expect.arrayContaining([
      'Anna A <anna@example.com>',
      'verified by jwt at 2026-01-01T00:00:00Z',
      '5: quick',
      'billing, vip',
      'v1',
    ]),
  );
  const text = bytes.toString();
  for (const shown of ['invoice.pdf', 'loose.txt', 'within 14 days', 'javascript:alert(1)', 'exp_0123456789'])
    expect(text).toContain(shown);
  expect(text).toContain('Status changed: open → resolved');
  expect(page.unclosed).toEqual([]);
});

test('a page runs and loads nothing, and only addresses of the web are links', async () => {
  const page = await reread((await renderDocuments({ as: 'html', layout: 'single' }, [RICH])).bytes);
  expect(page.links).toEqual(['https://example.com/refunds?a=1&b=2']);
  expect(page.scripts).toBe(0);
  expect(page.policy).toMatch(
    /^default-src 'none'; style-src 'sha256-[\w+/=]+'; img-src data:; base-uri 'none'/,
  );
  expect(page.policy).not.toContain('script-src');
});

test('the policy’s hashes are those of the style and the script that stand in the page', async () => {
  const archive = await readZip((await renderDocuments({ as: 'html', layout: 'archive' }, [RICH])).bytes);
  const html = archive.get('index.html')!.toString();
  for (const tag of ['style', 'script']) {
    const [, block] = new RegExp(`<${tag}>([^]*?)</${tag}>`).exec(html)!;
    expect(html).toContain(`sha256-${createHash('sha256').update(block!).digest('base64')}`);
  }
});

const HOSTILE = [
  '</div></article><script>alert(1)</script>',
  '" onmouseover="alert(1)" x="',
  "' autofocus onfocus='alert(1)",
  '<!-- --><img src=x onerror=alert(1)>',
  '&lt;b&gt; &amp; &#60;i&#62; &notit;',
  '\u202egnp.exe\u202c and \u2066isolated\u2069',
  ']]><![CDATA[<svg onload=alert(1)>',
  ...NASTY_TEXTS.filter((text) => text !== ''),
];

test('hostile texts come out as they were, and nothing of them is markup', async () => {
  const messages = HOSTILE.map((body, index) => ({
    id: `m "${index}"><b>`,
    role: 'user',
    'author.name': body,
    body,
    created_at: at(index),
    citations: [{ title: body, url: body, quote: body }],
  }));
  const rows = {
    conversation: { id: HOSTILE[1], subject: HOSTILE[0], status: HOSTILE[2], created_at: at(0) },
    messages,
  };
  const { bytes } = await renderDocuments({ as: 'html', layout: 'single' }, [rows]);
  const page = await reread(bytes);
  expect(page.messages.map(({ id }) => id)).toEqual(messages.map(({ id }) => id));
  expect(page.messages.map(({ body }) => body)).toEqual(HOSTILE);
  expect(page).toMatchObject({ scripts: 0, handlers: [], unclosed: [], links: [] });
  expect(new Set(page.messages.map(({ dir }) => dir))).toEqual(new Set(['auto']));
  // Nothing can turn the text around: what would is shown as its code point.
  expect(bytes.toString()).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
});

test('an archive lists its documents, each with its size, digest and counts, and names nobody', async () => {
  const person = 'Wilhelmina Secretname';
  const other = {
    ...RICH,
    conversation: { ...RICH.conversation, id: person, subject: person, channel: person },
  };
  const { bytes } = await renderDocuments({ as: 'html', layout: 'archive' }, [RICH, other]);
  const entries = await readZip(bytes);
  expect([...entries.keys()]).toEqual([
    'conversations/000001-2026-01-02-email.html',
    'conversations/000002-2026-01-02.html',
    'index.html',
    'documents.ndjson',
  ]);
  const list = readList(entries);
  for (const { name, bytes, sha256 } of list) {
    const entry = entries.get(name as string)!;
    expect([bytes, sha256]).toEqual([entry.length, createHash('sha256').update(entry).digest('hex')]);
  }
  const counts = { conversations: 1, messages: 4, replies: 1, citations: 1, events: 2, files: 2 };
  expect(list).toMatchObject([
    { type: 'document', conversation_id: 'v1', volume: 1, counts },
    { type: 'document', conversation_id: person, volume: 1, counts },
    { type: 'page', name: 'index.html', counts: {} },
  ]);
  await expect(entries.get('index.html')!.toString()).toMatchFileSnapshot('golden/index.html');
  const index = await reread(entries.get('index.html')!);
  expect(index.links).toEqual([...entries.keys()].slice(0, 2));
  expect(index).toMatchObject({ rows: 3, scripts: 1, unclosed: [] });
  const page = await reread(entries.get('conversations/000001-2026-01-02-email.html')!);
  expect(page.links[0]).toBe('../index.html');
});

test('a long conversation becomes volumes that hold every message and event once, in order', async () => {
  const count = 4_100;
  const messages = Array.from({ length: count }, (_, i) => ({
    id: `m${i}`,
    role: 'user',
    body: `text ${i}`,
    created_at: at(i),
  }));
  const events = Array.from({ length: 30 }, (_, i) => ({ kind: 'tagged', at: at(i * 140) }));
  const { bytes } = await renderDocuments({ as: 'html', layout: 'archive' }, [
    { conversation: { id: 'long', created_at: at(0) }, messages, events },
    RICH,
  ]);
  const entries = await readZip(bytes);
  const names = [...entries.keys()].filter((name) => name.startsWith('conversations/000001'));
  expect(names).toHaveLength(3);
  expect(names[1]).toBe('conversations/000001-2026-01-02-2.html');
  const pages = await Promise.all(names.map((name) => reread(entries.get(name)!)));
  expect(pages.flatMap((page) => page.messages.map(({ id }) => id))).toEqual(messages.map(({ id }) => id));
  expect(pages.reduce((sum, { events }) => sum + events, 0)).toBe(30);
  const times = pages.flatMap((page) => page.times.slice(0, -1));
  expect(times).toEqual([...times].sort());
  const counts = readList(entries).map(({ counts }) => counts as Record<string, number>);
  expect(counts.reduce((sum, { messages = 0 }) => sum + messages, 0)).toBe(count + 4);
  expect(counts.reduce((sum, { conversations = 0 }) => sum + conversations, 0)).toBe(2);
  expect(pages[1]!.links).toEqual(['../index.html', names[0]!.replace('conversations/', '')]);
});

test('what lays out PDFs never gets more than 500 messages, or half a million characters, at once', async () => {
  const message = (i: number, body: string) => ({ id: `m${i}`, role: 'user', body, created_at: at(i) });
  const many = Array.from({ length: 1_100 }, (_, i) => message(i, 'x'));
  const huge = Array.from({ length: 6 }, (_, i) => message(i, 'y'.repeat(200_000)));
  const { bytes } = await renderDocuments({ as: 'pdf', layout: 'archive' }, [
    { conversation: { id: 'many', created_at: at(0) }, messages: many },
    { conversation: { id: 'huge', created_at: at(0) }, messages: huge },
  ]);
  const list = readList(await readZip(bytes)).filter(({ type }) => type === 'document');
  expect(list.map(({ counts }) => (counts as Record<string, number>)['messages'])).toEqual([
    500, 500, 100, 3, 3,
  ]);
  expect(list.map(({ volume }) => volume)).toEqual([1, 2, 3, 1, 2]);
});

test('a long conversation as one page is written piece by piece and is whole', async () => {
  const messages = Array.from({ length: 5_000 }, (_, i) => ({
    id: `m${i}`,
    role: 'user',
    body: 'x',
    created_at: at(i),
  }));
  const { bytes } = await renderDocuments({ as: 'html', layout: 'single' }, [
    { conversation: { id: 'long', created_at: at(0) }, messages },
  ]);
  expect((await reread(bytes)).messages).toHaveLength(5_000);
  expect(bytes.toString().split('<!doctype html>')).toHaveLength(2);
  expect(bytes.toString().endsWith('</html>\n')).toBe(true);
});

test('pain 18: characters without a glyph are told with their number, whatever document they stand in', async () => {
  const snowman = (id: string) => ({
    conversation: { id, subject: '☃', created_at: at(0) },
    messages: [{ id: 'm', role: 'user', body: 'a ☃ and ☃', created_at: at(1) }],
  });
  const { bytes, warnings } = await renderDocuments({ as: 'pdf', layout: 'archive' }, [
    snowman('a'),
    snowman('b'),
  ]);
  expect(warnings).toEqual([
    {
      code: 'formats.unknown_glyph',
      count: 6,
      detail: 'No font has these characters, so their code points are shown.',
      about: 'U+2603',
    },
  ]);
  const entries = await readZip(bytes);
  const made = entries.get('conversations/000001-2026-01-02.pdf')!.toString();
  expect((JSON.parse(made.split('\n')[1]!) as Transcript).entries).toMatchObject([
    { body: 'a ☃ and ☃', author: 'Customer' },
  ]);
});

test.each([
  ['html', 'archive'],
  ['pdf', 'archive'],
  ['html', 'single'],
  ['pdf', 'single'],
] as const)('rows count as done with their document, not before (%s, %s)', async (as, layout) => {
  const rowsEach = 1 + RICH.events!.length + RICH.files!.length + RICH.messages!.length + 1; // one is cited
  const records = layout === 'single' ? [RICH] : [RICH, RICH, RICH];
  const seen: { documents: number; records: number }[] = [];
  await renderDocuments({ as, layout }, records, { onRecord: (format) => seen.push(format.done) });
  expect(seen[0]).toEqual({ documents: 0, records: 0 });
  for (const { documents, records: rows } of seen) expect(rows).toBe(documents * rowsEach);
  // Of PDFs one may be on its way while the next conversation is read.
  expect(seen.at(-2)?.documents ?? 0).toBeGreaterThanOrEqual(records.length - 2);
  expect(seen.at(-1)).toEqual({ documents: records.length, records: records.length * rowsEach });
});

test('one conversation that cannot be made into a PDF is there as HTML, with a warning; the others are PDFs', async () => {
  const pdf = fakePdf(({ id }) => (id === 'v1' ? new ConveyError(pdfFailed) : undefined));
  const good = { ...RICH, conversation: { ...RICH.conversation, id: 'v2' } };
  const { bytes, warnings } = await renderDocuments({ as: 'pdf', layout: 'archive' }, [good, RICH, good], {
    pdf,
  });
  const entries = await readZip(bytes);
  expect([...entries.keys()].slice(0, 3).map((name) => name.slice(-5))).toEqual(['l.pdf', '.html', 'l.pdf']);
  expect(warnings).toMatchObject([{ code: 'formats.pdf_as_html', count: 1 }]);
  expect((await reread(entries.get('index.html')!)).links).toEqual([...entries.keys()].slice(0, 3));
  expect(readList(entries)[1]).toMatchObject({ conversation_id: 'v1', name: [...entries.keys()][1] });
});

test('any other failure of the engine ends the archive', async () => {
  const pdf = fakePdf(() => new Error('gone'));
  await expect(renderDocuments({ as: 'pdf', layout: 'archive' }, [RICH, RICH], { pdf })).rejects.toThrow(
    'gone',
  );
});

test.each(['html', 'pdf'] as const)('a sink that fails ends the archive (%s) with its reason', async (as) => {
  let chunks = 0;
  const write = async () => {
    if (++chunks > 2) throw new Error('disk full');
  };
  const records = (function* () {
    for (;;)
      yield { ...RICH, conversation: { ...RICH.conversation, id: randomBytes(50_000).toString('hex') } };
  })();
  await expect(renderDocuments({ as, layout: 'archive' }, records, { write })).rejects.toThrow('disk full');
});

test('a document of nothing is refused, and so is one PDF of more than one can hold', async () => {
  await expect(renderDocuments({ as: 'html', layout: 'single' }, [])).rejects.toMatchObject({
    code: 'formats.nothing_to_show',
  });
  const messages = Array.from({ length: 5_600 }, (_, i) => ({
    id: `m${i}`,
    role: 'user',
    body: 'x',
    created_at: at(i),
  }));
  const long = { conversation: { id: 'long', created_at: at(0) }, messages };
  await expect(renderDocuments({ as: 'pdf', layout: 'single' }, [long])).rejects.toMatchObject({
    code: 'formats.too_long_for_one_pdf',
  });
});

test('a conversation without a word, and an archive without a conversation, are whole all the same', async () => {
  const empty = { conversation: { id: 'v', created_at: at(0) } };
  const page = await reread((await renderDocuments({ as: 'html', layout: 'single' }, [empty])).bytes);
  expect(page).toMatchObject({ messages: [], title: 'Conversation v', unclosed: [] });
  const entries = await readZip((await renderDocuments({ as: 'html', layout: 'archive' }, [])).bytes);
  expect([...entries.keys()]).toEqual(['index.html', 'documents.ndjson']);
});

test('every colour of a text has a contrast of 4.5 or more on each ground, in light and dark', () => {
  const themes = [...PAGE_STYLE.matchAll(/:root\{([^}]*--paper[^}]*)\}/g)].map(([, text]) =>
    Object.fromEntries(
      [...text!.matchAll(/--(\w+):(#\w+)/g)].map(([, name, color]) => [name!, whole(color!)]),
    ),
  );
  expect(themes).toHaveLength(3); // light, dark, print
  for (const theme of themes) {
    for (const ground of ['paper', 'card', 'bot', 'team', 'note']) {
      for (const text of ['ink', 'soft', 'link']) {
        const [a, b] = [contrastWithWhite(theme[ground]!), contrastWithWhite(theme[text]!)];
        expect(Math.max(a / b, b / a), `${text} on ${ground}`).toBeGreaterThanOrEqual(4.5);
      }
    }
  }
});

/** `#fff` is `#ffffff`. */
const whole = (color: string) => (color.length === 4 ? color.replace(/[0-9a-f]/gi, '$&$&') : color);
