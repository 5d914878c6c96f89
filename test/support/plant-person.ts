import { recordTables } from '../../src/catalog/catalog.ts';
import type { Column, Table } from '../../src/catalog/declare.ts';
import type { TestDatabase } from './test-database.ts';

/** The person that is planted, and what none of whose texts may hold once they are anonymised. */
export const planted = {
  name: 'Annabel Quillfeather',
  email: 'annabel.quillfeather@planted.example',
  phone: '+49 151 55501234',
};
export const plantedTraces = /annabel|quillfeather|planted\.example|5550\s?1234|4111.?1111/i;

/** Tables whose records are about nobody: there only what has a form of its own can be recognised. */
const OF_NOBODY = new Set(['knowledge_sources', 'flows']);

const idOf = (table: string, number: number) => `${table}-${number}-${planted.email}`;

/**
 * Plants one person into every column of every table of records that can hold words, from the catalogue: as their
 * name, their address and their number. Two records a table, each belonging to the other tables' record of its number;
 * the contact and the account are one and the same in both.
 */
export async function plantPerson(db: TestDatabase, workspaceId: string): Promise<void> {
  for (const number of [1, 2]) {
    for (const table of recordTables) {
      if (number === 2 && (table.name === 'contacts' || table.name === 'accounts')) continue;
      const columns = table.columns.filter(
        ({ name, type }) => !name.startsWith('content_') && type !== 'xid8',
      );
      const hasClock = table.columns.some(({ type }) => type === 'xid8');
      await db.asSuperuser(
        `insert into ${table.name} (${columns.map(({ name }) => name).join(', ')}${hasClock ? ', changed_xid' : ''})
         values (${columns.map(({ type }, index) => `$${index + 1}::${type}`).join(', ')}${hasClock ? ', pg_current_xact_id()' : ''})`,
        columns.map((column) => valueOf(table, column, number, workspaceId)),
      );
    }
  }
}

function valueOf(table: Table, column: Column, number: number, workspaceId: string): unknown {
  const { name, type, values, personal } = column;
  if (name === 'workspace_id') return workspaceId;
  if (name === 'ref') return `${table.refPrefix}_${table.name}${number}`;
  if (values !== undefined) return [...values.values()][0];
  const reference = table.references.find((one) => one.column === name);
  if (reference !== undefined) {
    const isShared = reference.table === 'contacts' || reference.table === 'accounts';
    return idOf(reference.table, isShared ? 1 : number);
  }
  switch (type) {
    case 'timestamptz':
      return `2026-03-0${number}T10:00:00Z`;
    case 'bigint':
      return 1;
    case 'boolean':
      return false;
    case 'text[]':
      return OF_NOBODY.has(table.name) ? [planted.email] : [planted.name, planted.email];
    case 'jsonb':
      return JSON.stringify(jsonOf(table, column));
    default:
      if (name === 'id') return idOf(table.name, number);
      if (name === 'sha256') return 'a'.repeat(64);
      if (personal === 'email') return planted.email;
      if (personal === 'phone') return planted.phone;
      if (personal === 'identifier') return idOf('contacts', 1);
      return OF_NOBODY.has(table.name) ? `Ask ${planted.email} or ${planted.phone}` : nameOrText(column);
  }
}

function nameOrText({ personal }: Column): string {
  if (personal === 'name' || personal === 'company') return planted.name;
  if (personal === 'file_name') return `${planted.name}.pdf`;
  return `ANNABEL quillfeather, Frau Quillfeather, ${planted.email}, 0151 55501234, 4111 1111 1111 1111`;
}

function jsonOf({ name: table }: Table, { json, type }: Column): unknown {
  if (json === 'number' && type === 'jsonb') return 12.5;
  const name = OF_NOBODY.has(table) ? planted.email : planted.name;
  const object = {
    id: idOf('contacts', 1),
    name,
    value: planted.phone,
    email: planted.email,
    note: `${name}, ${planted.phone}`,
    phone: 4915155501234,
    [planted.email]: { deep: [[{ text: `call ${name}` }]] },
  };
  return json === 'array' ? [object, object] : object;
}
