import { expect, it } from 'vitest';
import { readCursor, writeCursor } from './cursor.ts';

const START = { time: '2026-02-28T23:59:59.123456Z', id: 'v1' };

it('a cursor gives back the place it was made of, whatever the id', () => {
  for (const id of ['v1', '', 'a b', '"', '\\', 'é漢🙂', 'x'.repeat(255), '["contacts"]']) {
    const place = { ...START, id };
    const cursor = writeCursor('contacts', place);
    expect(cursor).toMatch(/^[\w-]+$/);
    expect(readCursor('contacts', cursor)).toEqual(place);
  }
  expect(readCursor('contacts', undefined)).toBeUndefined();
});

it('anything but a cursor of that list is refused by name', () => {
  const cursor = writeCursor('contacts', START);
  const refused = [
    '',
    'x',
    `${cursor}=`,
    `${cursor} `,
    cursor.slice(1),
    cursor.slice(0, -1),
    `${cursor}AA`,
    // null, {}, []
    'bnVsbA',
    'e30',
    'W10',
    writeCursor('messages', START),
    writeCursor('contacts', { ...START, id: 'a\0' }),
    ...['2026-02-29', '2026-13-01', '0000-01-01', '-0001-01-01'].map((day) =>
      writeCursor('contacts', { ...START, time: `${day}T00:00:00.000000Z` }),
    ),
    ...['now', 'infinity', '2026-01-01', '2026-01-01T24:00:00.000000Z', '2026-01-01T00:00:00.000Z'].map(
      (time) => writeCursor('contacts', { ...START, time }),
    ),
    Buffer.from(JSON.stringify(['contacts', 7, 'v1'])).toString('base64url'),
    Buffer.from(JSON.stringify(['contacts', START.time, null])).toString('base64url'),
  ];
  for (const one of refused) {
    expect(() => readCursor('contacts', one), one).toThrow(
      expect.objectContaining({
        code: 'http.bad_request',
        fields: [expect.objectContaining({ pointer: 'cursor' })],
      }),
    );
  }
});
