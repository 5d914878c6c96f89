import { afterAll, beforeAll, expect, it } from 'vitest';
import { type IngestFixture, openIngest, sumOf } from './ingest.fixture.ts';
import { IngestModel, MODEL_TYPES, type ModelLine } from './ingest-model.fixture.ts';

let test: IngestFixture;
beforeAll(async () => {
  test = await openIngest();
});
afterAll(() => test.drop());

/** Mulberry32: the same lines for the same seed, on any machine. */
function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

/** `clocks`: how lines are timed. Mixed, they can seldom be folded; timeless, nearly always. */
function makeLine(random: (below: number) => number, clocks: 'timeless' | 'versions' | 'mixed'): ModelLine {
  const types = ['contact', 'conversation', 'conversation', 'message', 'message', 'message', 'ticket'];
  const type = types[random(types.length)]!;
  const line: ModelLine = { type, id: `${type}-${random(type === 'message' ? 6 : 4)}` };
  const what = random(20);
  if (what === 0) return { ...line, op: 'delete', ...clockOf(random, clocks) };
  if (type === 'contact' && what === 1)
    return { ...line, op: 'merge', into: `contact-${(Number(line.id.at(-1)) + 1) % 4}` };
  if (what < 9) line.op = 'patch';
  const { columns, owner, link } = MODEL_TYPES[type]!;
  for (const column of columns) {
    const parent = { ...owner, ...link }[column];
    const isRequired = type === 'message' && column === 'conversation_id';
    if (parent !== undefined) {
      if (line.op === 'patch' ? random(6) === 0 : isRequired || random(2) === 0)
        line[column] = `${parent}-${random(4)}`;
    } else if (random(3) > 0) {
      line[column] = `${column} ${random(1000)}`;
    } else if (random(4) === 0) {
      line[column] = null;
    }
  }
  if (random(4) === 0) line['odd'] = random(100);
  // Only where it cannot matter which of two lines that wait for different parents comes first.
  if (type === 'contact' && random(2) === 0)
    line['created_at'] = `2020-01-${String(1 + random(28)).padStart(2, '0')}T00:00:00.000Z`;
  if (type === 'message' && line.op !== 'patch') line['role'] = 'user';
  return { ...line, ...clockOf(random, clocks) };
}

function clockOf(random: (below: number) => number, clocks: 'timeless' | 'versions' | 'mixed'): object {
  const time = () => `2021-01-${String(1 + random(28)).padStart(2, '0')}T00:00:00.000Z`;
  if (clocks === 'timeless') return {};
  if (clocks === 'versions') return { version: random(50) };
  return [{}, { version: random(9) }, { updated_at: time() }, { version: random(9), updated_at: time() }][
    random(4)
  ]!;
}

/**
 * Cuts lines into bodies for which the order of lines is kept exactly. The one liberty that a batch takes: the
 * lines that a new record sets free come after the whole batch. So a line about a record that has waited and
 * a line that may set something free go to different bodies.
 */
function* cutBodies(model: IngestModel, lines: readonly ModelLine[]): Generator<ModelLine[]> {
  const nameOf = ({ type, id }: ModelLine) => `${type} ${id}`;
  const namesIn = (waiting: IngestModel['waiting']) =>
    waiting.flatMap(({ line }) => [
      nameOf(line),
      ...(line.into === undefined ? [] : [`contact ${line.into}`]),
    ]);
  for (let start = 0; start < lines.length; ) {
    model.begin();
    const waited = new Set(namesIn(model.waiting));
    const body: ModelLine[] = [];
    let canFree = false;
    let hasWaited = false;
    for (; start < lines.length && body.length < 40; start++) {
      const line = lines[start]!;
      canFree ||= line.op === 'merge' || (line.op === undefined && line.type !== 'message');
      hasWaited ||= waited.has(nameOf(line));
      if (canFree && hasWaited && body.length > 0) break;
      model.take(line);
      body.push(line);
      for (const name of namesIn(model.waiting)) waited.add(name);
    }
    yield body;
  }
}

async function readStored(workspaceId: string): Promise<Record<string, object>> {
  const stored: Record<string, object> = {};
  for (const [type, { table, columns }] of Object.entries(MODEL_TYPES)) {
    for (const row of await test.rows(workspaceId, table)) {
      const picked = Object.fromEntries(columns.map((column) => [column, row[column]]));
      const created = row['created_at'] as Date;
      stored[`${type} ${String(row['id'])}`] = {
        ...picked,
        version: row['version'] === null ? null : Number(row['version']),
        updated_at: (row['updated_at'] as Date | null)?.toISOString() ?? null,
        created_at: created.getUTCFullYear() === 2020 ? created.toISOString() : null,
        attributes: row['attributes'],
      };
    }
  }
  return stored;
}

async function readWaiting(workspaceId: string): Promise<Set<string>> {
  const rows = await test.rows<Record<string, string>>(workspaceId, 'ingest_pending');
  const waiting = rows.filter((row) => row['given_up_at'] === null);
  return new Set(waiting.map((row) => `${row['type']} ${row['record_id']}`));
}

function readModel(model: IngestModel): Record<string, object> {
  const stored: Record<string, object> = {};
  for (const [type, records] of model.records) {
    for (const [id, record] of records) stored[`${type} ${id}`] = record;
  }
  return stored;
}

const SEEDS = Array.from({ length: Number(process.env['MODEL_SEEDS'] ?? 8) }, (_, index) => index + 1);

/**
 * `mixed` is left to MODEL_CLOCKS: where lines of one record carry different clocks and some of them wait for a
 * parent, which of them has the last word may differ from their order (docs/ingest.md says to use one clock).
 */
const CLOCKS = (process.env['MODEL_CLOCKS'] ?? 'timeless,versions').split(',') as (
  | 'timeless'
  | 'versions'
  | 'mixed'
)[];

it.each(SEEDS.flatMap((seed) => CLOCKS.map((clocks) => ({ seed, clocks }))))(
  'batches of lines ($clocks, seed $seed) have the effect of the lines one after the other',
  async ({ seed, clocks }) => {
    const random = randomOf(seed * 7919);
    const workspaceId = await test.createWorkspace();
    const model = new IngestModel();
    const lines = Array.from({ length: 150 }, () => makeLine(random, clocks));
    for (const body of cutBodies(model, lines)) {
      const result = await test.send(workspaceId, body);
      expect(result.rejected.map(({ line }) => line)).toEqual(model.rejected.sort((a, b) => a - b));
      expect(sumOf(result)).toBe(result.received);
      expect(await readStored(workspaceId)).toEqual(readModel(model));
      // Of lines that wait, one that will change nothing may be left out sooner or later than in the model.
      expect(result.pending).toBeLessThanOrEqual(model.countPending());
      const waiting = await readWaiting(workspaceId);
      for (const { line } of model.waiting) expect(waiting).toContain(`${line.type} ${line.id}`);
    }
  },
);
