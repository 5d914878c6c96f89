import { describe, expect, it } from 'vitest';
import { type ColumnType, readValue } from './codecs.ts';
import { RowEncoder } from './encode-rows.ts';
import { RowParser } from './row-view.ts';
import { NASTY_TEXTS, viewRow } from './rows.fixture.ts';

describe('RowEncoder', () => {
  it('writes PostgreSQL’s binary COPY byte for byte', () => {
    const types: ColumnType[] = [
      'text',
      'bigint',
      'boolean',
      'timestamptz',
      'jsonb',
      'text[]',
      'xid8',
      'text',
    ];
    const encoder = new RowEncoder(types);
    encoder.row(['hé', -2, true, new Date('2000-01-01T00:00:01Z'), '{}', ['a', null], 5n, null]);
    encoder.end();
    // As `psql -c "copy (select 'hé', -2::bigint, …) to stdout (format binary)"` sends it.
    expect(encoder.take().toString('hex')).toBe(
      [
        '5047434f50590aff0d0a00',
        '00000000',
        '00000000',
        '0008',
        '0000000368c3a9',
        '00000008fffffffffffffffe',
        '0000000101',
        '0000000800000000000f4240',
        '00000003017b7d',
        '0000001d0000000100000001000000190000000200000001',
        '0000000161ffffffff',
        '000000080000000000000005',
        'ffffffff',
        'ffff',
      ].join(''),
    );
  });

  it('encodes whatever it takes so that the parser reads the same', () => {
    for (const text of NASTY_TEXTS) {
      expect(readValue(viewRow(['text'], [text]), 0, 'text')).toBe(text);
      expect(readValue(viewRow(['text'], [Buffer.from(text)]), 0, 'text')).toBe(text);
      expect(readValue(viewRow(['jsonb'], [JSON.stringify(text)]), 0, 'jsonb')).toBe(text);
    }
    expect(readValue(viewRow(['text[]'], [[]]), 0, 'text[]')).toEqual([]);
    expect(readValue(viewRow(['bigint'], [Number.MIN_SAFE_INTEGER]), 0, 'bigint')).toBe(-9007199254740991n);
    expect(readValue(viewRow(['timestamptz'], [1_700_000_000_123.75]), 0, 'timestamptz')).toEqual(
      new Date(1_700_000_000_123),
    );
  });

  it('keeps microseconds and the ends of the calendar', () => {
    const micros = (time: number) => viewRow(['timestamptz'], [time]);
    const at = (time: number) => {
      const row = micros(time);
      return row.view.getBigInt64(row.offsets[0] ?? 0);
    };
    expect(at(946_684_800_000.001)).toBe(1n);
    expect(at(-62_135_596_800_000)).toBe(-63_082_281_600_000_000n);
    expect(at(253_402_300_799_999)).toBe(252_455_615_999_999_000n);
    expect(at(1_700_000_000_000.5)).toBe(753_315_200_000_500n);
  });

  it('gives its bytes piece by piece, and reuses memory that comes back', () => {
    const encoder = new RowEncoder(['text']);
    const parser = new RowParser(1);
    const memory = new Set<ArrayBufferLike>();
    let read = 0;
    for (let i = 0; i < 5000; i++) {
      encoder.row([`row ${i} ${'x'.repeat(i % 300)}`]);
      if (encoder.sizeBytes < 20_000) continue;
      const taken = encoder.take();
      memory.add(taken.buffer);
      parser.push(taken);
      while (parser.next()) read++;
      encoder.recycle(taken);
    }
    encoder.end();
    parser.push(encoder.take());
    while (parser.next()) read++;
    parser.ensureEnded();
    expect([read, encoder.rows]).toEqual([5000, 5000]);
    expect(memory.size).toBeLessThanOrEqual(2);
  });

  it('names the column of a value that is not of its type, and leaves the row out', () => {
    const bad: [ColumnType, unknown][] = [
      ['text', 1],
      ['jsonb', {}],
      ['bigint', 1.5],
      ['bigint', 2 ** 53],
      ['bigint', 2n ** 63n],
      ['bigint', '1'],
      ['xid8', -1],
      ['xid8', -1n],
      ['boolean', 'true'],
      ['timestamptz', Number.NaN],
      ['timestamptz', '2026-01-01'],
      ['timestamptz', new Date('x')],
      ['text[]', 'a'],
      ['text[]', [1]],
      ['text[]', [undefined]],
    ];
    for (const [type, value] of bad) {
      const encoder = new RowEncoder(['text', type]);
      encoder.row(['ok', null]);
      const before = encoder.sizeBytes;
      expect(() => encoder.row(['bad', value])).toThrow(`Column 1 (${type})`);
      expect([encoder.sizeBytes, encoder.rows]).toEqual([before, 1]);
    }
    expect(() => new RowEncoder(['text']).row([])).toThrow('0 values instead of 1');
  });
});
