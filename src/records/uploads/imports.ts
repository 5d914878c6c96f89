import { actedBy, type Actor } from '../../access/actor.ts';
import { recordEvent } from '../../audit/record-event.ts';
import { recordTables } from '../../catalog/catalog.ts';
import type { Transaction } from '../../database/connect.ts';
import { ConveyError } from '../../errors.ts';
import type { Page } from '../../http/paging.ts';
import { newId } from '../../ids.ts';
import type { ImportResult } from '../import-file.ts';
import type { OpenOptions } from '../import/open-source.ts';
import { busy, notEmpty, notPreparing, tooMany, unknownImport } from './uploads.errors.ts';

/** Imports that are being prepared: their files take room. */
const MOST_PREPARING = 5;

export type ImportStatus = 'preparing' | 'running' | 'done' | 'failed' | 'cancelled';
export type ImportFormat = OpenOptions['format'];

/** How far a running import is. */
export interface ImportProgress {
  records: number;
  bytes: number;
  total_bytes: number | null;
}

/** One import of files, or of the sample data. */
export interface Import {
  id: string;
  source: 'files' | 'sample';
  status: ImportStatus;
  fileName: string | null;
  format: string | null;
  createdBy: { type: string; id: string; name: string };
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
  progress: Partial<ImportProgress>;
  result: ImportResult | null;
  failure: ImportFailure | null;
}

/** Why one ended early, in the words of an error of ours. */
export interface ImportFailure {
  code: string;
  title: string;
  detail?: string | undefined;
}

const COLUMNS = `id, source, status, file_name as "fileName", format, created_by as "createdBy",
  created_at as "createdAt", started_at as "startedAt", finished_at as "finishedAt", progress, result, failure`;

/** The workspace's imports, the newest first, from a page on; none that was given up before it began. */
export function listImports(
  transaction: Transaction,
  workspaceId: string,
  { after, limit }: Page,
): Promise<Import[]> {
  return transaction.query<Import>(
    `select ${COLUMNS} from imports
      where workspace_id = $1 and (status = 'preparing' or started_at is not null)
        and ($2::text is null or (created_at, id) < (
        select created_at, id from imports where workspace_id = $1 and id = $2))
      order by imports.created_at desc, imports.id desc limit $3`,
    [workspaceId, after ?? null, limit],
  );
}

/** @throws imports.not_found */
export async function getImport(
  transaction: Transaction,
  workspaceId: string,
  id: string,
  lock: '' | 'for update' = '',
): Promise<Import> {
  const [found] = await transaction.query<Import>(
    `select ${COLUMNS} from imports where workspace_id = $1 and id = $2 ${lock}`,
    [workspaceId, id],
  );
  if (found === undefined) throw new ConveyError(unknownImport);
  return found;
}

/** One whose files can still come. @throws imports.not_found, imports.not_preparing */
export async function getPreparing(
  transaction: Transaction,
  workspaceId: string,
  id: string,
  lock: '' | 'for update' = '',
): Promise<Import> {
  const found = await getImport(transaction, workspaceId, id, lock);
  if (found.status !== 'preparing') throw new ConveyError(notPreparing);
  return found;
}

/** Begins an import to which files will be uploaded; nothing of the workspace changes yet. @throws imports.too_many */
export async function prepareImport(
  transaction: Transaction,
  workspaceId: string,
  by: Import['createdBy'],
): Promise<Import> {
  const [open] = await transaction.query<{ n: number }>(
    `select count(*) as n from imports where workspace_id = $1 and status = 'preparing'`,
    [workspaceId],
  );
  if (open!.n >= MOST_PREPARING) throw new ConveyError(tooMany);
  return insert(transaction, workspaceId, 'files', 'preparing', by);
}

/** Begins to load the sample data into a workspace without records. @throws imports.not_empty, imports.busy */
export async function beginSample(
  transaction: Transaction,
  workspaceId: string,
  by: Import['createdBy'],
  actor: Actor,
): Promise<Import> {
  await ensureIdle(transaction, workspaceId);
  const isThere = recordTables.map(({ name }) => `exists (select from ${name} where workspace_id = $1)`);
  const [found] = await transaction.query<{ is_empty: boolean }>(
    `select not (${isThere.join(' or ')}) as is_empty`,
    [workspaceId],
  );
  if (!found!.is_empty) throw new ConveyError(notEmpty);
  const made = await insert(transaction, workspaceId, 'sample', 'running', by);
  await noteRequest(transaction, workspaceId, made, actor);
  return made;
}

/** Begins to take the records of an uploaded file. @throws imports.not_found, imports.not_preparing, imports.busy */
export async function beginImport(
  transaction: Transaction,
  workspaceId: string,
  id: string,
  { fileName, format }: { fileName: string; format: ImportFormat },
  actor: Actor,
): Promise<Import> {
  await getPreparing(transaction, workspaceId, id, 'for update');
  await ensureIdle(transaction, workspaceId);
  const [begun] = await transaction.query<Import>(
    `update imports set status = 'running', file_name = $3, format = $4, started_at = now(), seen_at = now()
      where workspace_id = $1 and id = $2 returning ${COLUMNS}`,
    [workspaceId, id, fileName, format],
  );
  await noteRequest(transaction, workspaceId, begun!, actor);
  return begun!;
}

/** Says that an import is alive and how far it is; false: it was stopped meanwhile. */
export async function beatImport(
  transaction: Transaction,
  workspaceId: string,
  id: string,
  progress: Partial<ImportProgress>,
): Promise<boolean> {
  const rows = await transaction.query(
    `update imports set seen_at = now(), progress = $3
      where workspace_id = $1 and id = $2 and status = 'running' returning id`,
    [workspaceId, id, JSON.stringify(progress)],
  );
  return rows.length > 0;
}

async function insert(
  transaction: Transaction,
  workspaceId: string,
  source: Import['source'],
  status: ImportStatus,
  by: Import['createdBy'],
): Promise<Import> {
  const [made] = await transaction.query<Import>(
    `insert into imports (workspace_id, id, source, status, created_by, started_at, seen_at)
     values ($1, $2, $3, $4, $5, case when $4 = 'running' then now() end, now()) returning ${COLUMNS}`,
    [workspaceId, newId('imp'), source, status, JSON.stringify(by)],
  );
  return made!;
}

/** Of two that begin at once the second waits here for the first to commit. */
async function ensureIdle(transaction: Transaction, workspaceId: string): Promise<void> {
  await transaction.query('select from workspaces where id = $1 for no key update', [workspaceId]);
  const running = await transaction.query(
    `select from imports where workspace_id = $1 and status = 'running'`,
    [workspaceId],
  );
  if (running.length > 0) throw new ConveyError(busy);
}

async function noteRequest(
  transaction: Transaction,
  workspaceId: string,
  { id, source, format }: Import,
  actor: Actor,
): Promise<void> {
  await recordEvent(transaction, workspaceId, {
    ...actedBy(actor),
    action: 'import.requested',
    target: { type: 'import', ref: id },
    outcome: 'success',
    details: { source, ...(format === null ? {} : { format }) },
  });
}
