import { timingSafeEqual } from 'node:crypto';
import type { HashCounted } from '../../database/hash-counted.ts';

/** A page that was opened gives its bytes for so long; opening it again gives a new ticket. */
const LASTS_MS = 3_600_000;

/**
 * What stands in the address of a download through a link: bound to the link, and soon over, because proxies write
 * addresses into their logs. The link's own token never does.
 */
export function makeTicket(hash: HashCounted, linkId: string, now = Date.now()): string {
  const endsAt = now + LASTS_MS;
  return `${endsAt}.${sealOf(hash, linkId, endsAt)}`;
}

/** Whether a ticket is ours for this link, and whether its time is over. */
export function checkTicket(
  hash: HashCounted,
  linkId: string,
  ticket: string,
  now = Date.now(),
): 'good' | 'over' | 'wrong' {
  const [, digits = '', seal = ''] = /^(\d{1,15})\.([\w-]{43})$/.exec(ticket) ?? [];
  const expected = Buffer.from(sealOf(hash, linkId, Number(digits)));
  const given = Buffer.from(seal);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return 'wrong';
  return Number(digits) > now ? 'good' : 'over';
}

/** Under the server's secret, which counts other things under other names. */
function sealOf(hash: HashCounted, linkId: string, endsAt: number): string {
  return hash(`export-link ${linkId} ${endsAt}`);
}
