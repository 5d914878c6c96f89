import { getDataset } from '../../catalog/datasets.ts';
import { literal } from '../../database/literal.ts';
import type { FileLayout, SectionLayout } from '../layout/file-layout.ts';
import type { SectionNames } from '../layout/section-names.ts';
import type { ExportPlan } from '../plan-export.ts';
import { selectRows } from '../layout/select-rows.ts';

/** What an archive of documents holds beside them. */
export interface ArchiveContents {
  /** The same records for programs. */
  files: FileLayout[];
  /** Files whose bytes go in: id, ref, name, key in the store, SHA-256, in this order. */
  storedSql: string;
}

/** Columns of `storedSql`, all text. */
export const STORED_COLUMNS = ['id', 'ref', 'name', 'key', 'sha256'] as const;

/**
 * Lays out documents for people: HTML, PDF, or the zip of one person with everything in it (contract §2, §4). Pure.
 * @param sections the kind's own
 * @param layOut makes a section, with lists that share a stream
 * @param asData the same records in another format
 */
export function layOutDocuments(
  plan: ExportPlan,
  sections: readonly SectionNames[],
  layOut: (names: SectionNames) => SectionLayout,
  asData: (format: 'json' | 'csv') => FileLayout[],
): FileLayout {
  const as = plan.format === 'pdf' ? 'pdf' : 'html';
  const layout = plan.kind === 'conversation' ? 'single' : 'archive';
  const isWhole = plan.format === 'zip';
  return {
    name: `${plan.kind}.${as}`,
    format: { type: 'documents', as, layout },
    sections: sections.map((names) => layOut({ ...names, lists: messagesLast(names.lists ?? []) })),
    ...(isWhole
      ? { inside: { files: [...asData('json'), ...asData('csv')], storedSql: storedSql(plan) } }
      : {}),
  };
}

/** Messages come last, so that a long conversation can be written in volumes, each with its own events and files. */
function messagesLast(lists: NonNullable<SectionNames['lists']>): NonNullable<SectionNames['lists']> {
  const isMessages = ({ dataset }: { dataset: string }) => getDataset(dataset).table.name === 'messages';
  return [...lists.filter((list) => !isMessages(list)), ...lists.filter(isMessages)];
}

function storedSql(plan: ExportPlan): string {
  const { workspaceId, condition } = selectRows(plan, 'files');
  return `select t.id, t.ref, t.name, t.content_key, t.content_sha256 from files t
    where t.workspace_id = ${literal(workspaceId)} and (${condition}) order by t.created_at, t.id`;
}
