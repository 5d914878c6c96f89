import { MasterKeys, type MasterKeySource } from '../keys/master-keys.ts';
import { EncryptedStore } from './encrypted-store.ts';
import { KEYS_PREFIX } from './object-keys.ts';
import { openObjectStore } from './open-store.ts';

/** All that opening a store takes, as plain data that can be sent to a thread. */
export interface StoreAddress {
  /** As in CONVEY_STORAGE. */
  location: string;
  masterKeys: MasterKeySource;
}

/**
 * Opens the store in which Convey keeps files: whatever the location names, encrypted.
 * @throws storage.bad_location, storage.unavailable, keys.bad_key_file
 */
export async function openEncryptedStore({ location, masterKeys }: StoreAddress): Promise<EncryptedStore> {
  return new EncryptedStore(await openObjectStore(location), new MasterKeys(masterKeys));
}

/** Whether a location holds anything that a master key is needed for. */
export async function holdsKeys(location: string): Promise<boolean> {
  for await (const _ of (await openObjectStore(location)).list(KEYS_PREFIX)) return true;
  return false;
}
