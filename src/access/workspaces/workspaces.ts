import { recordEvent } from '../../audit/record-event.ts';
import type { Database, Transaction } from '../../database/connect.ts';
import { ConveyError } from '../../errors.ts';
import { newId } from '../../ids.ts';
import { badSlug, slugTaken, unknownWorkspace } from '../access.errors.ts';
import type { Actor } from '../actor.ts';
import { ensureName } from '../name.ts';

export interface Workspace {
  id: string;
  /** Short name: in addresses and file names. */
  slug: string;
  name: string;
  /** Workspaces of one host product share its accounts. */
  product: string;
  createdAt: Date;
}

const COLUMNS = 'id, slug, name, product, created_at as "createdAt"';

/** Lower-case letters and digits in words joined by single hyphens: safe in an address and a file name. */
function ensureSlug(slug: string): void {
  if (slug.length > 63 || !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(slug)) throw new ConveyError(badSlug);
}

/**
 * Makes a workspace. Throws `access.bad_slug`, `access.bad_name` or `access.slug_taken`.
 * @param product of the host product; left out: the workspace is a product of its own
 */
export async function createWorkspace(
  database: Database,
  { slug, name = slug, product }: { slug: string; name?: string; product?: string },
  actor: Actor,
): Promise<Workspace> {
  ensureSlug(slug);
  ensureName(name);
  if (product !== undefined) ensureName(product);
  const id = newId('wsp');
  return database.inScope({ workspaceId: id }, async (transaction) => {
    const [workspace] = await transaction.query<Workspace>(
      `insert into workspaces (id, kind, slug, name, product) values ($1, 'team', $2, $3, $4)
       on conflict (slug) do nothing returning ${COLUMNS}`,
      [id, slug, name, product ?? id],
    );
    if (workspace === undefined) throw new ConveyError(slugTaken);
    await recordEvent(transaction, id, {
      action: 'workspace.created',
      actor: { type: actor.type, ref: actor.ref },
      target: { type: 'workspace', ref: id },
      outcome: 'success',
      interface: actor.interface,
      details: { slug },
      personal: {
        changes: {
          slug: { before: null, after: slug },
          name: { before: null, after: workspace.name },
          product: { before: null, after: workspace.product },
        },
      },
    });
    return workspace;
  });
}

/** Finds a team workspace by its short name or its id. */
export async function findWorkspace(
  transaction: Transaction,
  slugOrId: string,
): Promise<Workspace | undefined> {
  const [workspace] = await transaction.query<Workspace>(
    `select ${COLUMNS} from workspaces where kind = 'team' and (slug = $1 or id = $1)`,
    [slugOrId],
  );
  return workspace;
}

/** All team workspaces, the oldest first. */
export function listWorkspaces(transaction: Transaction): Promise<Workspace[]> {
  return transaction.query<Workspace>(
    `select ${COLUMNS} from workspaces where kind = 'team' order by created_at, id`,
  );
}

/** Like `findWorkspace`, but throws `access.unknown_workspace`. */
export async function getWorkspace(transaction: Transaction, slugOrId: string): Promise<Workspace> {
  const workspace = await findWorkspace(transaction, slugOrId);
  if (workspace === undefined) throw new ConveyError(unknownWorkspace);
  return workspace;
}

/** A team workspace by its id; throws `access.unknown_workspace`. */
export async function getWorkspaceById(database: Database, id: string): Promise<Workspace> {
  const [workspace] = await database.querySystem<Workspace>(
    `select ${COLUMNS} from workspaces where kind = 'team' and id = $1`,
    [id],
  );
  if (workspace === undefined) throw new ConveyError(unknownWorkspace);
  return workspace;
}
