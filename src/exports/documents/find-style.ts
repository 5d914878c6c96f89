import type { Database } from '../../database/connect.ts';
import type { TranscriptStyle } from '../../formats/documents/transcript.ts';
import type { ObjectStore } from '../../storage/object-store.ts';
import { askerToTell } from '../anonymized/anonymized-plan.ts';
import { hasDocuments } from '../plan-export.ts';
import type { AcceptedExport } from '../request-export.ts';
import { loadTranscriptStyle } from './load-transcript-style.ts';

/** How an export's documents look; the renderer adds the snapshot's time. */
export type JobStyle = Omit<TranscriptStyle, 'snapshotAt'>;

/**
 * The look of an export's documents; undefined where it has none.
 * @throws storage.unavailable when the logo cannot be read
 */
export async function findStyle(
  dependencies: { database: Database; store: ObjectStore },
  { id, scope, plan, asker }: Pick<AcceptedExport, 'id' | 'scope' | 'plan' | 'asker'>,
): Promise<JobStyle | undefined> {
  if (!hasDocuments(plan) && plan.format !== 'zip') return undefined;
  const origin = { exportId: id, exportedBy: askerToTell(asker, plan), snapshotAt: '' };
  return loadTranscriptStyle({ ...dependencies, productName: plan.productName }, scope, origin);
}
