import { describe, expect, it } from 'vitest';
import { ConveyError } from '../errors.ts';
import { ByteWriter } from './byte-writer.ts';
import { ScratchBuffer } from './cells/scratch-buffer.ts';
import { type ColumnType, jsonWriters, machineCsvWriters, readValue } from './codecs.ts';
import { memorySink, NASTY_TEXTS, randomText, seededRandom, viewRow, viewRows } from './rows.fixture.ts';

/** One value as JSON bytes, read as text. */
function toJson(type: ColumnType, value: unknown): string {
  const out = new ScratchBuffer();
  jsonWriters[type](out, viewRow([type], [value]), 0);
  return out.take().toString();
}

function read<T extends ColumnType>(type: T, value: unknown) {
  return readValue(viewRow([type], [value]), 0, type);
}

describe('text as JSON', () => {
  it('is what JSON.stringify writes, for every nasty text', () => {
    for (const text of NASTY_TEXTS) expect(toJson('text', text)).toBe(JSON.stringify(text));
  });

  it('escapes quote, backslash and controls, and passes every other byte unchanged', () => {
    for (let code = 1; code < 256; code++) {
      // At each place of a word, so that the word-wise scan meets it everywhere.
      for (let before = 0; before < 9; before++) {
        const bytes = Buffer.concat([
          Buffer.alloc(before, 0x61),
          Buffer.from([code]),
          Buffer.alloc(9 - before, 0xff),
        ]);
        const out = new ScratchBuffer();
        jsonWriters.text(out, viewRow(['text'], [bytes]), 0);
        const written = out.take().toString('latin1');
        const escaped =
          code < 0x80 ? JSON.stringify(String.fromCharCode(code)).slice(1, -1) : String.fromCharCode(code);
        expect(written).toBe(`"${'a'.repeat(before)}${escaped}${'\xff'.repeat(9 - before)}"`);
      }
    }
  });

  it('is exact at every length, offset and chunk size, with and without escapes', () => {
    const random = seededRandom(4);
    for (let round = 0; round < 300; round++) {
      const text = randomText(random, round % 10 === 0 ? 60_000 : 80);
      expect(toJson('text', text)).toBe(JSON.stringify(text));
    }
  });

  it('is exact for a text larger than a chunk, and asks for little more room than it needs', async () => {
    const text = '\u0001"é'.repeat(400_000);
    const sink = memorySink();
    const lengths: number[] = [];
    const out = new ByteWriter(
      {
        write(chunk) {
          lengths.push(chunk.buffer.byteLength);
          return sink.write(chunk);
        },
      },
      { chunkBytes: 1 << 18 },
    );
    jsonWriters.text(out, viewRow(['text'], [text]), 0);
    await out.end();
    expect(sink.bytes().toString()).toBe(JSON.stringify(text));
    expect(new Set(lengths)).toEqual(new Set([1 << 18]));
  });
});

describe('numbers and booleans', () => {
  it('writes int64 with exact digits, beyond what JS numbers hold', () => {
    const random = seededRandom(5);
    const values = [
      0n,
      1n,
      -1n,
      9n,
      10n,
      99n,
      2147483647n,
      2147483648n,
      -2147483648n,
      4294967295n,
      4294967296n,
      9007199254740991n,
      9007199254740992n,
      9007199254740993n,
      -9007199254740992n,
      -9007199254740993n,
      9223372036854775807n,
      -9223372036854775808n,
    ];
    for (let power = 1n; power < 10n ** 18n; power *= 10n) values.push(power, power - 1n, -power);
    for (let i = 0; i < 2000; i++) {
      values.push(BigInt.asIntN(64, (BigInt(Math.floor(random() * 2 ** 53)) ** 2n) >> BigInt(i % 90)));
    }
    for (const value of values) {
      expect(toJson('bigint', value)).toBe(String(value));
      expect(read('bigint', value)).toBe(value);
    }
  });

  it('writes xid8 as unsigned', () => {
    for (const value of [0n, 771n, 2n ** 32n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n]) {
      expect(toJson('xid8', value)).toBe(String(value));
      expect(read('xid8', value)).toBe(value);
    }
  });

  it('writes booleans', () => {
    expect([toJson('boolean', true), toJson('boolean', false)]).toEqual(['true', 'false']);
    expect([read('boolean', true), read('boolean', false), read('boolean', null)]).toEqual([
      true,
      false,
      null,
    ]);
  });
});

