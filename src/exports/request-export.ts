import { findProductName } from '../access/brand/brand.ts';
import type { JsonObject } from '../canonical-json.ts';
import { type AuditEvent, recordEvent } from '../audit/record-event.ts';
import type { Database, Transaction } from '../database/connect.ts';
import { advisoryLocks } from '../database/advisory-locks.ts';
import type { Scope } from '../database/scope.ts';
import { ConveyError } from '../errors.ts';
import { newId } from '../ids.ts';
import { ensureCanAnonymize } from './anonymized/anonymized-plan.ts';
import { keptTooLong, tooManyExports, tooManyReplies, unknownRecord } from './exports.errors.ts';
import { noteResource, type OnceKey } from '../http/idempotency/idempotency-keys.ts';
import { enqueueClaimedJob, enqueueJob } from '../jobs/enqueue-job.ts';
import type { ClaimedJob } from '../jobs/job.ts';
import { type ExportKind, type ExportPlan, type ExportRequest, planExport } from './plan-export.ts';
import { parseJson } from '../parse-json.ts';

/** Who asks, and through what: goes into the export's row and its audit events. */
export interface Asker {
  type: 'api_key' | 'user' | 'operator';
  id: string;
  name: string;
  interface: 'api' | 'cli' | 'web';
  /** Of the request; belongs to the audit event's personal part. */
  ip?: string;
  userAgent?: string;
  /** May see internal notes and events. */
  includeInternal: boolean;
  /** Of a request that may come again: what it made is noted with it. */
  onceKey?: OnceKey | undefined;
}

export interface RequestDependencies {
  database: Database;
  productName: string;
  /** Direct exports that one workspace may have running at once. */
  repliesPerWorkspace: number;
  /** How long the files of a kept export live, unless its order says so; and at most. */
  linkMs: number;
  mostLinkMs: number;
}

/** An export that stands in the books and may start. */
export interface AcceptedExport {
  id: string;
  scope: Scope;
  plan: ExportPlan;
  asker: Asker;
  requestedAt: Date;
  /** What the audit log calls its target: the workspace's id, or the ref of the one record. */
  target: { type: string; ref: string };
  /** Of a kept export that this process runs itself. */
  job?: ClaimedJob;
}

const DAY_MS = 24 * 3_600_000;

/** A running export whose process gave no sign for this long is dead, and no longer counts. */
export const BEAT_EXPIRES_AFTER = '60 seconds';

/**
 * Accepts an export: limit, plan, row and audit event in one transaction, before the first byte leaves.
 * Throws `exports.not_found` for a record that is not in the workspace (unknown and foreign alike) and
 * `exports.too_many_replies` at the limit, `exports.kept_too_long`. A kept one goes into the queue.
 * @param claim of a kept one: this process runs it itself
 * @param also what is written in the same transaction: both or neither
 * @param atMost a kept one that would have to wait, as so many run or wait already, is refused: `exports.too_many`
 */
export async function requestExport(
  { database, productName, repliesPerWorkspace, linkMs, mostLinkMs }: RequestDependencies,
  scope: Scope,
  asker: Asker,
  request: ExportRequest,
  claim?: { worker: string; leaseMs: number },
  {
    atMost,
    also,
  }: {
    atMost?: number | undefined;
    also?: (transaction: Transaction, accepted: AcceptedExport) => Promise<void>;
  } = {},
): Promise<AcceptedExport> {
  const keptMs = keptFor(request, linkMs, mostLinkMs);
  return database.inScope(scope, async (transaction) => {
    const target = await targetOf(transaction, scope, request);
    if (target === undefined) throw new ConveyError(unknownRecord);
    if (request.keep === undefined) await ensureSlot(transaction, scope, repliesPerWorkspace);
    else if (atMost !== undefined) await ensureNoQueue(transaction, scope, atMost);
    const plan = await freezePlan(transaction, scope, asker, request, productName);
    const id = newId('exp');
    const [inserted] = await transaction.query<{ created_at: Date }>(
      `insert into exports (workspace_id, id, kind, format, plan, status, stage, requested_by, interface, is_kept,
         expires_at, created_at, beat_at, rerun_of, schedule_id, notify)
       values ($1, $2, $3, $4, $5, $8, $11, $6, $7, $9, now() + $10 * interval '1 millisecond', now(), now(),
         $12, $13, $14)
       returning created_at`,
      [
        scope.workspaceId,
        id,
        plan.kind,
        plan.format,
        JSON.stringify(plan),
        JSON.stringify({ type: asker.type, id: asker.id, name: asker.name }),
        asker.interface,
        plan.keep === null ? 'running' : 'queued',
        plan.keep !== null,
        plan.keep === null ? null : keptMs,
        plan.keep === null ? 'accepted' : 'waiting',
        request.rerunOf ?? null,
        request.scheduleId ?? null,
        request.notify ?? [],
      ],
    );
    const accepted: AcceptedExport = { id, scope, plan, asker, requestedAt: inserted!.created_at, target };
    if (plan.keep !== null) {
      const queued = { kind: 'export', workspaceId: scope.workspaceId, subjectId: id } as const;
      if (claim === undefined) await enqueueJob(transaction, queued);
      else accepted.job = await enqueueClaimedJob(transaction, queued, claim);
    }
    await also?.(transaction, accepted);
    const details = request.rerunOf === undefined ? {} : { rerun_of: request.rerunOf };
    if (asker.onceKey !== undefined) await noteResource(transaction, asker.onceKey, id);
    await recordEvent(
      transaction,
      scope.workspaceId,
      eventOf(accepted, 'export.requested', 'success', details),
    );
    return accepted;
  });
}

