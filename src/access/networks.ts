import { BlockList, isIP } from 'node:net';
import { ConveyError } from '../errors.ts';
import { badNetwork } from './access.errors.ts';

/** Throws `access.bad_network` unless each is an IP address or a network in CIDR notation. */
export function ensureNetworks(networks: readonly string[]): void {
  for (const network of networks) {
    if (!isNetwork(network)) throw new ConveyError(badNetwork, `“${network.slice(0, 60)}” is none.`);
  }
}

/** Whether a text is an IP address or a network in CIDR notation. */
export function isNetwork(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  if (bits === undefined) return true;
  return /^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128);
}

/** Whether an address lies in one of the networks (all of them well-formed). IPv4 in IPv6 counts as IPv4. */
export function isWithin(ip: string, networks: readonly string[]): boolean {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    const family = isIP(address) === 4 ? 'ipv4' : 'ipv6';
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  const plain = ip.replace(/^::ffff:(?=\d+\.)/i, '');
  const family = isIP(plain);
  return family !== 0 && list.check(plain, family === 4 ? 'ipv4' : 'ipv6');
}
