import { readFile, writeFile } from 'node:fs/promises';
import { compareFloors, describeFloor } from './floors.ts';
import { type BenchResults, findSeries, type Series, type SizeResult } from './results.ts';

const DOCUMENT = new URL('../../docs/performance.md', import.meta.url);
const BEGIN = '<!-- made by npm run bench: begin -->';
const END = '<!-- made by npm run bench: end -->';

/** Puts a run's table between the markers of docs/performance.md. */
export async function writeReport(results: BenchResults): Promise<void> {
  const text = await readFile(DOCUMENT, 'utf8');
  const [before, rest] = text.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) throw new Error('docs/performance.md lost its markers');
  await writeFile(DOCUMENT, `${before}${BEGIN}\n\n${renderReport(results)}\n${END}${after}`);
}

/** The results of a run as Markdown. */
export function renderReport(results: BenchResults): string {
  const { at, commit, node, postgres, machine, runs, sizes } = results;
  const head = `Measured ${at.slice(0, 10)} at commit ${commit}: Node ${node}, PostgreSQL ${postgres}, ${machine.cpu}, ${machine.cores} cores, ${machine.memory_gb} GB, ${machine.platform}; medians of ${runs} runs.`;
  const tables = sizes.map((size, index) => renderSize(size, index === 0 ? sizes[1] : undefined));
  const floors = compareFloors(results).map((floor) => `- ${describeFloor(floor)}`);
  return `${[head, ...tables, 'Floors:', floors.join('\n')].join('\n\n')}\n`;
}

const COLUMNS = [
  'case',
  'ours (s)',
  'psql (s)',
  'psql ÷ ours',
  'ours ÷ limit',
  'baseline ÷ ours',
  'MB',
  'MB/s',
  'cores busy',
  'peak RSS (MB)',
  'backends (MB)',
  'growth 1/10 → 1',
];

function renderSize(size: SizeResult, tenth: SizeResult | undefined): string {
  const rows = size.cases.flatMap(({ name, contenders }) =>
    Object.entries(contenders).flatMap(([key, contender]) => {
      if ('skipped' in contender) return [[contender.label, contender.skipped, ...Array(10).fill('')]];
      return contender.role === 'ours' ? [rowOf(size, tenth, name, key, contender)] : [];
    }),
  );
  const { conversations, first_byte: first, small_requests: small } = size;
  const lines = [
    `### ${number(conversations)} conversations, ${number(conversations * 10)} messages`,
    table([COLUMNS, ...rows]),
    ...older(size),
    ...(first === undefined ? [] : [`First byte of a direct reply: ${first.median_ms.toFixed(0)} ms.`]),
    ...(small === undefined
      ? []
      : [
          `Small requests, p95: ${small.idle.median_ms.toFixed(1)} ms idle, ${small.busy.median_ms.toFixed(1)} ms during a direct export, ${small.kept === undefined ? '' : `${small.kept.median_ms.toFixed(1)} ms during a kept one, `}${small.control.median_ms.toFixed(1)} ms beside spinning processes of the lowest priority (${small.failed} of ${small.requests} failed).`,
        ]),
  ];
  return lines.join('\n\n');
}

/** What an earlier run measured, and at which commit. */
function older({ cases, first_byte: first, small_requests: small }: SizeResult): string[] {
  const named = [
    ...cases,
    { name: 'first-byte', commit: first?.commit },
    { name: 'small-requests', commit: small?.commit },
  ];
  const commits = new Set(named.flatMap(({ commit }) => commit ?? []));
  return [...commits].map((one) => {
    const names = named.filter(({ commit }) => commit === one).map(({ name }) => name);
    return `Measured at commit ${one}: ${names.join(', ')}.`;
  });
}

function rowOf(
  size: SizeResult,
  tenth: SizeResult | undefined,
  name: string,
  key: string,
  ours: Series,
): string[] {
  const [psql, limit, baseline] = ['psql', 'limit', 'baseline'].map((peer) => findSeries(size, name, peer));
  const small = findSeries(tenth, name, key);
  const megabytes = ours.bytes / 1e6;
  return [
    ours.label,
    ours.median_s.toFixed(2),
    psql?.median_s.toFixed(2) ?? '',
    times(psql, ours),
    times(ours, limit),
    times(baseline, ours),
    megabytes.toFixed(megabytes < 10 ? 1 : 0),
    (megabytes / ours.median_s).toFixed(0),
    ours.cores_busy?.toFixed(2) ?? '',
    ours.peak_rss_bytes === undefined ? '' : (ours.peak_rss_bytes / 1e6).toFixed(0),
    ours.backends === undefined || ours.backends.allBytes === 0
      ? ''
      : (ours.backends.allBytes / 1e6).toFixed(0),
    times(ours, small),
  ];
}

/** How many times as long as `b` took `a`. */
function times(a: Series | undefined, b: Series | undefined): string {
  return a === undefined || b === undefined ? '' : `${(a.median_s / b.median_s).toFixed(2)}×`;
}

function table([head, ...rows]: string[][]): string {
  const widths = head!.map((_, at) => Math.max(...[head!, ...rows].map((row) => row[at]!.length)));
  const line = (cells: string[]) =>
    `| ${cells.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!))).join(' | ')} |`;
  const rule = `| ${widths.map((width, at) => (at === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`;
  return [line(head!), rule, ...rows.map(line)].join('\n');
}

const number = (value: number) => value.toLocaleString('en-US');
