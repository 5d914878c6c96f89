import { datasets } from './datasets.ts';
import type { OnErasure, Table } from './declare.ts';
import { tables } from './catalog.ts';

const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const row = (...cells: string[]) => `| ${cells.map(cell).join(' | ')} |\n`;

function erasureWord(erasure: OnErasure): string {
  return typeof erasure === 'string' ? erasure : `keep: ${erasure.keep}`;
}

function retentionWord(retention: Table['retention']): string {
  return typeof retention === 'string' ? `as long as the ${retention}` : `for ever: ${retention.forever}`;
}

/** The data dictionary page (Markdown): every table and column that Convey holds, and every dataset it sends out. */
export function dataDictionary(): string {
  let page = `# Data dictionary

Made by \`npm run generate\` from the catalogue (\`src/catalog/\`), from which exports, import and the database
check are derived as well. Do not edit.

## Datasets
What leaves in exports. The JSON Schema of each is in \`docs/generated/schemas/\`.

`;
  for (const dataset of datasets.values()) {
    page += `### ${dataset.name}\n\n${dataset.doc} Rows of \`${dataset.table.name}\`.\n\n`;
    page += row('field', 'type', 'audience', 'meaning') + row('---', '---', '---', '---');
    for (const { name, type, audience, doc } of dataset.columns) page += row(name, type, audience, doc);
    page += '\n';
  }
  page += '## Tables\n\nWhat Convey keeps.\n\n';
  for (const table of tables) {
    page += `### ${table.name}\n\n${table.doc} Kept ${retentionWord(table.retention)}\n\n`;
    page += row('column', 'type', 'goes in and out as', 'audience', 'personal data', 'on erasure', 'meaning');
    page += row('---', '---', '---', '---', '---', '---', '---');
    for (const { name, type, field, audience, personal, erasure, doc } of table.columns) {
      page += row(name, type, field ?? '', audience, personal, erasureWord(erasure), doc);
    }
    page += '\n';
  }
  return page;
}
