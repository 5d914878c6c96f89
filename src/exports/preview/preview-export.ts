import { countSql } from '../../catalog/count-sql.ts';
import type { Database } from '../../database/connect.ts';
import type { Scope } from '../../database/scope.ts';
import { Snapshot } from '../../database/snapshot.ts';
import { ConveyError } from '../../errors.ts';
import type { Manifest } from '../../packages/manifest.ts';
import type { ConnectionBudget } from '../connection-budget.ts';
import { unknownRecord } from '../exports.errors.ts';
import { findLeftOut } from '../finish/find-left-out.ts';
import { scopeOfPlan } from '../keep/find-export.ts';
import { layOutFiles } from '../layout/lay-out-files.ts';
import { showsDataset } from '../order/export-fields.ts';
import { type ExportPlan, type ExportRequest, hasFiles } from '../plan-export.ts';
import { type Counts, countRecords } from '../render/check-counts.ts';
import { type Asker, freezePlan, targetOf } from '../request-export.ts';
import { selectRows } from '../layout/select-rows.ts';
import { splitParts } from '../layout/split-parts.ts';
import { type Estimate, estimateExport } from './estimate-export.ts';
import { previewTooSlow } from './preview.errors.ts';

/** Who waits for a page does not wait longer; an export counts for as long as it takes. */
const LONGEST_PREVIEW_MS = 30_000;
const QUERY_CANCELED = '57014';

export interface PreviewDependencies {
  database: Database;
  productName: string;
  /** Of previews alone. */
  budget: ConnectionBudget;
}

/** What an export would hold if it ran now. */
export interface Preview {
  plan: ExportPlan;
  /** The moment that was counted. */
  snapshotAt: Date;
  /** Records per dataset, counted as the export checks itself by. */
  counts: Counts;
  /** Conversations, and their messages as far as they were chosen; null for kinds that are not made of any. */
  conversations: number | null;
  messages: number | null;
  files: FileCounts;
  /** Files with records, before the contents of files. */
  parts: number;
  leftOut: Manifest['left_out'];
  estimate: Estimate;
}

/** Files that the export names. */
export interface FileCounts {
  count: number;
  with_bytes: number;
  without_bytes: number;
  /** Of those that have them. Equal contents lie in a package once. */
  bytes: number;
}

/**
 * Counts what an export of the request would hold, by the statements that an export counts itself by, in the scope
 * that it would run in.
 * @throws exports.not_found for a record that is not there, exports.preview_too_slow
 */
export async function previewExport(
  { database, productName, budget }: PreviewDependencies,
  scope: Scope,
  asker: Pick<Asker, 'includeInternal'>,
  request: ExportRequest,
  signal: AbortSignal,
): Promise<Preview> {
  const plan = await database.inScope(scope, async (transaction) => {
    if ((await targetOf(transaction, scope, request)) === undefined) throw new ConveyError(unknownRecord);
    return freezePlan(transaction, scope, asker, request, productName);
  });
  const counted = await countPlan(database, budget, plan, signal);
  const bytesOfFiles = plan.keep?.files === true ? counted.files.bytes : 0;
  const estimate = await database.inScope(scope, (transaction) =>
    estimateExport(transaction, plan, { counts: counted.counts, bytesOfFiles }),
  );
  return { plan, ...counted, leftOut: findLeftOut(plan), estimate };
}

async function countPlan(
  database: Database,
  budget: ConnectionBudget,
  plan: ExportPlan,
  signal: AbortSignal,
): Promise<Omit<Preview, 'plan' | 'leftOut' | 'estimate'>> {
  const giveBack = await budget.take(1, { workspaceId: plan.workspace.id, givesWay: false }, signal);
  let snapshot: Snapshot | undefined;
  const close = () => void snapshot?.close();
  signal.addEventListener('abort', close, { once: true });
  try {
    snapshot = await Snapshot.open({
      url: database.url,
      scope: scopeOfPlan(plan),
      maxAgeMs: LONGEST_PREVIEW_MS,
      givesWay: false,
      signal,
    });
    const sections = layOutFiles(plan).flatMap((file) => file.sections);
    const counted = {
      snapshotAt: snapshot.takenAt,
      counts: await countRecords(snapshot, sections),
      ...(await countConversations(snapshot, plan)),
      files: await countFiles(snapshot, plan),
      parts: (await splitParts(snapshot, plan, snapshot.takenAt)).length,
    };
    await snapshot.close({ isClean: true });
    return counted;
  } catch (error) {
    signal.throwIfAborted();
    if ((error as { code?: unknown }).code === QUERY_CANCELED)
      throw new ConveyError(previewTooSlow, undefined, { cause: error });
    throw error;
  } finally {
    signal.removeEventListener('abort', close);
    await snapshot?.close();
    giveBack();
  }
}

async function countConversations(
  snapshot: Snapshot,
  plan: ExportPlan,
): Promise<Pick<Preview, 'conversations' | 'messages'>> {
  if (plan.kind === 'contacts' || plan.kind === 'audit') return { conversations: null, messages: null };
  const conversations = selectRows(plan, 'conversations');
  const [found] = await snapshot.query<{ n: number }>(countSql(conversations));
  if (!showsDataset(plan.fields, 'messages')) return { conversations: found!.n, messages: 0 };
  const [written] = await snapshot.query<{ n: number }>(
    countSql(selectRows(plan, 'all_messages'), conversations),
  );
  return { conversations: found!.n, messages: written!.n };
}

const FILE_COUNTS = `count(*)::float8 as count,
  (count(*) filter (where t.content_sha256 is not null))::float8 as with_bytes,
  (count(*) filter (where t.content_sha256 is null))::float8 as without_bytes,
  coalesce(sum(t.content_size), 0)::float8 as bytes`;

async function countFiles(snapshot: Snapshot, plan: ExportPlan): Promise<FileCounts> {
  const { kind } = plan;
  const isOfConversations = kind === 'conversations' || kind === 'conversation';
  if (!hasFiles(plan) || !showsDataset(plan.fields, 'conversation_files'))
    return { count: 0, with_bytes: 0, without_bytes: 0, bytes: 0 };
  const sql = isOfConversations
    ? countSql(selectRows(plan, 'conversation_files'), selectRows(plan, 'conversations'), FILE_COUNTS)
    : countSql(selectRows(plan, 'files'), undefined, FILE_COUNTS);
  const [found] = await snapshot.query<FileCounts>(sql);
  return found!;
}
