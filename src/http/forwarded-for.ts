import { isIP } from 'node:net';
import type { IncomingMessage } from 'node:http';

/**
 * Leaves of `X-Forwarded-For` what stands behind the last entry that is no IP address: nothing else can say whose
 * address it is, and free text must reach neither the audit log nor a limit's counter. What is left over is empty in
 * the worst case; then the proxy's own address counts. To be done before anybody asks for the client's address.
 */
export function dropMalformedForwarding({ headers }: Pick<IncomingMessage, 'headers'>): void {
  const given = headers['x-forwarded-for'];
  if (given === undefined) return;
  // Node joins several headers of this name by commas.
  const entries = String(given)
    .split(',')
    .map((entry) => entry.trim());
  const lastMalformed = entries.findLastIndex((entry) => !isAddress(entry));
  if (lastMalformed === -1) return;
  const kept = entries.slice(lastMalformed + 1);
  if (kept.length === 0) delete headers['x-forwarded-for'];
  else headers['x-forwarded-for'] = kept.join(', ');
}

/** Without the zone of an IPv6 address, which may be any text. */
function isAddress(text: string): boolean {
  return isIP(text) !== 0 && !text.includes('%');
}
