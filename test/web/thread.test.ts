import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sampleFileContent } from '../../samples/sample-files.ts';
import type { SampleRecord } from '../../samples/sample-record.ts';
import { askAs } from './support/exports.ts';
import { openSite, type Site } from './support/site.ts';

// One conversation as a thread (V-01, V-04, V-12, H-08): everything in it, its facts, and its export.

const ID = 'conv/7 “über”';
const LONG = 'long';
const at = (minute: number) => new Date(Date.UTC(2026, 2, 1, 10, minute)).toISOString();
const said = (id: string, minute: number, role: string, more: object) => ({
  type: 'message',
  id,
  conversation_id: ID,
  role,
  created_at: at(minute),
  ...more,
});
const call = { type: 'file', id: 'call-1', name: 'call.wav', media_type: 'audio/wav' } as SampleRecord;
const sound = sampleFileContent(call);
const RECORDS: object[] = [
  {
    type: 'contact',
    id: 'c-ann',
    kind: 'customer',
    name: 'Ann Lee',
    email: 'ann@example.com',
    phone: '+4915112345',
  },
  {
    type: 'conversation',
    id: ID,
    contact_id: 'c-ann',
    channel: 'voice',
    status: 'resolved',
    priority: 'urgent',
    subject: 'The lamp flickers',
    tags: ['hardware', 'vip'],
    assigned_agent: { id: 'tm-1', name: 'Mirela Dragan' },
    csat: { rating: 5, comment: 'Quick, thanks' },
    created_at: at(0),
    resolved_at: at(30),
    metadata: { order: 'OV-1' },
  },
  said('m1', 1, 'user', {
    author: { name: 'Ann Lee', contact_id: 'c-ann' },
    body: 'My lamp flickers.\nSince Monday.',
  }),
  said('m2', 2, 'tool', {
    tool: { name: 'find_order', arguments: { order: 'OV-1' }, result: { status: 'sent' } },
  }),
  said('m3', 3, 'assistant', {
    author: { name: 'Ember' },
    body: 'Please tighten the ring.',
    in_reply_to: 'm1',
    citations: [
      { title: 'Care guide', url: 'https://help.example.com/care', quote: 'tighten the ring' },
      { title: 'Bad link', url: 'javascript:alert(1)' },
    ],
  }),
  said('m4', 4, 'system', { body: 'A teammate takes over.' }),
  said('m5', 5, 'teammate', {
    author: { name: 'Mirela Dragan' },
    is_internal: true,
    body: 'Third case this week.',
  }),
  said('m6', 6, 'teammate', {
    author: { name: 'Mirela Dragan' },
    body: '<b>We send a new one.</b>',
    edited_at: at(7),
    delivery_status: 'read',
  }),
  {
    type: 'event',
    id: 'ev1',
    conversation_id: ID,
    kind: 'claimed',
    at: at(5),
    actor: { type: 'user', name: 'Mirela Dragan' },
    reason: 'Asked for a person',
  },
  {
    type: 'event',
    id: 'ev2',
    conversation_id: ID,
    kind: 'priority_changed',
    at: at(6),
    before: 'normal',
    after: 'urgent',
  },
  {
    ...call,
    kind: 'recording',
    conversation_id: ID,
    message_id: 'm1',
    size: sound.length,
    created_at: at(1),
  },
  {
    type: 'file',
    id: 'gone',
    kind: 'upload',
    name: 'photo.png',
    conversation_id: ID,
    size: 1200,
    created_at: at(8),
  },
  { type: 'conversation', id: LONG, subject: 'Very long', created_at: at(0) },
  ...Array.from({ length: 230 }, (_, i) => ({
    type: 'message',
    id: `l${String(i).padStart(3, '0')}`,
    conversation_id: LONG,
    role: i % 2 === 0 ? 'user' : 'assistant',
    body: `Line ${i}`,
    created_at: new Date(Date.UTC(2026, 2, 1, 10, 0, i)).toISOString(),
  })),
];

