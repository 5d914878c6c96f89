import type { ByteTarget } from '../byte-writer.ts';
import { jsonWriters, type WriteField } from '../codecs.ts';
import type { ListShape, RecordShape, RenderColumn } from '../record-format.ts';
import type { RowView } from '../row-view.ts';
import { type Constant, constantOf, writeConstant } from './constant.ts';

const NULL = constantOf('null');

/** A value and what stands before it. */
interface CompiledColumn {
  readonly lead: string;
  readonly prefix: Constant;
  readonly field: number;
  readonly write: WriteField;
}

interface RowPattern {
  readonly steps: readonly CompiledColumn[];
  readonly tail: Constant;
}

/** Bits of an integer that JavaScript's operators keep apart. */
const MOST_MASKED = 31;
/** A table whose NULLs follow no pattern must not fill the memory with them. */
const MOST_PATTERNS = 4096;

/** Columns compiled for one kind of row: everything between two values is one constant. */
export interface ObjectTemplate {
  readonly columns: readonly CompiledColumn[];
  /** Closes nested objects still open after the last column; the object itself stays open. */
  readonly closeNested: Constant;
  readonly closing: string;
  /** By which columns are NULL (bit i = column i). */
  readonly byNulls: Map<number, RowPattern>;
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
    const before = `${prefix}${JSON.stringify(key)}:`;
    return {
      lead: before,
      prefix: constantOf(before),
      field: column.field,
      write: jsonWriters[column.type],
    };
  });
  return {
    columns: compiled,
    closeNested: constantOf('}'.repeat(open.length)),
    closing: '}'.repeat(open.length),
    byNulls: new Map(),
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
  const { lengths } = row;
  // A field beyond the row would read as undefined and come out as an empty text: a lie, so it throws.
  if (lengths.length < template.fieldCount) throw new Error('The row has fewer fields than its shape.');
  if (columns.length > MOST_MASKED) return writeColumns(out, template, row);
  let nulls = 0;
  for (let i = 0; i < columns.length; i++) {
    if ((lengths[(columns[i] as CompiledColumn).field] as number) < 0) nulls |= 1 << i;
  }
  const { steps, tail } = template.byNulls.get(nulls) ?? compileNulls(template, nulls);
  for (let i = 0; i < steps.length; i++) {
    const step = steps[i] as CompiledColumn;
    writeConstant(out, step.prefix);
    step.write(out, row, step.field);
  }
  if (tail.length > 0) writeConstant(out, tail);
}

/** A row of any number of columns, column by column. */
function writeColumns(out: ByteTarget, { columns, closeNested }: ObjectTemplate, row: RowView): void {
  for (let i = 0; i < columns.length; i++) {
    const column = columns[i] as CompiledColumn;
    writeConstant(out, column.prefix);
    if ((row.lengths[column.field] as number) < 0) writeConstant(out, NULL);
    else column.write(out, row, column.field);
  }
  if (closeNested.length > 0) writeConstant(out, closeNested);
}

/**
 * What rows with exactly these columns NULL look like: everything between two values is one constant, NULLs
 * included. Rows of one table have few such patterns, and most of their columns are NULL.
 */
function compileNulls(template: ObjectTemplate, nulls: number): RowPattern {
  const steps: CompiledColumn[] = [];
  let text = '';
  for (const [index, column] of template.columns.entries()) {
    text += column.lead;
    if ((nulls & (1 << index)) !== 0) {
      text += 'null';
      continue;
    }
    steps.push({ ...column, prefix: constantOf(text) });
    text = '';
  }
  const pattern = { steps, tail: constantOf(text + template.closing) };
  if (template.byNulls.size < MOST_PATTERNS) template.byNulls.set(nulls, pattern);
  return pattern;
}
