import { getDataset } from '../../src/catalog/datasets.ts';
import {
  jsonLines,
  orderedRows,
  orderOf,
  type PeerList,
  RAW_LINES,
  selectCsvColumns,
} from './select-columns.ts';

// What psql runs: the exports' contents rendered in SQL, as a careful person would write them.

const NESTED: PeerList[] = [
  { name: 'messages', dataset: 'messages' },
  { name: 'replies', dataset: 'replies' },
  { name: 'citations', dataset: 'citations' },
  { name: 'events', dataset: 'events' },
];

/** Conversations with everything inside, one line each. */
export function nestedNdjsonScript(workspaceId: string): string {
  const lines = jsonLines('conversations_with_contact', workspaceId, {
    lists: [...NESTED, { name: 'files', dataset: 'conversation_files' }],
    hasType: true,
  });
  return `copy (${lines}) to stdout with ${RAW_LINES};\n`;
}

/** A table as plain `COPY … CSV`. */
export function csvScript(name: string, workspaceId: string): string {
  const dataset = getDataset(name);
  const { parent } = dataset;
  if (parent === undefined) {
    return `copy (select ${selectCsvColumns(dataset)} from ${orderedRows(dataset, workspaceId)} t ${dataset.joins}
      order by ${orderOf(dataset, 't')}) to stdout with (format csv, header);\n`;
  }
  const owner = getDataset(parent.dataset);
  return `copy (select ${selectCsvColumns(dataset)} from ${orderedRows(owner, workspaceId)} p
    cross join lateral (select * from ${dataset.table.name} t
      where t.workspace_id = p.workspace_id and t.${parent.column} = p.id
      order by ${orderOf(dataset, 't')} offset 0) t
    order by ${orderOf(owner, 'p')}) to stdout with (format csv, header);\n`;
}

const WORKSPACE: { name: string; lists?: PeerList[] }[] = [
  { name: 'accounts' },
  { name: 'workspace_memberships' },
  { name: 'subscriptions' },
  { name: 'contacts' },
  { name: 'knowledge_sources' },
  { name: 'flows' },
  { name: 'conversations', lists: NESTED },
  { name: 'tickets', lists: [{ name: 'messages', dataset: 'ticket_messages' }] },
  { name: 'files' },
  { name: 'memories' },
  { name: 'audit_log' },
];

/** The whole workspace as one JSON document, in one snapshot. */
export function workspaceJsonScript(workspaceId: string): string {
  const sections = WORKSPACE.map(({ name, lists = [] }, index) => {
    const lines = jsonLines(name, workspaceId, { lists });
    const separated = `select case row_number() over () when 1 then '' else ',' end || line from (${lines}) l`;
    return `\\echo '${index === 0 ? '{' : ','}"${name}":['
copy (${separated}) to stdout with ${RAW_LINES};
\\echo ']'
`;
  });
  return `begin isolation level repeatable read read only;\n${sections.join('')}\\echo '}'\ncommit;\n`;
}
