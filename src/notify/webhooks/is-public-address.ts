import { isIPv6 } from 'node:net';
import { isWithin } from '../../networks.ts';

/** IPv4 that is not on the public internet (IANA special-purpose registry, RFC 6890 and later; multicast). */
const NOT_PUBLIC_V4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
];
/**
 * All of public IPv6. What lies outside is refused as a whole: loopback, link-local, private (fc00::/7), multicast,
 * and the forms that stand for an IPv4 address (::ffff:0:0/96, NAT64 64:ff9b::/96 and 64:ff9b:1::/48).
 */
const PUBLIC_V6 = ['2000::/3'];
/** … but these in it: protocol assignments with Teredo, 6to4 (an IPv4 address again), documentation. */
const NOT_PUBLIC_V6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];

/** Whether an IP address is one that anybody on the internet could reach. */
export function isPublicAddress(ip: string): boolean {
  if (isIPv6(ip)) return isWithin(ip, PUBLIC_V6) && !isWithin(ip, NOT_PUBLIC_V6);
  return !isWithin(ip, NOT_PUBLIC_V4);
}