let site: Site;
beforeAll(async () => {
  site = await openSite({ conversations: 0 });
  const headers = await site.server.authorize(site.workspaceId, ['ingest']);
  const send = async (method: string, path: string, type: string, body: string | Buffer) => {
    const reply = await fetch(site.server.url + path, {
      method,
      headers: { ...headers, 'content-type': type },
      body: body as BodyInit,
    });
    expect(reply.status, await reply.text()).toBe(200);
  };
  const lines = RECORDS.map((record) => `${JSON.stringify(record)}\n`).join('');
  await send('POST', '/v1/ingest', 'application/x-ndjson', lines);
  await send('PUT', '/v1/files/call-1/content', 'application/octet-stream', sound);
});
afterAll(() => site.close());

const path = `/conversations/${encodeURIComponent(ID)}`;

test('a thread shows who said what, what happened, what it rests on, and what came with it', async () => {
  const { page, visit, expectAccessible, picture } = await site.openAs('admin');
  await visit('/conversations');
  await page.getByRole('link', { name: 'Ann Lee' }).click();
  await page.getByRole('heading', { name: 'The lamp flickers', level: 1 }).waitFor();
  const thread = page.getByRole('region', { name: 'Thread' });
  await thread.getByText('Since Monday.').first().waitFor();
  await thread.getByText('Internal note').waitFor();
  await thread.getByText('Third case this week.').waitFor();
  // Markup of others is text, and an address that is no web address is none to click.
  await thread.getByText('<b>We send a new one.</b>').waitFor();
  expect(await thread.getByRole('link', { name: 'Care guide' }).getAttribute('href')).toBe(
    'https://help.example.com/care',
  );
  expect(await thread.getByRole('link', { name: 'Bad link' }).count()).toBe(0);
  await thread.getByText('In reply to: My lamp flickers.').waitFor();
  await thread.getByText('Claimed · Mirela Dragan · Asked for a person').waitFor();
  await thread.getByText('Priority changed · normal → urgent').waitFor();
  expect(await thread.getByText(/edited/).count()).toBe(1);
  await thread.getByText('Tool call: find_order').click();
  await thread.getByText('"status": "sent"').waitFor();
  await thread.getByText('its content never arrived').waitFor();
  expect(await thread.getByRole('button', { name: 'Download photo.png' }).count()).toBe(0);

  const facts = page.getByRole('complementary', { name: 'About this conversation' });
  for (const fact of ['ann@example.com', 'voice', 'urgent', 'hardware', 'Mirela Dragan', 'Quick, thanks', ID])
    await facts.getByText(fact, { exact: true }).first().waitFor();
  expect(await facts.getByRole('link', { name: 'Ann Lee' }).getAttribute('href')).toBe('/contacts/c-ann');
  await expectAccessible();
  await picture('thread');
  await page.getByRole('link', { name: 'Conversations' }).last().click();
  await page.getByRole('grid', { name: 'Conversations' }).waitFor();
});

test('a recording is played in the page, from its middle too, and downloaded whole', async () => {
  const { page, visit } = await site.openAs('viewer');
  await visit(path);
  await page.locator('audio').waitFor();
  const length = await page.evaluate<number>(`new Promise((resolve, reject) => {
    const audio = document.querySelector('audio');
    audio.addEventListener('loadedmetadata', () => resolve(audio.duration));
    audio.addEventListener('error', () => reject(new Error(audio.error.message)));
    audio.preload = 'auto';
    audio.load();
  })`);
  expect(length).toBeGreaterThan(0);
  const moved = await page.evaluate<number>(`new Promise((resolve) => {
    const audio = document.querySelector('audio');
    audio.addEventListener('seeked', () => resolve(audio.currentTime));
    audio.currentTime = audio.duration / 2;
  })`);
  expect(moved).toBeCloseTo(length / 2, 1);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download call.wav' }).click(),
  ]);
  expect(download.suggestedFilename()).toBe('call.wav');
  expect((await readFile(await download.path())).equals(sound)).toBe(true);
});

