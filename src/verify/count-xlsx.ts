import { MalformedError } from './scan-json.ts';
import { ZipScanner, type ZipVisitor } from './scan-zip.ts';

const ROW = Buffer.from('<row ');
const END_OF_SHEET = '</sheetData></worksheet>';
/** The list of sheets and what goes with it: small, however large the sheets are. */
const MOST_LIST_BYTES = 1 << 20;
const SHEET_FILE = /^xl\/worksheets\/sheet([1-9]\d{0,5})\.xml$/;
const LISTS = new Set(['xl/workbook.xml', 'xl/_rels/workbook.xml.rels', '[Content_Types].xml']);
const OTHERS = new Set(['_rels/.rels', 'xl/styles.xml']);

/** Counts the rows of an XLSX, by sheet, each without its header. */
export class XlsxCounter implements ZipVisitor {
  readonly #datasets: ReadonlyMap<string, string>;
  readonly #zip = new ZipScanner(this);
  /** By the number of the sheet's file, from 1. */
  readonly #rows: (number | undefined)[] = [];
  readonly #texts = new Map<string, string>();
  #name = '';
  #sheet: SheetRows | undefined;
  #text: Buffer[] | undefined;
  #textBytes = 0;

  /** @param sheets name of a sheet → dataset of its rows */
  constructor(sheets: Readonly<Record<string, string>>) {
    this.#datasets = new Map(Object.entries(sheets));
  }

  /** @throws MalformedError */
  async push(chunk: Buffer): Promise<void> {
    await this.#zip.push(chunk);
  }

  /** @throws MalformedError */
  end(): Map<string, number> {
    this.#zip.end();
    const names = this.#sheetNames();
    const totals = new Map<string, number>();
    const seen = new Map<string, number>();
    for (const [index, name] of names.entries()) {
      const [, base = name, number = '1'] = /^(.*) ([1-9]\d*)$/.exec(name) ?? [];
      const dataset = this.#datasets.get(base);
      const place = (seen.get(base) ?? 0) + 1;
      if (dataset === undefined || number !== String(place))
        throw new MalformedError(`there is a sheet “${name}” that the layout does not name`);
      seen.set(base, place);
      totals.set(dataset, (totals.get(dataset) ?? 0) + this.#rows[index + 1]!);
    }
    for (const name of this.#datasets.keys())
      if (!seen.has(name)) throw new MalformedError(`there is no sheet “${name}”`);
    return totals;
  }

  open(name: string): void {
    this.#name = name;
    const number = SHEET_FILE.exec(name)?.[1];
    if (number !== undefined) {
      if (this.#rows[Number(number)] !== undefined) throw new MalformedError(`${name} is in it twice`);
      this.#sheet = new SheetRows(name);
    } else if (LISTS.has(name) && !this.#texts.has(name)) {
      this.#text = [];
      this.#textBytes = 0;
    } else if (!OTHERS.has(name)) throw new MalformedError('it holds a file that no workbook of ours has');
  }

  data(bytes: Buffer): void {
    this.#sheet?.push(bytes);
    if (this.#text === undefined) return;
    this.#textBytes += bytes.length;
    if (this.#textBytes > MOST_LIST_BYTES) throw new MalformedError(`${this.#name} is too long`);
    this.#text.push(Buffer.from(bytes));
  }

  close(): void {
    if (this.#sheet !== undefined) this.#rows[Number(SHEET_FILE.exec(this.#name)?.[1])] = this.#sheet.end();
    if (this.#text !== undefined) this.#texts.set(this.#name, Buffer.concat(this.#text).toString('utf8'));
    this.#sheet = undefined;
    this.#text = undefined;
  }

  /** Names of the sheets in order: the first is in `sheet1.xml`, as the workbook must say, and so on. */
  #sheetNames(): string[] {
    const workbook = this.#texts.get('xl/workbook.xml') ?? '';
    const relations = this.#texts.get('xl/_rels/workbook.xml.rels') ?? '';
    const types = this.#texts.get('[Content_Types].xml') ?? '';
    const names = [...workbook.matchAll(/<sheet [^>]*>/g)].map(([tag], index) => {
      const place = index + 1;
      const [, name] = /^<sheet name="([^"&]*)" sheetId="\d+" r:id="rId\d+"\/>$/.exec(tag) ?? [];
      const isRight =
        name !== undefined &&
        tag.endsWith(` sheetId="${place}" r:id="rId${place}"/>`) &&
        relations.includes(`Id="rId${place}" `) &&
        new RegExp(`Id="rId${place}" [^>]*Target="worksheets/sheet${place}\\.xml"/>`).test(relations) &&
        types.includes(`PartName="/xl/worksheets/sheet${place}.xml"`) &&
        this.#rows[place] !== undefined;
      if (!isRight) throw new MalformedError('its list of sheets does not fit its sheets');
      return name;
    });
    if (names.length === 0 || names.length !== Object.keys(this.#rows).length)
      throw new MalformedError('its list of sheets does not fit its sheets');
    return names;
  }
}

/** Counts the rows of one sheet. A `<` inside a text is `&lt;`, so that `<row ` always is a row. */
class SheetRows {
  readonly #name: string;
  #rows = 0;
  /** The end of what has passed: a tag may lie across two pieces. */
  #tail: Buffer = Buffer.alloc(0);

  constructor(name: string) {
    this.#name = name;
  }

  push(bytes: Buffer): void {
    // Fewer bytes than a tag has, so that none is counted twice.
    const across = Buffer.concat([this.#tail.subarray(-(ROW.length - 1)), bytes.subarray(0, ROW.length - 1)]);
    this.#rows += occurrencesOf(ROW, across) + occurrencesOf(ROW, bytes);
    this.#tail = Buffer.from(
      Buffer.concat([this.#tail, bytes.subarray(-END_OF_SHEET.length)]).subarray(-END_OF_SHEET.length),
    );
  }

  end(): number {
    if (this.#tail.toString('latin1') !== END_OF_SHEET)
      throw new MalformedError(`${this.#name} is not whole`);
    if (this.#rows === 0) throw new MalformedError(`${this.#name} has no header`);
    return this.#rows - 1;
  }
}

function occurrencesOf(what: Buffer, bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(what); at >= 0; at = bytes.indexOf(what, at + 1)) count++;
  return count;
}