/** How long its files live. @throws exports.kept_too_long naming the days that there are */
function keptFor({ keepDays }: ExportRequest, usualMs: number, mostMs: number): number {
  if (keepDays === undefined) return usualMs;
  const most = Math.floor(mostMs / DAY_MS);
  if (keepDays <= most) return keepDays * DAY_MS;
  throw new ConveyError(keptTooLong, `At most ${most} days.`, {
    fields: [{ pointer: '/keep_days', detail: `takes at most ${most}` }],
  });
}

/**
 * The plan that a request becomes when it is accepted.
 * @param productName where the workspace's brand has no name
 * @throws exports.not_found when the workspace is gone
 */
export async function freezePlan(
  transaction: Transaction,
  scope: Scope,
  { includeInternal }: Pick<Asker, 'includeInternal'>,
  request: ExportRequest,
  productName: string,
): Promise<ExportPlan> {
  const { workspaceId, audiences = null } = scope;
  ensureCanAnonymize(request);
  const [workspace] = await transaction.query<{ id: string; slug: string; name: string }>(
    'select id, slug, name from workspaces where id = $1',
    [workspaceId],
  );
  if (workspace === undefined) throw new ConveyError(unknownRecord);
  const product = await findProductName(transaction, workspaceId, productName);
  return planExport(request, { workspace, productName: product, includeInternal, audiences });
}

/** An audit event about an export; `details` never hold personal data. */
export function eventOf(
  { id, plan, asker, target }: AcceptedExport,
  action: AuditEvent['action'],
  outcome: AuditEvent['outcome'],
  details: JsonObject,
): AuditEvent {
  return {
    action,
    actor: { type: asker.type, ref: asker.id, name: asker.name },
    target,
    outcome,
    interface: asker.interface,
    details: { export_id: id, kind: plan.kind, format: plan.format, ...details },
    personal: {
      ...(asker.ip === undefined ? {} : { ip: asker.ip }),
      ...(asker.userAgent === undefined ? {} : { user_agent: asker.userAgent }),
      // A filter may name people (an id, an email address), so it lies in the part that can be erased.
      ...(action === 'export.requested'
        ? { filter: parseJson(JSON.stringify(plan.filter)) as JsonObject }
        : {}),
    },
  };
}

const TABLE_OF_KIND = { conversation: 'conversations', contact: 'contacts' } as const;

/** What an export is about, for the audit log; undefined when that record is not there (any more). */
export async function targetOf(
  transaction: Transaction,
  scope: Scope,
  { kind, recordId }: { kind: ExportKind; recordId?: string | null },
): Promise<{ type: string; ref: string } | undefined> {
  if (kind !== 'conversation' && kind !== 'contact') return { type: 'workspace', ref: scope.workspaceId };
  const [row] = await transaction.query<{ ref: string }>(
    `select ref from ${TABLE_OF_KIND[kind]} where workspace_id = $1 and id = $2`,
    [scope.workspaceId, recordId],
  );
  return row && { type: kind, ref: row.ref };
}

/** Refuses a kept export that could not begin at once. Throws `exports.too_many` with its place in the queue. */
async function ensureNoQueue(transaction: Transaction, scope: Scope, limit: number): Promise<void> {
  await lockSlots(transaction, scope);
  const [jobs] = await transaction.query<{ n: number }>(
    `select count(*) as n from jobs
      where kind = 'export' and workspace_id = $1 and status in ('queued', 'running')`,
    [scope.workspaceId],
  );
  const position = jobs!.n - limit + 1;
  if (position >= 1)
    throw new ConveyError(
      tooManyExports,
      `At most ${limit} run at once; it would be number ${position} in line.`,
    );
}

/** Whoever asks next waits, so that two that ask at once do not both take the last slot. */
async function lockSlots(transaction: Transaction, { workspaceId }: Scope): Promise<void> {
  await transaction.query('select pg_advisory_xact_lock($1, hashtext($2))', [
    advisoryLocks.exportSlots,
    workspaceId,
  ]);
}

async function ensureSlot(transaction: Transaction, scope: Scope, limit: number): Promise<void> {
  await lockSlots(transaction, scope);
  const [running] = await transaction.query<{ n: number }>(
    `select count(*) as n from exports
      where workspace_id = $1 and not is_kept and status = 'running' and beat_at > now() - interval '${BEAT_EXPIRES_AFTER}'`,
    [scope.workspaceId],
  );
  if (running!.n >= limit) throw new ConveyError(tooManyReplies, `At most ${limit} run at once.`);
}
