import type { Database, Transaction } from '../../database/connect.ts';
import type { Scope } from '../../database/scope.ts';
import type { Manifest } from '../../packages/manifest.ts';
import { parseJson } from '../../parse-json.ts';
import type { ExportStatus } from '../keep/find-export.ts';
import type { TellDependencies } from '../finish/tell-ended.ts';
import { gapsLeft } from './chain.ts';
import { endOccurrence, type Occurrence } from './occurrences.ts';
import { pauseForGood } from './pause-schedule.ts';
import { getSchedule, type Schedule } from './schedules.ts';

/** So many failures in a row pause a schedule. */
const MOST_FAILURES = 3;

/** What became of the export of an occurrence. */
export interface EndedExport {
  id: string;
  status: ExportStatus;
  code: string | null;
  manifest: string | null;
  sha256: string | null;
}

/** Why nothing came of an occurrence. */
export interface Failure {
  code: string;
  /** What has to be so in the same moment. */
  also?: ((transaction: Transaction) => Promise<void>) | undefined;
}

/** The export of an occurrence; undefined when its row is gone. */
export async function findEnded(
  database: Database,
  scope: Scope,
  exportId: string,
): Promise<EndedExport | undefined> {
  const { workspaceId } = scope;
  const [row] = await database.inScope(scope, (transaction) =>
    transaction.query<EndedExport>(
      `select id, status, error_code as code, manifest, sha256 from exports where workspace_id = $1 and id = $2`,
      [workspaceId, exportId],
    ),
  );
  return row;
}

/**
 * Writes down what became of an occurrence whose export has ended and whose copy, if it has one, was made: once,
 * whoever comes first. A good one moves the chain on; a failed one leaves it where it is, so that the next one takes
 * over what this one should have held, and after three in a row the schedule is paused.
 * @param failed why nothing came of it; undefined: the export stands where it should
 */
export async function settleOccurrence(
  { database, tell }: { database: Database; tell: TellDependencies },
  scope: Scope,
  { id }: Pick<Schedule, 'id'>,
  occurrence: Occurrence,
  ended: EndedExport | undefined,
  failed?: Failure,
): Promise<void> {
  const { workspaceId } = scope;
  await database.inScope(scope, async (transaction) => {
    const schedule = await getSchedule(transaction, workspaceId, id, 'lock');
    const end =
      failed === undefined
        ? ({ status: 'done', reason: null } as const)
        : ({ status: 'failed', reason: failed.code } as const);
    if (!(await endOccurrence(transaction, workspaceId, schedule, occurrence, end))) return;
    if (failed === undefined) return moveOn(transaction, workspaceId, schedule, ended!);
    await failed.also?.(transaction);
    await countFailure(transaction, tell, workspaceId, schedule, failed.code);
  });
}

async function moveOn(
  transaction: Transaction,
  workspaceId: string,
  { id, gaps }: Schedule,
  ended: EndedExport,
): Promise<void> {
  const chain = ended.manifest === null ? undefined : (parseJson(ended.manifest) as Manifest).chain;
  await transaction.query(
    'update schedules set failures = 0, last_export_id = $3, updated_at = now() where workspace_id = $1 and id = $2',
    [workspaceId, id, ended.id],
  );
  if (chain === undefined) return;
  const left = gapsLeft(gaps, chain.gaps);
  await transaction.query(
    `update schedules set last_manifest_sha256 = $3, sequence = $4, reaches = $5, gaps = $6
      where workspace_id = $1 and id = $2`,
    // A break that came while it ran holds: the next one starts anew.
    [
      workspaceId,
      id,
      ended.sha256,
      chain.sequence,
      left.length > 0 ? null : JSON.stringify(chain.to),
      JSON.stringify(left),
    ],
  );
}

async function countFailure(
  transaction: Transaction,
  tell: TellDependencies,
  workspaceId: string,
  schedule: Schedule,
  code: string,
): Promise<void> {
  // Somebody stopped it by hand: that says nothing about the next one.
  if (code === 'exports.cancelled') return;
  const failures = schedule.failures + 1;
  await transaction.query('update schedules set failures = $3 where workspace_id = $1 and id = $2', [
    workspaceId,
    schedule.id,
    failures,
  ]);
  if (schedule.pausedAt !== null) return;
  if (code.startsWith('access.'))
    await pauseForGood(transaction, tell, workspaceId, schedule, { reason: 'not_allowed', code });
  else if (failures >= MOST_FAILURES)
    await pauseForGood(transaction, tell, workspaceId, schedule, { reason: 'failures', code });
}