test.each([
  [
    'JSON',
    'json',
    (text: string) => expect(JSON.stringify(JSON.parse(text))).toContain('We send a new one.'),
  ],
  ['CSV', 'csv', (text: string) => expect(text).toContain('My lamp flickers.')],
  ['HTML', 'html', (text: string) => expect(text).toContain('We send a new one.')],
  ['PDF', 'pdf', (text: string) => expect(text.startsWith('%PDF-')).toBe(true)],
] as const)('one conversation is exported as %s', async (name, extension, check) => {
  const { page, visit } = await site.openAs('admin');
  await visit(path);
  await page.getByRole('button', { name: 'Export' }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(new RegExp(`\\.${extension}$`));
  check(
    await readFile(await download.path(), 'latin1').then((text) => Buffer.from(text, 'latin1').toString()),
  );
  await page.getByText(`${download.suggestedFilename()} is saved`).waitFor();
});

test('an export that is refused or breaks off says so, and leaves no file', async () => {
  const { page, visit, picture } = await site.openAs('admin');
  const downloads: string[] = [];
  page.on('download', (one) => downloads.push(one.suggestedFilename()));
  await visit(path);
  await page.route('**/export?format=json', (route) => route.abort('connectionreset'));
  await page.getByRole('button', { name: 'Export' }).click();
  await picture('thread-export-menu');
  await page.getByRole('menuitem', { name: 'JSON' }).click();
  await page.getByText('The server did not answer.').waitFor();
  await site.db.asSuperuser(
    `update workspaces set tightening = '{"export.conversation": ["owner"]}' where id = $1`,
    [site.workspaceId],
  );
  try {
    await page.getByRole('button', { name: 'Export' }).click();
    await page.getByRole('menuitem', { name: 'CSV' }).click();
    await page.getByText('access.forbidden').waitFor();
    await picture('thread-export-refused');
  } finally {
    await site.db.asSuperuser(`update workspaces set tightening = '{}' where id = $1`, [site.workspaceId]);
  }
  expect(downloads).toEqual([]);
});

test('agents see neither notes nor events, and may export; viewers may not', async () => {
  const agent = await site.openAs('agent');
  await agent.visit(path);
  await agent.page.getByText('Please tighten the ring.').waitFor();
  expect(await agent.page.getByText('Third case this week.').count()).toBe(0);
  expect(await agent.page.getByText(/Claimed/).count()).toBe(0);
  expect(await agent.page.getByRole('button', { name: 'Export' }).count()).toBe(1);
  const viewer = await site.openAs('viewer');
  await viewer.visit(path);
  await viewer.page.getByText('Please tighten the ring.').waitFor();
  expect(await viewer.page.getByText('Third case this week.').count()).toBe(0);
  expect(await viewer.page.getByRole('button', { name: 'Export' }).count()).toBe(0);
  const address = `/v1/conversations/${encodeURIComponent(ID)}/export`;
  expect((await askAs(site, viewer.person, 'GET', address)).status).toBe(403);
});

test('a conversation of another audience is as unknown as one that is not there', async () => {
  await site.db.asSuperuser(
    `update conversations set audience = 'secret' where workspace_id = $1 and id = $2`,
    [site.workspaceId, LONG],
  );
  const { page, visit, picture } = await site.openAs('editor');
  await visit(`/conversations/${LONG}`);
  await page.getByText('There is no such record in this workspace.').waitFor();
  await page.getByText('records.not_found').waitFor();
  await picture('thread-unknown');
});

test('a long thread comes in parts, in German on a phone as well', async () => {
  const { page, visit, expectAccessible } = await site.openAs('owner', { isPhone: true, language: 'de' });
  await visit(`/conversations/${LONG}`);
  await page.getByText('Line 99', { exact: true }).waitFor();
  expect(await page.getByText('Line 100', { exact: true }).count()).toBe(0);
  const more = page.getByRole('button', { name: 'Mehr vom Verlauf anzeigen' });
  await more.click();
  await page.getByText('Line 199', { exact: true }).waitFor();
  await more.click();
  await page.getByText('Line 229', { exact: true }).waitFor();
  expect(await more.count()).toBe(0);
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
  await expectAccessible();
});
