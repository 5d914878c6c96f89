import { type Brand, readBrand, readLogo } from '../../access/brand/brand.ts';
import { readSettings } from '../../access/workspaces/settings.ts';
import type { Database } from '../../database/connect.ts';
import type { Scope } from '../../database/scope.ts';
import { ConveyError } from '../../errors.ts';
import { USUAL_COLOR } from '../../formats/documents/brand-color.ts';
import type { TranscriptStyle } from '../../formats/documents/transcript.ts';
import type { ObjectStore } from '../../storage/object-store.ts';
import { notFound } from '../../storage/storage.errors.ts';

/** What the footers of an export's documents say. */
export interface TranscriptOrigin {
  exportId: string;
  exportedBy: string;
  /** RFC 3339, UTC. */
  snapshotAt: string;
}

/**
 * How the documents of an export look: the workspace's brand, the usual one where it has none.
 * @throws storage.unavailable when the logo cannot be read
 */
export async function loadTranscriptStyle(
  { database, store, productName }: { database: Database; store: ObjectStore; productName: string },
  scope: Scope,
  { exportId, exportedBy, snapshotAt }: TranscriptOrigin,
): Promise<TranscriptStyle> {
  const find = () =>
    database.inScope(scope, async (transaction) => ({
      brand: await readBrand(transaction, scope.workspaceId),
      workspaceName: (await readSettings(transaction, scope.workspaceId)).name,
    }));
  let { brand, workspaceName } = await find();
  const logo = await encodeLogo(store, brand).catch(async (error: unknown) => {
    if (!(error instanceof ConveyError && error.kind === notFound)) throw error;
    ({ brand, workspaceName } = await find()); // it was replaced meanwhile
    return encodeLogo(store, brand).catch(leftAway);
  });
  return {
    brandName: brand.name ?? productName,
    color: brand.color ?? USUAL_COLOR,
    ...(logo === undefined ? {} : { logo }),
    workspaceName,
    exportId,
    exportedBy,
    snapshotAt,
  };
}

/** A logo whose bytes are gone must not hold up anybody's data. */
function leftAway(error: unknown): undefined {
  if (!(error instanceof ConveyError && error.kind === notFound)) throw error;
}

async function encodeLogo(store: ObjectStore, { logo }: Brand): Promise<TranscriptStyle['logo']> {
  if (logo === null) return undefined;
  return { mediaType: logo.mediaType, base64: (await readLogo(store, logo)).toString('base64') };
}
