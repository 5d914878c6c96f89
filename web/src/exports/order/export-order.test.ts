import { expect, test } from 'vitest';
import { cliOf, curlOf } from './command-lines.ts';
import { changesOf, choicesOf, type KindOptions, orderOf, usualSettings } from './export-order.ts';

const conversations: KindOptions = {
  kind: 'conversations',
  permission: 'export.conversations',
  allowed: true,
  formats: [
    {
      format: 'json',
      profiles: [],
      rows: [{ mode: null, default_fields: ['messages', 'customer', 'tags'], needed_fields: [] }],
    },
    {
      format: 'csv',
      profiles: ['machine', 'spreadsheet'],
      rows: [
        { mode: 'conversations', default_fields: ['messages', 'channel'], needed_fields: [] },
        { mode: 'messages', default_fields: ['messages', 'citations'], needed_fields: ['messages'] },
      ],
    },
  ],
  direct_formats: ['json', 'csv'],
  can_hold_files: true,
  can_anonymize: true,
};
const contact: KindOptions = {
  ...conversations,
  kind: 'contact',
  formats: [{ format: 'zip', profiles: [], rows: [{ mode: null, default_fields: null, needed_fields: [] }] }],
  direct_formats: ['zip'],
  can_anonymize: false,
};
const viewer = { mayHaveRecord: true, email: 'me@example.com' };
const usual = usualSettings(conversations);

test('an order says only what was chosen', () => {
  expect(orderOf({ kind: 'conversations', filter: {} }, usual, conversations, viewer)).toEqual({
    kind: 'conversations',
    format: 'json',
  });
  expect(
    orderOf(
      { kind: 'conversations', filter: { status: 'open' } },
      {
        ...usual,
        format: 'csv',
        mode: 'messages',
        fields: ['tags'],
        files: true,
        tellsMe: true,
        keepDays: 3,
      },
      conversations,
      viewer,
    ),
  ).toEqual({
    kind: 'conversations',
    filter: { status: 'open' },
    format: 'csv',
    mode: 'messages',
    profile: 'spreadsheet',
    fields: ['messages', 'tags'], // what its rows are made of is always there
    files: true,
    keep_days: 3,
    notify: ['me@example.com'],
  });
});

test('a format that a kind has not gives way to one that it has; a contact has no fields', () => {
  const order = orderOf(
    { kind: 'contact', contactId: 'c 1' },
    { ...usual, format: 'xlsx', fields: ['tags'], anonymize: true, for: 'subject' },
    contact,
    viewer,
  );
  expect(order).toEqual({ kind: 'contact', id: 'c 1', format: 'zip', for: 'subject' });
  expect(choicesOf(contact, usual).hasFields).toBe(false);
});

test('files are not taken along where they cannot be masked', () => {
  const settings = { ...usual, files: true, anonymize: true };
  expect(orderOf({ kind: 'conversations' }, settings, conversations, viewer)).toEqual({
    kind: 'conversations',
    format: 'json',
    anonymize: true,
  });
});

test('an order that is made again says everything, for what it leaves out stays as it was', () => {
  const order = orderOf({ kind: 'conversations', rerunOf: 'exp_1' }, usual, conversations, viewer);
  expect(changesOf(order)).toEqual({
    format: 'json',
    fields: ['messages', 'customer', 'tags'],
    files: false,
    anonymize: false,
    notify: [],
  });
});

test('as a request: quoted for any shell', () => {
  const order = { kind: 'conversations', filter: { q: `it's "x" $HOME` } } as const;
  expect(curlOf(order, { origin: 'https://convey.example' })).toBe(
    [
      'curl -fsS https://convey.example/v1/exports \\',
      '  -H "Authorization: Bearer $CONVEY_KEY" \\',
      `  -H 'content-type: application/json' \\`,
      `  -d '{"kind":"conversations","filter":{"q":"it'\\''s \\"x\\" $HOME"}}'`,
    ].join('\n'),
  );
  expect(curlOf(order, { origin: 'https://convey.example', rerunOf: 'exp_1' })).toContain(
    `/v1/exports/exp_1/rerun \\`,
  );
});

test('as a command: what it has words for, and nothing else', () => {
  const at = { workspace: 'acme', fields: undefined };
  expect(cliOf({ kind: 'contact', id: `c'1`, format: 'zip', for: 'subject' }, at)).toBe(
    `npx convey export -w acme -k contact -f zip --id='c'\\''1' --for subject --package -o contact.zip`,
  );
  expect(
    cliOf(
      { kind: 'conversations', format: 'csv', mode: 'messages', profile: 'machine', files: true },
      { workspace: 'acme', fields: ['messages', 'tags'] },
    ),
  ).toBe(
    'npx convey export -w acme -k conversations -f csv --mode messages --fields messages,tags --profile machine --package --files -o conversations.zip',
  );
  expect(cliOf({ kind: 'conversations', ids: ['v1', '-v 2'], format: 'json' }, at)).toBe(
    `npx convey export -w acme -k conversations -f json --ids=v1 --ids='-v 2' --package -o conversations.zip`,
  );
  const filter = { any_tag: ['a', 'b'], q: `it's`, has_files: true, csat_min: 4 };
  expect(cliOf({ kind: 'conversations', filter, format: 'json' }, at)).toBe(
    `npx convey export -w acme -k conversations -f json --any-tag=a --any-tag=b --q='it'\\''s' --has-files=true --csat-min=4 --package -o conversations.zip`,
  );
  expect(cliOf({ kind: 'conversations', format: 'xlsx', mode: 'messages' }, at)).toBeUndefined();
});
