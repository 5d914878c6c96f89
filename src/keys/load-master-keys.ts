import { ensureKeyFile, keyFileOf } from './key-file.ts';
import type { MasterKeySource } from './master-keys.ts';

/**
 * The master keys of this installation: those of CONVEY_MASTER_KEY, else those of the key file in the home
 * folder, which is made when there is none and nothing has been stored.
 * @param isInUse whether stored files need a key
 * @throws keys.bad_key_file, keys.key_file_missing
 */
export async function loadMasterKeys(
  { masterKeys, homeDir }: { masterKeys: readonly Uint8Array[] | undefined; homeDir: string },
  isInUse: () => Promise<boolean>,
): Promise<MasterKeySource> {
  if (masterKeys !== undefined) return { keys: masterKeys };
  const keyFile = keyFileOf(homeDir);
  return { keys: await ensureKeyFile(keyFile, isInUse), keyFile };
}
