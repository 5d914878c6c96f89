import type { ByteTarget } from '../byte-writer.ts';
import { jsonWriters, type WriteField } from '../codecs.ts';
import type { ListShape, RecordShape, RenderColumn } from '../record-format.ts';
import type { RowView } from '../row-view.ts';
import { type Constant, constantOf, writeConstant } from './constant.ts';

const NULL = constantOf('null');

/** Columns compiled for one kind of row: everything between two values is one constant. */
export interface ObjectTemplate {
  readonly columns: readonly { prefix: Constant; field: number; write: WriteField }[];
  /** Closes nested objects still open after the last column; the object itself stays open. */
  readonly closeNested: Constant;
  /** Fields that a row must have at least. */
  readonly fieldCount: number;
}

/** A record's columns and lists compiled. */
export interface RecordTemplate {
  readonly record: ObjectTemplate;
  readonly lists: readonly { opening: Constant; items: ObjectTemplate }[];
}

/** Compiles a shape. `lead` opens the object, e.g. `{` or `{"type":"contact",` (without columns: no comma). */
export function compileRecord(shape: RecordShape, lead = '{'): RecordTemplate {
  const record = compileObject(shape.columns, lead);
  const taken = new Set(shape.columns.map((column) => column.name.split('.')[0]));
  const lists = shape.lists.map((list: ListShape) => {
    if (taken.has(list.name)) throw new Error(`${shape.type}: ${list.name} is named twice.`);
    taken.add(list.name);
    return { opening: constantOf(`,${JSON.stringify(list.name)}:[`), items: compileObject(list.columns) };
  });
  return { record, lists };
}

/** Compiles columns into an object that starts with `lead`. Throws on names that would come out twice. */
export function compileObject(columns: readonly RenderColumn[], lead = '{'): ObjectTemplate {
  if (columns.length === 0) throw new Error('A record needs at least one column.');
  const paths = columns.map((column) => column.name.split('.'));
  const taken = new Set<string>();
  let open: string[] = [];
  const compiled = columns.map((column, index) => {
    const path = paths[index] as string[];
    const key = path.pop() as string;
    let common = 0;
    while (common < open.length && common < path.length && open[common] === path[common]) common++;
    let prefix = '}'.repeat(open.length - common) + (index === 0 ? lead : ',');
    for (let depth = common; depth < path.length; depth++) {
      claim(taken, path.slice(0, depth + 1));
      prefix += `${JSON.stringify(path[depth])}:{`;
    }
    claim(taken, [...path, key]);
    open = path;
    return {
      prefix: constantOf(`${prefix}${JSON.stringify(key)}:`),
      field: column.field,
      write: jsonWriters[column.type],
    };
  });
  return {
    columns: compiled,
    closeNested: constantOf('}'.repeat(open.length)),
    fieldCount: 1 + Math.max(...columns.map((column) => column.field)),
  };
}

/** A key that comes twice makes JSON that readers disagree about: columns of one object must be neighbours. */
function claim(taken: Set<string>, path: string[]): void {
  const key = path.join('.');
  if (taken.has(key)) throw new Error(`${key} is named twice, or its columns are not neighbours.`);
  taken.add(key);
}

/** Writes the columns of one row and leaves the object open. The hot loop of every JSON export. */
export function writeObject(out: ByteTarget, template: ObjectTemplate, row: RowView): void {
  const { columns } = template;
  // A field beyond the row would read as undefined and come out as an empty text: a lie, so it throws.
  if (row.lengths.length < template.fieldCount) throw new Error('The row has fewer fields than its shape.');
  for (let i = 0; i < columns.length; i++) {
    const column = columns[i] as (typeof columns)[number];
    writeConstant(out, column.prefix);
    if ((row.lengths[column.field] as number) < 0) writeConstant(out, NULL);
    else column.write(out, row, column.field);
  }
  if (template.closeNested.length > 0) writeConstant(out, template.closeNested);
}
