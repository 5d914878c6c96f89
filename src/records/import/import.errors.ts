import { ConveyError, errorKind } from '../../errors.ts';

// Errors that stop a source. What is wrong with one row alone is a reject, below.
export const noSuchFile = errorKind('import.no_such_file', 400, 'There is no such file to import.');
export const wrongFormat = errorKind(
  'import.wrong_format',
  400,
  'The file is not in the format that was named.',
);
export const emptyFile = errorKind(
  'import.empty_file',
  400,
  'The file is empty: there is nothing to import.',
);
export const noRecords = errorKind(
  'import.no_records',
  400,
  'The package holds no *.ndjson file, neither at its root nor in data/.',
);
export const damagedFile = errorKind(
  'import.damaged_file',
  400,
  'The file is damaged or cut short; get a fresh copy and import it again.',
);
export const badPackage = errorKind(
  'import.bad_package',
  400,
  'The package is not what its signed manifest says, so nothing was taken from it. Get a fresh copy.',
);
export const tooLarge = errorKind(
  'import.too_large',
  413,
  'The file unpacks to more than this server takes.',
);
export const unsafePath = errorKind(
  'import.unsafe_path',
  400,
  'A path in the package points outside of it or is ambiguous, so the package is refused.',
);
export const unsupportedZip = errorKind(
  'import.unsupported_zip',
  400,
  'The zip uses a feature that is not supported; pack it again without encryption, with deflate or stored entries.',
);
export const mapNeeded = errorKind(
  'import.map_needed',
  400,
  'This format needs a map that says which column is what (--map FILE).',
);
export const mapNotTaken = errorKind(
  'import.map_not_taken',
  400,
  'The convey format holds finished records and takes no map.',
);
export const badMap = errorKind('import.bad_map', 400, 'The map is not valid.');
export const badHeader = errorKind('import.bad_header', 400, 'The header line of the table cannot be used.');
export const missingColumn = errorKind(
  'import.missing_column',
  400,
  'The map names a column that the table does not have.',
);
export const badCsv = errorKind(
  'import.bad_csv',
  400,
  'The table breaks the CSV rules (RFC 4180) in a way that hides where its rows end.',
);
export const badJoin = errorKind('import.bad_join', 400, 'A side file that the map joins cannot be used.');
export const tooManyKeys = errorKind(
  'import.too_many_keys',
  400,
  'The map remembers more ids ("once": true) than the limit allows; sort the source by that id and say "once": "consecutive".',
);

// Why one row or record was not taken; the rest of the source is.
export const lineTooLong = errorKind(
  'import.line_too_long',
  413,
  'One line, row or element is longer than the limit.',
);
export const badJson = errorKind('import.bad_json', 400, 'The line or element is not one JSON object.');
export const raggedRow = errorKind(
  'import.ragged_row',
  400,
  'The row has more or fewer cells than the header.',
);
export const strayQuote = errorKind(
  'import.stray_quote',
  400,
  'The row has a quote inside a cell that is not quoted (RFC 4180).',
);
export const missingValue = errorKind(
  'import.missing_value',
  400,
  'A value that the record needs is missing or empty.',
);
export const badValue = errorKind(
  'import.bad_value',
  400,
  'A value cannot be turned into what the map asks for.',
);
export const unknownValue = errorKind(
  'import.unknown_value',
  400,
  "A value is not in the map's table of values.",
);
export const noJoin = errorKind('import.no_join', 400, 'The side file has no row with this key.');
export const notMapped = errorKind(
  'import.not_mapped',
  400,
  'No rule of the map takes this row, and no "skip" says so.',
);

/** What is wrong with one row: a reject is listed with its line, and the import goes on. */
export interface Reject {
  code: string;
  field?: string;
  /** Says which column and what it takes; never the value itself, which may be personal. */
  detail: string;
}

/** Thrown while one record is made; becomes that row's reject. */
export class RowProblem extends Error {
  readonly code: string;

  constructor(kind: { code: string }, detail: string) {
    super(detail);
    this.code = kind.code;
  }
}

/**
 * What to throw for an error of a decoder: `import.damaged_file`. Errors of ours, of the file system, and
 * everything after a cancel stay as they are.
 */
export function asDamaged(error: unknown, name: string, signal: AbortSignal): unknown {
  if (error instanceof ConveyError || signal.aborted) return error;
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  if (code !== undefined && /^E[A-Z]+$/.test(code)) return error;
  const why = error instanceof Error ? error.message : 'unreadable';
  return new ConveyError(damagedFile, `${name}: ${why}.`, { cause: error });
}
