import { buffer } from 'node:stream/consumers';
import type { JsonObject } from '../../canonical-json.ts';
import type { Database, Transaction } from '../../database/connect.ts';
import { ConveyError } from '../../errors.ts';
import type { Scope } from '../../database/scope.ts';
import { newId } from '../../ids.ts';
import type { ObjectStore } from '../../storage/object-store.ts';
import type { Actor } from '../actor.ts';
import { lockPlaces } from '../members/place.ts';
import { ensureName } from '../name.ts';
import { authorize, type Principal, workspaceOf } from '../principal.ts';
import { recordChanges } from '../workspaces/settings.ts';
import { noLogo } from './brand.errors.ts';
import { checkLogo } from './check-logo.ts';
import { productNameOf } from './product-name.ts';

/** How a workspace's transcripts look; null: as usual. */
export interface Brand {
  name: string | null;
  /** `#rrggbb`, lower case. */
  color: string | null;
  logo: { key: string; mediaType: 'image/png' | 'image/jpeg' } | null;
}

export interface BrandDependencies {
  database: Database;
  store: ObjectStore;
}

/** The brand of a workspace; nothing is set in one that is not there. */
export async function readBrand(transaction: Transaction, workspaceId: string): Promise<Brand> {
  const [row] = await transaction.query<{
    brand: { name?: string; color?: string };
    key: string | null;
    mediaType: 'image/png' | 'image/jpeg' | null;
  }>('select brand, logo_key as key, logo_type as "mediaType" from workspaces where id = $1', [workspaceId]);
  const { brand = {}, key = null, mediaType = null } = row ?? {};
  return {
    name: brand.name ?? null,
    color: brand.color ?? null,
    logo: key === null || mediaType === null ? null : { key, mediaType },
  };
}

/**
 * The product's name as the names of a workspace's exported files begin with it.
 * @param usual where its brand has no name for them
 */
export async function findProductName(
  transaction: Transaction,
  workspaceId: string,
  usual: string,
): Promise<string> {
  return productNameOf(await readBrand(transaction, workspaceId), usual);
}

/** Names a logo: another one has another id. */
export function logoId({ key }: NonNullable<Brand['logo']>): string {
  return key.slice(key.lastIndexOf('/') + 1);
}

/**
 * The logo that a workspace has now, with its bytes.
 * @param id undefined: whichever it is
 * @throws access.no_logo
 */
export async function getLogo(
  { database, store }: BrandDependencies,
  workspaceId: string,
  id: string | undefined,
): Promise<{ mediaType: NonNullable<Brand['logo']>['mediaType']; bytes: Buffer }> {
  const { logo } = await database.inScope({ workspaceId }, (transaction) =>
    readBrand(transaction, workspaceId),
  );
  if (logo === null || (id !== undefined && id !== logoId(logo))) throw new ConveyError(noLogo);
  return { mediaType: logo.mediaType, bytes: await readLogo(store, logo) };
}

/** The bytes of a logo, as we wrote them. */
export async function readLogo(store: ObjectStore, logo: NonNullable<Brand['logo']>): Promise<Buffer> {
  return buffer(await store.open(logo.key));
}

/**
 * Sets name and colour, both: null is as usual. Changing nothing leaves no event.
 * @param change the colour as `#rrggbb`
 * @throws access.bad_name, access.forbidden
 */
export async function changeBrand(
  { database }: BrandDependencies,
  principal: Principal,
  actor: Actor,
  { name, color }: Pick<Brand, 'name' | 'color'>,
): Promise<Brand> {
  if (name !== null) ensureName(name);
  const after = { name, color: color?.toLowerCase() ?? null };
  return change(database, principal, actor, async (transaction, workspaceId, before) => {
    const fields = (['name', 'color'] as const).filter((field) => before[field] !== after[field]);
    if (fields.length === 0) return undefined;
    await transaction.query('update workspaces set brand = $2::jsonb where id = $1', [
      workspaceId,
      JSON.stringify(Object.fromEntries(Object.entries(after).filter(([, value]) => value !== null))),
    ]);
    return Object.fromEntries(
      fields.map((field) => [`brand.${field}`, { before: before[field], after: after[field] }]),
    );
  });
}

/**
 * Sets the logo: decoded and written anew before it is kept.
 * @throws access.bad_logo, access.forbidden, storage.full
 */
export async function putLogo(
  { database, store }: BrandDependencies,
  principal: Principal,
  actor: Actor,
  bytes: Buffer,
): Promise<Brand> {
  const { mediaType, bytes: recoded } = await checkLogo(bytes);
  const key = `logos/${workspaceOf(principal)}/${newId('lgo')}`;
  await store.put(key, once(recoded), { digest: false });
  try {
    return await replaceLogo({ database, store }, principal, actor, { key, mediaType });
  } catch (error) {
    await store.delete(key);
    throw error;
  }
}

/**
 * Takes the logo away, if there is one.
 * @throws access.forbidden
 */
export function deleteLogo(
  dependencies: BrandDependencies,
  principal: Principal,
  actor: Actor,
): Promise<Brand> {
  return replaceLogo(dependencies, principal, actor, null);
}

async function replaceLogo(
  { database, store }: BrandDependencies,
  principal: Principal,
  actor: Actor,
  logo: Brand['logo'],
): Promise<Brand> {
  let replaced: Brand['logo'] = null;
  const brand = await change(database, principal, actor, async (transaction, workspaceId, before) => {
    replaced = before.logo;
    if (logo === null && replaced === null) return undefined;
    await transaction.query('update workspaces set logo_key = $2, logo_type = $3 where id = $1', [
      workspaceId,
      logo?.key ?? null,
      logo?.mediaType ?? null,
    ]);
    const [was, is] = [before.logo?.mediaType ?? null, logo?.mediaType ?? null];
    return { 'brand.logo': { before: was, after: is } };
  });
  if (replaced !== null) await store.delete((replaced as NonNullable<Brand['logo']>).key);
  return brand;
}

/** One act on the brand: in turn with other changes of settings, with its event. `undefined`: nothing changed. */
async function change(
  database: Database,
  principal: Principal,
  actor: Actor,
  act: (transaction: Transaction, workspaceId: string, before: Brand) => Promise<JsonObject | undefined>,
): Promise<Brand> {
  const workspaceId = workspaceOf(principal);
  const scope: Scope = { workspaceId };
  return database.inScope(scope, async (transaction) => {
    authorize(await lockPlaces(transaction, principal), 'settings.manage');
    const changes = await act(transaction, workspaceId, await readBrand(transaction, workspaceId));
    const after = await readBrand(transaction, workspaceId);
    if (changes === undefined) return after;
    await recordChanges(transaction, workspaceId, actor, changes);
    return after;
  });
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}
