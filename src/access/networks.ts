import { ConveyError } from '../errors.ts';
import { isNetwork } from '../networks.ts';
import { badNetwork } from './access.errors.ts';

/** Throws `access.bad_network` unless each is an IP address or a network in CIDR notation. */
export function ensureNetworks(networks: readonly string[]): void {
  for (const network of networks) {
    if (!isNetwork(network)) throw new ConveyError(badNetwork, `“${network.slice(0, 60)}” is none.`);
  }
}
