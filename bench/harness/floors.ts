import { type BenchResults, findSeries, type SizeResult } from './results.ts';

/** One promise about speed or memory, and what came of it. */
export interface Floor {
  what: string;
  wanted: string;
  measured: string;
  /** Undefined: not measured in this run. */
  isMet: boolean | undefined;
}

interface Promised {
  what: string;
  least?: number;
  most?: number;
  unit?: string;
  value: (full: SizeResult, tenth: SizeResult | undefined) => number | undefined;
}

const MEGABYTE = 1e6;
/** The memory promise is about this many messages. */
const MEMORY_AT_CONVERSATIONS = 200_000;

/** How many times as long as ours the other one takes. */
function ratio(name: string, other: string, ours = 'ours') {
  return (size: SizeResult) => {
    const [a, b] = [findSeries(size, name, other), findSeries(size, name, ours)];
    return a === undefined || b === undefined ? undefined : a.median_s / b.median_s;
  };
}

function rss(size: SizeResult | undefined): number | undefined {
  const bytes = findSeries(size, 'nested-ndjson', 'ours')?.peak_rss_bytes;
  return bytes === undefined ? undefined : bytes / MEGABYTE;
}

const quotient = (a: number | undefined, b: number | undefined) =>
  a === undefined || b === undefined ? undefined : a / b;

const promised: Promised[] = [
  { what: 'nested NDJSON: psql ÷ ours', least: 1.9, unit: '×', value: ratio('nested-ndjson', 'psql') },
  {
    what: 'nested NDJSON: keyset batches ÷ ours',
    least: 3,
    unit: '×',
    value: ratio('nested-ndjson', 'baseline'),
  },
  {
    what: 'nested NDJSON: ours ÷ bare COPYs',
    most: 2.2,
    unit: '×',
    value: ratio('nested-ndjson', 'ours', 'limit'),
  },
  {
    what: 'messages CSV: plain COPY CSV ÷ ours',
    least: 0.9,
    unit: '×',
    value: ratio('messages-csv', 'psql'),
  },
  {
    what: 'one part ÷ 2 parallel parts',
    least: 1.2,
    unit: '×',
    value: ratio('nested-ndjson', 'ours', 'parts'),
  },
  { what: 'ingest: COPY FROM ÷ ours', least: 0.6, unit: '×', value: ratio('ingest', 'psql') },
  {
    what: 'encryption and hashing: share of the plain export added',
    most: 35,
    unit: '%',
    value: (full) => {
      const added = ratio('nested-ndjson', 'ours', 'plain')(full);
      return added === undefined ? undefined : (added - 1) * 100;
    },
  },
  {
    what: 'the baseline is decent: keyset batches ÷ psql',
    most: 2,
    unit: '×',
    value: ratio('nested-ndjson', 'baseline', 'psql'),
  },
  {
    what: 'peak memory of nested NDJSON at 2 M messages',
    most: 180,
    unit: ' MB',
    value: (full) => (full.conversations >= MEMORY_AT_CONVERSATIONS ? rss(full) : undefined),
  },
  {
    what: 'peak memory against a tenth of the size: difference',
    most: 10,
    unit: '%',
    value: (full, tenth) => {
      const grown = quotient(rss(full), rss(tenth));
      return grown === undefined ? undefined : Math.abs(grown - 1) * 100;
    },
  },
  {
    what: 'first byte: slower of both sizes ÷ faster',
    most: 2,
    unit: '×',
    value: (full, tenth) => {
      const grown = quotient(full.first_byte?.median_ms, tenth?.first_byte?.median_ms);
      return grown === undefined ? undefined : Math.max(grown, 1 / grown);
    },
  },
  {
    what: 'p95 of small requests: during a direct export ÷ idle',
    most: 2,
    unit: '×',
    value: ({ small_requests: small }) => quotient(small?.busy.median_ms, small?.idle.median_ms),
  },
  {
    what: 'p95 of small requests: during a kept export ÷ idle',
    most: 2,
    unit: '×',
    value: ({ small_requests: small }) => quotient(small?.kept?.median_ms, small?.idle.median_ms),
  },
];

/** Compares a run with the floors of the project. */
export function compareFloors({ sizes: [full, tenth] }: BenchResults): Floor[] {
  return promised.map(({ what, least, most, unit = '', value }) => {
    const measured = full === undefined ? undefined : value(full, tenth);
    const bound = least ?? most!;
    return {
      what,
      wanted: `${least === undefined ? '≤' : '≥'} ${bound}${unit}`,
      measured: measured === undefined ? 'not measured' : `${measured.toFixed(bound >= 10 ? 0 : 2)}${unit}`,
      isMet: measured === undefined ? undefined : least === undefined ? measured <= bound : measured >= bound,
    };
  });
}

/** A floor as a line of text. */
export function describeFloor({ what, wanted, measured, isMet }: Floor): string {
  return `floor ${what} ${wanted}: measured ${measured} … ${isMet === undefined ? '-' : isMet ? 'ok' : 'NOT'}`;
}
