import type { RenderColumn } from '../record-format.ts';

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const SHEET_ML = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

/** Places in `STYLES`. */
export const STYLE_TEXT = 1;
export const STYLE_NUMBER = 2;
const STYLE_HEADER = 3;

/** Where the workbook is. */
export const ROOT_RELATIONS = `${HEAD}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`;

const xf = (numberFormat: number, font: number) =>
  `<xf numFmtId="${numberFormat}" fontId="${font}" fillId="0" borderId="0" xfId="0"${numberFormat === 0 ? '' : ' applyNumberFormat="1"'}${font === 0 ? '' : ' applyFont="1"'}/>`;

/**
 * General, text (format `@`: a cell that is edited stays text, even `=1+1`), whole number (format `0`: never
 * 1.2E+11), bold text.
 */
export const STYLES =
  `${HEAD}<styleSheet xmlns="${MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>` +
  '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>' +
  '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>' +
  '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>' +
  '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>' +
  `<cellXfs count="4">${xf(0, 0)}${xf(49, 0)}${xf(1, 0)}${xf(49, 1)}</cellXfs>` +
  '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>';

/** The list of sheets, in order. */
export function workbookXml(sheets: readonly string[]): string {
  const entries = sheets.map(
    (name, index) => `<sheet name="${name}" sheetId="${index + 1}" r:id="rId${index + 1}"/>`,
  );
  return `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><bookViews><workbookView/></bookViews><sheets>${entries.join('')}</sheets></workbook>`;
}

/** Which file each sheet is. */
export function workbookRelations(sheets: readonly string[]): string {
  const entries = [...sheets.map((_name, index) => `worksheets/sheet${index + 1}.xml`), 'styles.xml'].map(
    (target, index) =>
      `<Relationship Id="rId${index + 1}" Type="${OFFICE}/${index < sheets.length ? 'worksheet' : 'styles'}" Target="${target}"/>`,
  );
  return `${HEAD}<Relationships xmlns="${PACKAGE}/relationships">${entries.join('')}</Relationships>`;
}

/** What each file is. */
export function contentTypes(sheets: readonly string[]): string {
  const override = (name: string, type: string) =>
    `<Override PartName="/xl/${name}" ContentType="${SHEET_ML}.${type}+xml"/>`;
  const entries = sheets.map((_name, index) => override(`worksheets/sheet${index + 1}.xml`, 'worksheet'));
  return (
    `${HEAD}<Types xmlns="${PACKAGE}/content-types">` +
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
    '<Default Extension="xml" ContentType="application/xml"/>' +
    `${override('workbook.xml', 'sheet.main')}${override('styles.xml', 'styles')}${entries.join('')}</Types>`
  );
}

/** What comes before a sheet's rows: the first row stays in view, columns are as wide as their kind needs. */
export function sheetOpening(columns: readonly RenderColumn[], isFirst: boolean): string {
  const widths = columns.map(
    (column, index) =>
      `<col min="${index + 1}" max="${index + 1}" width="${widthOf(column)}" customWidth="1"/>`,
  );
  return (
    `${HEAD}<worksheet xmlns="${MAIN}"><sheetViews><sheetView${isFirst ? ' tabSelected="1"' : ''} workbookViewId="0">` +
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>' +
    `<cols>${widths.join('')}</cols><sheetData>${headerRow(columns)}`
  );
}

export const SHEET_CLOSING = '</sheetData></worksheet>';

function headerRow(columns: readonly RenderColumn[]): string {
  // Names are the catalogue's: letters, digits, dots and underscores.
  const cells = columns.map(
    ({ name }, index) =>
      `<c r="${columnLetters(index)}1" s="${STYLE_HEADER}" t="inlineStr"><is><t>${name}</t></is></c>`,
  );
  return `<row r="1">${cells.join('')}</row>`;
}

/** Width in characters of the usual font. */
function widthOf({ name, type }: RenderColumn): number {
  if (/(^|_)(body|message|comment|notes)$/.test(name)) return 60;
  const usual = { timestamptz: 25, text: 24, jsonb: 30, 'text[]': 24, bigint: 12, xid8: 14, boolean: 10 };
  return Math.max(usual[type], name.length + 2);
}

/** 0 → A, 25 → Z, 26 → AA. */
export function columnLetters(index: number): string {
  const letter = String.fromCharCode(0x41 + (index % 26));
  return index < 26 ? letter : columnLetters(Math.floor(index / 26) - 1) + letter;
}
