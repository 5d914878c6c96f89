import { literal } from '../../database/literal.ts';
import type { Snapshot } from '../../database/snapshot.ts';
import { type FileLayout, type Piece } from './file-layout.ts';
import { layOutFiles } from './lay-out-files.ts';
import { exportBaseName, exportExtension, type ExportPlan } from '../plan-export.ts';
import { deletionFiles } from '../schedules/select-changes.ts';
import { type ConversationKey, selectRows } from './select-rows.ts';

/** One part of a kept export: how it is made, and its name in the package. */
export interface PartLayout {
  /** `data/…` */
  name: string;
  file: FileLayout;
}

/**
 * Cuts a kept export into parts: bulk conversations, and a workspace as NDJSON, at every so many conversations.
 * What comes before and after the conversations of a large workspace has parts of its own. The ranges touch
 * and are open at both ends, so that no conversation lies between two parts.
 */
export async function splitParts(snapshot: Snapshot, plan: ExportPlan, at: Date): Promise<PartLayout[]> {
  const files = (await piecesOf(snapshot, plan)).flatMap((piece) => layOutFiles(plan, piece));
  const base = exportBaseName(plan, at);
  const digits = Math.max(3, String(files.length).length);
  const parts = files.map((file, index) => {
    const number = String(index + 1).padStart(digits, '0');
    const extension = exportExtension(plan);
    const name = files.length === 1 ? `${base}.${extension}` : `${base}-part${number}.${extension}`;
    return { name: `data/${name}`, file };
  });
  const deletions = deletionFiles(plan).map((file) => ({ name: `data/${base}-${file.name}`, file }));
  return [...parts, ...deletions];
}

async function piecesOf(snapshot: Snapshot, plan: ExportPlan): Promise<Piece[]> {
  const isWorkspace = plan.kind === 'workspace' && plan.format === 'ndjson';
  if (plan.keep === null || !(isWorkspace || plan.kind === 'conversations')) return [{}];
  const starts = await findStarts(snapshot, plan, plan.keep.partConversations);
  if (starts.length === 0) return [{}];
  const conversations = [undefined, ...starts].map((from, index) => ({
    stretch: 'conversations' as const,
    range: { ...(from && { from }), ...(starts[index] && { to: starts[index] }) },
  }));
  return isWorkspace ? [{ stretch: 'before' }, ...conversations, { stretch: 'after' }] : conversations;
}

/** The first conversation of every part but the first; none when one part holds them all. */
async function findStarts(snapshot: Snapshot, plan: ExportPlan, size: number): Promise<ConversationKey[]> {
  const { workspaceId, condition } = selectRows(plan, 'conversations');
  return snapshot.query<ConversationKey>(
    `select created_at::text as "createdAt", id from (
       select t.created_at, t.id, row_number() over (order by t.created_at, t.id) as place
         from conversations t where t.workspace_id = ${literal(workspaceId)} and (${condition})) numbered
      where place > 1 and (place - 1) % ${size} = 0 order by place`,
  );
}
