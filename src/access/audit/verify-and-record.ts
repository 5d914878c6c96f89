import {
  describeReport,
  type LogReport,
  verifyLog,
  type VerifyLogOptions,
} from '../../audit/checkpoints/verify-log.ts';
import { recordEvent } from '../../audit/record-event.ts';
import type { Database } from '../../database/connect.ts';
import { actedBy, type Actor } from '../actor.ts';

/** Verifies a workspace's log and writes into it that somebody did, and how it came out. */
export async function verifyAndRecord(
  database: Database,
  workspaceId: string,
  actor: Actor,
  options: VerifyLogOptions = {},
): Promise<{ report: LogReport; message: string }> {
  const report = await verifyLog(database, workspaceId, options);
  const { valid, events, erasedBodies, checkpoints } = report;
  await database.inScope({ workspaceId }, (transaction) =>
    recordEvent(transaction, workspaceId, {
      ...actedBy(actor),
      action: 'audit.verified',
      target: { type: 'workspace', ref: workspaceId },
      outcome: valid ? 'success' : 'failed',
      details: {
        valid,
        events,
        erased_bodies: erasedBodies,
        checkpoints: checkpoints.compared,
        ...(report.valid ? {} : { problem_seq: report.problem.seq }),
      },
    }),
  );
  return { report, message: describeReport(report) };
}
