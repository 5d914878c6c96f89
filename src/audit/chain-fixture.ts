import type { TestDatabase } from '../../test/support/test-database.ts';
import type { Database } from '../database/connect.ts';
import { placeStored } from './check-event.ts';
import { hashEvent, NO_PREDECESSOR } from './hash-event.ts';
import { LOWEST_SEQ, readChainPage } from './read-chain.ts';
import { recordEvent } from './record-event.ts';
import type { ChainHead } from './noted-heads.ts';
import { type ChainReport, type VerifyOptions, verifyChain } from './verify-chain.ts';

export const EVENTS = 10;

/** For tests: a workspace with a chain of ten events; odd ones have a personal part, even ones have none. */
export interface ChainFixture {
  workspaceId: string;
  /** Seq and hash of every event as it was recorded. */
  heads: ChainHead[];
  /** Appends event `i`. */
  record(i: number): Promise<ChainHead>;
  verify(options?: VerifyOptions): Promise<ChainReport>;
  /**
   * Does to the stored rows what only somebody with the server's own password could do, foreign keys off.
   * `:ws` in the statements becomes the condition for this workspace.
   */
  tamper(sql: string): Promise<unknown>;
  /** What such a person can do best: change event `seq` and compute every hash again from there. */
  rewriteFrom(seq: number): Promise<void>;
}

export async function createChain(db: TestDatabase): Promise<ChainFixture> {
  const workspaceId = await db.createWorkspace();
  const record = (i: number) => recordNumbered(db.database, workspaceId, i);
  const heads: ChainHead[] = [];
  for (let i = 1; i <= EVENTS; i++) heads.push(await record(i));
  const tamper = (sql: string) =>
    db.asSuperuser(
      `set session_replication_role = replica; ${sql.replaceAll(':ws', `workspace_id = '${workspaceId}'`)}`,
    );
  return {
    workspaceId,
    heads,
    record,
    verify: (options = {}) => verifyChain(db.database, workspaceId, { pageSize: 3, ...options }),
    tamper,
    rewriteFrom: async (seq) => {
      const rows = await db.database.inScope({ workspaceId }, (transaction) =>
        readChainPage(transaction, workspaceId, LOWEST_SEQ, 1000),
      );
      let previous = NO_PREDECESSOR;
      for (const { chained, bodyHash, hash } of rows.map(placeStored)) {
        const isLater = chained!.seq >= seq;
        const outcome = chained!.seq === seq ? 'failed' : chained!.outcome;
        const next = isLater ? hashEvent(previous, { ...chained!, outcome }, bodyHash) : hash;
        await tamper(
          `update audit_events set outcome = '${outcome}', prev_hash = '${previous}', hash = '${next}'
            where :ws and seq = ${chained!.seq}`,
        );
        previous = next;
      }
    },
  };
}

function recordNumbered(database: Database, workspaceId: string, i: number): Promise<ChainHead> {
  return database.inScope({ workspaceId }, (transaction) =>
    recordEvent(transaction, workspaceId, {
      action: i % 3 === 0 ? 'access.denied' : 'export.requested',
      actor: { type: 'user', ref: `usr_${i}` },
      target: { type: 'export', ref: `exp_${i}` },
      outcome: i % 3 === 0 ? 'denied' : 'success',
      interface: 'web',
      details: { rows: i, ratio: 0.5 },
      ...(i % 2 === 1 && { personal: { ip: '203.0.113.9' }, subjectRef: 'con_1' }),
    }),
  );
}
