import { tables } from '../catalog/catalog.ts';
import type { Database } from '../database/connect.ts';
import { ConveyError } from '../errors.ts';
import type { EncryptedStore } from '../storage/encrypted-store.ts';
import { wrongMasterKey } from './keys.errors.ts';
import type { MasterKeys } from './master-keys.ts';

/** Of each kind this many are looked at, so that one that was damaged does not speak for all. */
const LOOKED_AT = 5;

/**
 * Makes sure that the master keys which are here are those that what is stored is encrypted under: the signing key,
 * sealed texts, stored objects, a few of each. A server with another key would start, make new things under it, and
 * fail at the first old one.
 * @throws keys.wrong_master_key, which names the ids wanted
 */
export async function ensureMasterKeysFit(
  database: Database,
  masterKeys: MasterKeys,
  store: EncryptedStore,
): Promise<void> {
  const samples: [what: string, keyIds: string[]][] = [
    ['the signing key', await signingKeyIds(database)],
    ['texts sealed in the database', await sealedTextIds(database)],
    ['stored files', await store.sampleKeyIds(LOOKED_AT)],
  ];
  const wanted = new Map<string, string[]>();
  for (const [what, keyIds] of samples) {
    const unknown = await masterKeys.unknownOf(keyIds);
    if (unknown.length === 0 || unknown.length < keyIds.length) continue; // some open: the others are damaged
    for (const id of new Set(unknown)) wanted.set(id, [...(wanted.get(id) ?? []), what]);
  }
  if (wanted.size === 0) return;
  const told = [...wanted].map(([id, what]) => `${id} (${what.join(', ')})`).join('; ');
  throw new ConveyError(wrongMasterKey, `Wanted: ${told}. Here: ${await masterKeys.currentId()}.`);
}

async function signingKeyIds(database: Database): Promise<string[]> {
  const rows = await database.inSystem((transaction) =>
    transaction.query<{ wrapped_by: string }>('select wrapped_by from signing_keys where retired_at is null'),
  );
  return rows.map(({ wrapped_by: keyId }) => keyId);
}

async function sealedTextIds(database: Database): Promise<string[]> {
  const columns = tables
    .filter(({ kind }) => kind === 'system')
    .flatMap((table) =>
      table.columns.filter(({ isSealed }) => isSealed).map((column) => [table.name, column.name] as const),
    );
  const ids: string[] = [];
  for (const [table, column] of columns) {
    const rows = await database.inSystem((transaction) =>
      transaction.query<{ key_id: string }>(
        `select split_part(${column}, '.', 2) as key_id from ${table} where ${column} like 's1.%' limit ${LOOKED_AT}`,
      ),
    );
    ids.push(...rows.map(({ key_id: keyId }) => keyId));
  }
  return ids;
}
