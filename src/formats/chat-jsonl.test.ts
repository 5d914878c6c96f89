import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { createChatFormat } from './chat-jsonl.ts';
import { NASTY_TEXTS, renderFile } from './rows.fixture.ts';
import { withFile } from './xlsx/xlsx.fixture.ts';

const SHAPE = {
  type: 'conversation',
  section: 'conversations',
  columns: [],
  lists: [
    {
      name: 'messages',
      type: 'message',
      columns: [
        { name: 'role', type: 'text', field: 0 },
        { name: 'content', type: 'text', field: 1 },
      ],
    },
  ],
} as const;

const render = (conversations: readonly (readonly (readonly [string, string])[])[]) =>
  renderFile(createChatFormat, [
    { shape: SHAPE, records: conversations.map((messages) => ({ values: [], lists: [messages] })) },
  ]);

test('a line is one conversation and nothing but its roles and texts; no head, no end line, no BOM', async () => {
  const bytes = await render([
    [
      ['system', 'Be kind.'],
      ['user', 'Hello "you"\n'],
      ['assistant', 'Hi 👋'],
    ],
    [['user', '']],
  ]);
  expect(bytes.toString()).toBe(
    '{"messages":[{"role":"system","content":"Be kind."},{"role":"user","content":"Hello \\"you\\"\\n"},' +
      '{"role":"assistant","content":"Hi 👋"}]}\n{"messages":[{"role":"user","content":""}]}\n',
  );
});

test('Python’s json reads every text as it was, line by line', async () => {
  const bytes = await render([
    NASTY_TEXTS.map((text) => ['user', text] as const),
    [['tool', 'x'.repeat(3_000_000)]],
  ]);
  // Split at \n only, as training programs do: U+2028 and U+0085 end no line.
  const script = `import json, sys
lines = open(sys.argv[1], "rb").read().split(b"\\n")
assert lines.pop() == b""
json.dump([[m["content"] for m in json.loads(line)["messages"]] for line in lines], open(sys.argv[2], "w"))`;
  const contents = await withFile('chat.jsonl', bytes, async (path, folder) => {
    await writeFile(`${folder}/read.py`, script);
    await promisify(execFile)('python3', [`${folder}/read.py`, path, `${folder}/out.json`]);
    return JSON.parse(await readFile(`${folder}/out.json`, 'utf8')) as string[][];
  });
  expect(contents).toEqual([[...NASTY_TEXTS], ['x'.repeat(3_000_000)]]);
});

test('no conversation is an empty file', async () => {
  expect((await render([])).length).toBe(0);
});
