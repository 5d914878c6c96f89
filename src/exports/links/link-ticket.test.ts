import { expect, test } from 'vitest';
import { hashCountedWith } from '../../database/hash-counted.ts';
import { checkTicket, makeTicket } from './link-ticket.ts';

const hash = hashCountedWith(Buffer.from('a secret of the server'));

test('a ticket opens its own link for an hour, and nothing else', () => {
  const ticket = makeTicket(hash, 'lnk_a', 1_000_000);
  expect(checkTicket(hash, 'lnk_a', ticket, 1_000_001)).toBe('good');
  expect(checkTicket(hash, 'lnk_a', ticket, 1_000_000 + 3_600_000)).toBe('over');
  expect(checkTicket(hash, 'lnk_b', ticket, 1_000_001)).toBe('wrong');
  expect(checkTicket(hashCountedWith(Buffer.from('another')), 'lnk_a', ticket, 1_000_001)).toBe('wrong');
});

test('no part of a ticket can be changed, and junk is none', () => {
  const ticket = makeTicket(hash, 'lnk_a', 1_000_000);
  const later = ticket.replace(/^\d+/, (digits) => String(Number(digits) + 1));
  for (const forged of [later, `${ticket}x`, ticket.slice(0, -1), '', '.', `9999999999999.${'A'.repeat(43)}`])
    expect(checkTicket(hash, 'lnk_a', forged, 1_000_001), forged).toBe('wrong');
});
