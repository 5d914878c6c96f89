import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ByteWriter } from './byte-writer.ts';
import { createNdjsonFormat, type NdjsonFormatOptions } from './ndjson.ts';
import type { RecordShape } from './record-format.ts';
import { memorySink, NASTY_TEXTS, renderFile } from './rows.fixture.ts';

const SHAPE: RecordShape = {
  type: 'conversation',
  section: 'conversations',
  columns: [
    { name: 'id', type: 'text', field: 0 },
    { name: 'agent.name', type: 'text', field: 1 },
  ],
  lists: [
    {
      name: 'messages',
      type: 'message',
      columns: [
        { name: 'conversation_id', type: 'text', field: 0 },
        { name: 'body', type: 'text', field: 1 },
      ],
    },
    { name: 'events', type: 'event', columns: [{ name: 'at', type: 'timestamptz', field: 0 }] },
  ],
};
const RECORDS = [
  {
    values: ['c1', 'Ann'],
    lists: [
      [
        ['c1', 'hi\n'],
        ['c1', null],
      ],
      [[0]],
    ],
  },
  { values: ['c2', null], lists: [[], []] },
];

async function render(options: NdjsonFormatOptions, shape = SHAPE, records: typeof RECORDS = RECORDS) {
  const sections = [{ shape, records }];
  const file = await renderFile((out) => createNdjsonFormat(out, options), sections, {
    head: { id: 'exp_1' },
  });
  return file.toString();
}

function endLine(lines: string[]): string {
  const before = lines.map((line) => `${line}\n`).join('');
  const sha256 = createHash('sha256').update(before).digest('hex');
  return `{"_end":true,"records":${lines.length},"sha256":"${sha256}"}\n`;
}

describe('NDJSON', () => {
  it('nested: one line per record with its lists inside, and the end line', async () => {
    const lines = [
      '{"type":"conversation","id":"c1","agent":{"name":"Ann"},' +
        '"messages":[{"conversation_id":"c1","body":"hi\\n"},{"conversation_id":"c1","body":null}],' +
        '"events":[{"at":"1970-01-01T00:00:00.000Z"}]}',
      '{"type":"conversation","id":"c2","agent":{"name":null},"messages":[],"events":[]}',
    ];
    expect(await render({ layout: 'nested' })).toBe(`${lines.join('\n')}\n${endLine(lines)}`);
  });

  it('flat: the record, then a line per item with its own type', async () => {
    const lines = [
      '{"type":"head","id":"exp_1"}',
      '{"type":"conversation","id":"c1","agent":{"name":"Ann"}}',
      '{"type":"message","conversation_id":"c1","body":"hi\\n"}',
      '{"type":"message","conversation_id":"c1","body":null}',
      '{"type":"event","at":"1970-01-01T00:00:00.000Z"}',
      '{"type":"conversation","id":"c2","agent":{"name":null}}',
    ];
    expect(await render({ layout: 'flat', head: true })).toBe(`${lines.join('\n')}\n${endLine(lines)}`);
  });

  it('without records is an end line that counts none', async () => {
    expect(await render({ layout: 'nested' }, SHAPE, [])).toBe(endLine([]));
  });

  it('keeps `type` for the line: a column of that name leaves as `kind`', async () => {
    const shape: RecordShape = {
      ...SHAPE,
      type: 'contact',
      columns: [
        { name: 'id', type: 'text', field: 0 },
        { name: 'type', type: 'text', field: 1 },
      ],
      lists: [],
    };
    const file = await render({ layout: 'nested' }, shape, [{ values: ['k1', 'lead'], lists: [] }]);
    expect(file.split('\n')[0]).toBe('{"type":"contact","id":"k1","kind":"lead"}');
    const both = [...shape.columns, { name: 'kind', type: 'text' as const, field: 1 }];
    await expect(render({ layout: 'nested' }, { ...shape, columns: both }, [])).rejects.toThrow(
      'kind is named twice',
    );
  });

  it('has one JSON object per line whatever the text holds, and a digest that any program can check', async () => {
    const records = NASTY_TEXTS.map((text) => ({ values: [text, text], lists: [[[text, text]], []] }));
    for (const layout of ['nested', 'flat'] as const) {
      const file = await render({ layout }, SHAPE, records as never);
      const lines = file.trimEnd().split('\n');
      const end = JSON.parse(lines.pop() ?? '');
      expect(end).toEqual({ _end: true, records: lines.length, sha256: expect.any(String) });
      const before = lines.map((line) => `${line}\n`).join('');
      expect(createHash('sha256').update(before).digest('hex')).toBe(end.sha256);
      const parsed = lines.map((line) => JSON.parse(line)).filter((line) => line.type === 'conversation');
      expect(parsed.map((line) => line.id)).toEqual(NASTY_TEXTS);
      expect(parsed.every((line) => layout === 'flat' || line.messages.length === 1)).toBe(true);
    }
  });

  it('refuses a writer that does not hash, before anything is written', () => {
    const out = new ByteWriter(memorySink(), { hash: false });
    expect(() => createNdjsonFormat(out, { layout: 'flat' })).toThrow('must hash');
    expect(out.bytes).toBe(0);
  });
});
