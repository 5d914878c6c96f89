import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts';
import type { JsonObject, JsonValue } from '../canonical-json.ts';
import { recordEvent } from './record-event.ts';
import { verifyChain } from './verify-chain.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

/** The same numbers in every run (mulberry32), so that a failure can be repeated. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const random = seededRandom(20_261_121);
const below = (limit: number) => Math.floor(random() * limit);
const oneOf = <T>(items: readonly T[]): T => items[below(items.length)]!;

/** Any finite double: all bit patterns are as likely, so exponents of all sizes come up. */
function anyDouble(): number {
  const bits = Buffer.alloc(8);
  for (let i = 0; i < 8; i++) bits[i] = below(256);
  const value = bits.readDoubleBE();
  return Number.isFinite(value) ? value : 0;
}

const NUMBERS = [
  0,
  -0,
  1e21,
  1e-7,
  1.5e300,
  5e-324,
  Number.MAX_VALUE,
  Number.MAX_SAFE_INTEGER,
  0.1 + 0.2,
  -1.0,
];
const PIECES = [
  '\u0001',
  '\t',
  '"',
  '\\',
  '\\u0000',
  '/',
  'é',
  '\u2028',
  '\ufeff',
  '\uffff',
  '😀',
  'ﬁ',
  ' ',
  '{}',
];

function anyText(): string {
  const pieces = Array.from({ length: below(6) }, () =>
    random() < 0.5 ? oneOf(PIECES) : String.fromCharCode(32 + below(95)),
  );
  return pieces.join('');
}

function anyNumber(): number {
  const kind = random();
  return kind < 0.3 ? oneOf(NUMBERS) : kind < 0.6 ? anyDouble() : kind < 0.8 ? below(1e9) : below(1e9) / 1000;
}

function anyObject(depth: number): JsonObject {
  return Object.fromEntries(Array.from({ length: below(6) }, () => [anyText(), anyJson(depth + 1)]));
}

function anyJson(depth: number): JsonValue {
  const kind = random();
  if (depth < 4 && kind < 0.2) return anyObject(depth);
  if (depth < 4 && kind < 0.35) return Array.from({ length: below(5) }, () => anyJson(depth + 1));
  return kind < 0.6 ? anyNumber() : kind < 0.9 ? anyText() : oneOf([true, false, null]);
}

test('what is hashed is what PostgreSQL gives back, for 500 events of random texts and numbers', async () => {
  const workspaceId = await db.createWorkspace();
  await db.database.inScope({ workspaceId }, async (transaction) => {
    await transaction.query(`set local timezone = 'Pacific/Apia'; set local datestyle = 'German'`);
    for (let i = 0; i < 500; i++) {
      await recordEvent(transaction, workspaceId, {
        action: 'export.requested',
        actor: { type: 'user', ref: anyText(), ...(random() < 0.5 && { name: anyText() }) },
        target: { type: anyText(), ref: anyText() },
        outcome: 'success',
        interface: 'cli',
        details: anyObject(0),
        ...(random() < 0.6 && { personal: { changes: anyObject(0), ip: anyText() } }),
        ...(random() < 0.3 && { subjectRef: anyText() }),
      });
    }
  });
  const report = await verifyChain(db.database, workspaceId, { pageSize: 33 });
  expect(report).toMatchObject({ valid: true, events: 500, erasedBodies: 0 });
});
