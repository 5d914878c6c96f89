import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { ConveyError } from '../../errors.ts';
import { isWithin } from '../../networks.ts';
import { isPublicAddress } from './is-public-address.ts';
import { badUrl } from './webhooks.errors.ts';

export interface ResolvedAddress {
  address: string;
  family: number;
}

/** All addresses of a host name; throws when there are none. */
export type ResolveHost = (hostname: string) => Promise<ResolvedAddress[]>;

export interface TargetRules {
  /** Networks that may be reached although they are private (CONVEY_WEBHOOK_ALLOW), and without TLS. */
  allow: readonly string[];
  resolve: ResolveHost;
}

/** What the system says, as for any other connection. */
export const resolveHost: ResolveHost = (hostname) => lookup(hostname, { all: true });

/** Where a message may be sent: the address as it was parsed, and the IP addresses that were checked. */
export interface CheckedTarget {
  url: URL;
  addresses: ResolvedAddress[];
}

/**
 * Resolves a webhook's host once and checks every address that came back. Connect to these addresses and no
 * others: a second look-up may answer differently (DNS rebinding). @throws webhooks.bad_url, saying why
 */
export async function checkTarget(text: string, { allow, resolve }: TargetRules): Promise<CheckedTarget> {
  const refuse = (detail: string, cause?: unknown): never => {
    throw new ConveyError(badUrl, detail, { fields: [{ pointer: '/url', detail }], cause });
  };
  if (!URL.canParse(text)) refuse('It is no address.');
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') refuse('It begins with https://.');
  if (url.username !== '' || url.password !== '') refuse('It holds a user name or a password.');
  if (url.hash !== '') refuse('It holds a fragment (#…).');
  // URL parsing has turned odd forms (0x7f.1, 2130706433) into dotted ones by now.
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const family = isIP(host);
  const addresses =
    family === 0
      ? await resolve(host).catch((error: unknown) => refuse('Its host name cannot be resolved.', error))
      : [{ address: host, family }];
  if (addresses.length === 0) refuse('Its host name cannot be resolved.');
  const isAllowed = addresses.every(({ address }) => isWithin(address, allow));
  if (url.protocol === 'http:' && !isAllowed)
    refuse('It needs https; http is for networks that CONVEY_WEBHOOK_ALLOW names.');
  for (const { address } of addresses) {
    // Which address it was is not said: it would map a private network for whoever asks.
    if (!isPublicAddress(address) && !isWithin(address, allow))
      refuse('It leads into a private network; the operator can allow one with CONVEY_WEBHOOK_ALLOW.');
  }
  return { url, addresses };
}
