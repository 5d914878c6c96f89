import type { ExportFormat } from '../plan-export.ts';

/** What there is to export. */
export interface Amount {
  records: number;
  /** Conversations and tickets that become a document each; 0 for formats that make none. */
  documents: number;
  bytesOfFiles: number;
  isAnonymized: boolean;
}

/** What one record takes, what each document takes beside its records, and what the format takes at all. */
interface Cost {
  record: number;
  document?: number;
  start?: number;
}

interface Costs {
  bytes: Cost;
  seconds: Cost;
}

// Measured on the benchmark's data, on a machine with two cores that does other things as well.
const ROWS: Costs = { bytes: { record: 450 }, seconds: { record: 4e-6 } };
const PAGES: Costs = {
  bytes: { record: 250, document: 2_500 },
  seconds: { record: 3e-5, document: 1e-3 },
};
const USUAL: Readonly<Record<ExportFormat, Costs>> = {
  json: ROWS,
  ndjson: ROWS,
  csv: { bytes: { record: 300 }, seconds: { record: 4e-6 } },
  xlsx: { bytes: { record: 150 }, seconds: { record: 1e-5 } },
  'chat-jsonl': { bytes: { record: 250 }, seconds: { record: 4e-6 } },
  html: PAGES,
  pdf: {
    bytes: { record: 750, document: 20_000 },
    // The engine and its fonts are loaded first.
    seconds: { record: 5e-4, document: 2.5e-2, start: 1.5 },
  },
  zip: {
    bytes: { record: 900, document: 2_500 },
    seconds: { record: 5e-5, document: 1e-3 },
  },
};
/** Every text is looked through for what names people. */
const ANONYMIZING_SECONDS = 6e-5;

/** What the records of an export usually take, without the start that every export has. */
export function usualCost(format: ExportFormat, amount: Amount): { bytes: number; seconds: number } {
  const { bytes, seconds } = USUAL[format];
  const of = ({ record, document = 0, start = 0 }: Cost) =>
    amount.records * record + amount.documents * document + (amount.records > 0 ? start : 0);
  const anonymizing = amount.isAnonymized ? amount.records * ANONYMIZING_SECONDS : 0;
  return { bytes: of(bytes), seconds: of(seconds) + anonymizing };
}
