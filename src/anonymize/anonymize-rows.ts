import { encodeValue } from '../formats/cells/encode-value.ts';
import { copyBytes } from '../formats/cells/copy-bytes.ts';
import { ScratchBuffer } from '../formats/cells/scratch-buffer.ts';
import { readValue } from '../formats/codecs.ts';
import type { RecordFormat, RecordShape, RenderColumn } from '../formats/record-format.ts';
import type { RowView } from '../formats/row-view.ts';
import { parseJson } from '../parse-json.ts';
import { KnownPeople, type PeopleOfRecord } from './known-people.ts';
import { type Masking, maskJson, maskValue } from './mask-value.ts';
import type { Pseudonyms } from './pseudonyms.ts';
import type { Redactions } from './redactions.ts';
import type { SectionTreatments, Treatment } from './treatments.ts';

export interface AnonymizerOptions {
  pseudonyms: Pseudonyms;
  /** Counts what is replaced. */
  redactions: Redactions;
  /** How the columns of each section are treated. */
  treatments: ReadonlyMap<RecordShape, SectionTreatments>;
}

/**
 * A format that gives anonymised rows to another one, whichever that is: every field is rewritten before it is read,
 * and a field that the shape does not name reads as NULL.
 * @throws when a section comes whose treatments are not known, so that nothing passes as it is
 */
export function createAnonymizer(format: RecordFormat, options: AnonymizerOptions): RecordFormat {
  return new Anonymizer(format, options);
}

class Anonymizer implements RecordFormat {
  readonly #format: RecordFormat;
  readonly #options: AnonymizerOptions;
  readonly #nobody: KnownPeople;
  #knownField: number | undefined;
  /** The people of the last record, and what told of them. */
  #known: KnownPeople;
  #knownText = '';
  #record: RowRewriter | undefined;
  #lists: readonly RowRewriter[] = [];

  constructor(format: RecordFormat, options: AnonymizerOptions) {
    this.#format = format;
    this.#options = options;
    this.#nobody = new KnownPeople({}, options.pseudonyms);
    this.#known = this.#nobody;
  }

  beginDocument(head: Record<string, unknown>): void {
    this.#format.beginDocument(head);
  }

  beginSection(shape: RecordShape): void {
    const treatments = this.#options.treatments.get(shape);
    if (treatments === undefined) throw new Error(`Nothing says how to anonymise ${shape.section}.`);
    const { pseudonyms, redactions } = this.#options;
    const rewriterOf = (columns: readonly RenderColumn[], treated: readonly Treatment[], place: string) =>
      new RowRewriter(columns, treated, (name) => ({
        pseudonyms,
        known: this.#nobody,
        tell: redactions.counterOf(`${place}.${name}`),
      }));
    this.#record = rewriterOf(shape.columns, treatments.record, shape.section);
    this.#lists = shape.lists.map(({ columns, name }, index) =>
      rewriterOf(columns, treatments.lists[index]!, name),
    );
    this.#knownField = treatments.knownField;
    this.#known = this.#nobody;
    this.#knownText = '';
    this.#format.beginSection(shape);
  }

  beginRecord(row: RowView): void {
    this.#meet(row);
    this.#format.beginRecord(this.#record!.rewrite(row, this.#known));
  }

  beginList(index: number): void {
    this.#format.beginList(index);
  }

  item(index: number, row: RowView): void {
    this.#format.item(index, this.#lists[index]!.rewrite(row, this.#known));
  }

  endList(index: number): void {
    this.#format.endList(index);
  }

  setAside(index: number, row: RowView): void {
    this.#format.setAside(index, this.#lists[index]!.rewrite(row, this.#known));
  }

  writeAside(index: number): void | Promise<void> {
    return this.#format.writeAside(index);
  }

  endRecord(): void | Promise<void> {
    return this.#format.endRecord();
  }

  endSection(): void | Promise<void> {
    return this.#format.endSection();
  }

  endDocument(counts: Record<string, number>): void | Promise<void> {
    return this.#format.endDocument(counts);
  }

  close(): void {
    this.#format.close();
  }

  /** Learns who a record is about. */
  #meet({ bytes, offsets, lengths }: RowView): void {
    const field = this.#knownField;
    if (field === undefined) return;
    const start = offsets[field]!;
    const text = lengths[field]! <= 1 ? '' : bytes.toString('utf8', start + 1, start + lengths[field]!); // after the version
    if (text === this.#knownText) return;
    this.#knownText = text;
    this.#known =
      text === ''
        ? this.#nobody
        : new KnownPeople(parseJson(text) as PeopleOfRecord, this.#options.pseudonyms);
  }
}

/** Rows of one kind, rewritten one at a time into memory of their own. */
class RowRewriter implements RowView {
  offsets = new Int32Array(0);
  lengths = new Int32Array(0);
  readonly #out = new ScratchBuffer();
  readonly #columns: readonly { column: RenderColumn; treatment: Treatment; masking: Masking }[];

  constructor(
    columns: readonly RenderColumn[],
    treatments: readonly Treatment[],
    maskingOf: (name: string) => Masking,
  ) {
    if (columns.length !== treatments.length) throw new Error('Each column needs one treatment.');
    this.#columns = columns.map((column, index) => ({
      column,
      treatment: treatments[index]!,
      masking: maskingOf(column.name),
    }));
  }

  get bytes(): Buffer {
    return this.#out.buffer;
  }

  get view(): DataView {
    return this.#out.view;
  }

  /** The row with its fields treated; valid until the next one. */
  rewrite(row: RowView, known: KnownPeople): RowView {
    const out = this.#out;
    out.clear();
    if (this.lengths.length !== row.lengths.length) {
      this.offsets = new Int32Array(row.lengths.length);
      this.lengths = new Int32Array(row.lengths.length);
    }
    this.lengths.fill(-1);
    for (const { column, treatment, masking } of this.#columns) {
      const { field } = column;
      const length = row.lengths[field];
      if (length === undefined) throw new Error(`The row has no field ${field}.`);
      if (length < 0) continue;
      masking.known = known;
      const before = out.position;
      if (treatment.value === undefined) {
        copyBytes(out, row.view, row.offsets[field]!, length);
        this.#place(field, before);
      } else {
        encodeValue(out, column.type, treated(row, field, treatment, masking));
        this.#place(field, before + 4); // after the length
      }
    }
    return this;
  }

  #place(field: number, start: number): void {
    this.offsets[field] = start;
    this.lengths[field] = this.#out.position - start;
  }
}

function treated(row: RowView, field: number, treatment: Treatment, masking: Masking): unknown {
  switch (treatment.type) {
    case 'jsonb': {
      const start = row.offsets[field]!;
      const json = row.bytes.toString('utf8', start + 1, start + row.lengths[field]!); // after the version
      return maskJson(json, treatment, masking);
    }
    case 'text[]':
      return readValue(row, field, 'text[]')?.map((text) =>
        text === null ? null : maskValue(text, treatment.value!, masking),
      );
    default:
      return maskValue(readValue(row, field, 'text') ?? '', treatment.value!, masking);
  }
}