describe('timestamptz', () => {
  const FIRST = Date.parse('0001-01-01T00:00:00Z');
  const LAST = Date.parse('9999-12-31T23:59:59.999Z');

  it('is what Date prints, from year 0001 to 9999', () => {
    const random = seededRandom(6);
    const times = ['1969-12-31T23:59:59.999Z', '1970-01-01', '1999-12-31T23:59:59.999Z', '2000-01-01'];
    times.push(
      '2000-02-29T12:00:00.001Z',
      '1900-02-28T23:59:59Z',
      '2038-01-19T03:14:08Z',
      '2026-05-01T09:08:07.006Z',
    );
    const all = [FIRST, LAST, ...times.map((time) => Date.parse(time))];
    // More days than the cache holds.
    for (let i = 0; i < 12_000; i++) all.push(FIRST + Math.floor(random() * (LAST - FIRST)));
    for (const time of all) {
      expect(toJson('timestamptz', time)).toBe(`"${new Date(time).toISOString()}"`);
    }
    for (const time of all.slice(0, 500)) {
      expect(read('timestamptz', new Date(time))).toEqual(new Date(time));
    }
  });

  it('cuts microseconds off towards the past, exactly, even where a double cannot hold the count', () => {
    for (const day of ['0001-01-01', '1969-12-31', '2026-05-01', '9999-12-31']) {
      for (const micros of [0n, 1n, 999n, 1000n, 1999n, 86_399_999_999n]) {
        const bytes = Buffer.alloc(8);
        const since2000 = BigInt(Date.parse(day) - Date.parse('2000-01-01')) * 1000n + micros;
        bytes.writeBigInt64BE(since2000);
        const row = viewRow(['text'], [bytes]);
        const out = new ScratchBuffer();
        jsonWriters.timestamptz(out, row, 0);
        const expected = new Date(Date.parse(day) + Number(micros / 1000n)).toISOString();
        expect(out.take().toString()).toBe(`"${expected}"`);
      }
    }
  });

  it('writes years of more digits as Date does, and infinities as PostgreSQL does', () => {
    expect(toJson('timestamptz', -62_200_000_000_000)).toBe(
      `"${new Date(-62_200_000_000_000).toISOString()}"`,
    );
    expect(toJson('timestamptz', 253_402_300_800_000)).toBe('"+010000-01-01T00:00:00.000Z"');
    const infinities = [Buffer.from('7fffffffffffffff', 'hex'), Buffer.from('8000000000000000', 'hex')];
    const texts = infinities.map((bytes) => {
      const out = new ScratchBuffer();
      jsonWriters.timestamptz(out, viewRow(['text'], [bytes]), 0);
      return out.take().toString();
    });
    expect(texts).toEqual(['"infinity"', '"-infinity"']);
    const beyond = viewRow(['text'], [Buffer.from('7fffff0000000000', 'hex')]);
    expect(() => jsonWriters.timestamptz(new ScratchBuffer(), beyond, 0)).toThrow(ConveyError);
  });
});

describe('jsonb', () => {
  it('loses the spaces PostgreSQL prints, and no space inside a string', () => {
    expect(toJson('jsonb', '{"a": 1, "b": [true, null, "x, y: z"], " k ": {}}')).toBe(
      '{"a":1,"b":[true,null,"x, y: z"]," k ":{}}',
    );
    expect(toJson('jsonb', '"a \\" b\\\\"')).toBe('"a \\" b\\\\"');
    expect(toJson('jsonb', '["\\\\", " "]')).toBe('["\\\\"," "]');
  });

  it('keeps the value for any JSON, and numbers digit by digit', () => {
    const random = seededRandom(7);
    for (let i = 0; i < 300; i++) {
      const value = {
        [randomText(random, 40)]: [randomText(random, 200), 1.5, { ' x ': randomText(random, 30) }],
      };
      // Printed as PostgreSQL does: a space after each separator.
      const compact = JSON.stringify(value);
      const spaced = compact.replace(/("(?:[^"\\]|\\.)*")|([:,])/g, (_all, text, mark) => text ?? `${mark} `);
      expect(toJson('jsonb', spaced)).toBe(compact);
      expect(read('jsonb', spaced)).toEqual(value);
    }
    expect(toJson('jsonb', '[12345678901234567890.123000]')).toBe('[12345678901234567890.123000]');
  });

  it('refuses another version', () => {
    const row = viewRow(['text'], [Buffer.from('\x02{}')]);
    expect(() => jsonWriters.jsonb(new ScratchBuffer(), row, 0)).toThrow(/jsonb of version 1/);
    expect(() => readValue(viewRow(['text'], ['']), 0, 'jsonb')).toThrow(/jsonb/);
  });
});

describe('text[]', () => {
  it('is a JSON array, NULL elements included', () => {
    for (const value of [[], ['a'], ['', null, 'b"\n'], [null], [...NASTY_TEXTS]]) {
      expect(toJson('text[]', value)).toBe(JSON.stringify(value));
      expect(read('text[]', value)).toEqual(value);
    }
  });

  it.each([
    ['a matrix', '00000002000000000000001900000001000000010000000100000001'],
    ['elements beyond the field', '000000010000000000000019000000010000000100000009ff'],
    ['a missing element', '0000000100000000000000190000000200000001ffffffff'],
    ['a header cut short', '0000000100'],
  ])('refuses %s', (_name, hex) => {
    const row = viewRow(['text'], [Buffer.from(hex, 'hex')]);
    expect(() => jsonWriters['text[]'](new ScratchBuffer(), row, 0)).toThrow(ConveyError);
    expect(() => readValue(row, 0, 'text[]')).toThrow(ConveyError);
  });
});

describe('every type', () => {
  it('refuses a field whose size is not its type’s: query and plan disagree', () => {
    const row = viewRow(['text'], ['abc']);
    for (const type of ['bigint', 'xid8', 'boolean', 'timestamptz'] as const) {
      expect(() => jsonWriters[type](new ScratchBuffer(), row, 0)).toThrow(/3 bytes instead of/);
      expect(() => machineCsvWriters[type](new ScratchBuffer(), row, 0)).toThrow(ConveyError);
      expect(() => readValue(row, 0, type)).toThrow(ConveyError);
    }
  });

  it('reads NULL as null and text as it was', () => {
    const types = Object.keys(jsonWriters) as ColumnType[];
    for (const row of viewRows(types, [types.map(() => null)])) {
      expect(types.map((type, i) => readValue(row, i, type))).toEqual(types.map(() => null));
    }
    for (const text of NASTY_TEXTS) expect(read('text', text)).toBe(text);
    expect(() => readValue(viewRow(['text'], ['x']), 1, 'text')).toThrow('no field 1');
  });
});
