import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { PageFrame } from '../src/formats/documents/html/page.ts';
import { writeTranscript } from '../src/formats/documents/html/write-transcript.ts';
import type { Transcript, TranscriptStyle } from '../src/formats/documents/transcript.ts';
import { createPdfEngine } from '../src/formats/pdf/pdf-engine.ts';
import { openChromium } from './harness/chromium.ts';

// PDFs of transcripts: our engine against a warm headless Chromium that prints our own HTML of the same conversation.
// The two take turns, document by document, so that both meet the same machine.
//   npm run bench:documents [-- --documents 100 --messages 40 --chromium /usr/bin/chromium]

const { values } = parseArgs({
  options: {
    documents: { type: 'string', default: '100' },
    messages: { type: 'string', default: '40' },
    chromium: { type: 'string', default: 'chromium' },
    output: { type: 'string', default: new URL('results/documents.json', import.meta.url).pathname },
  },
});

const WARM_UP = 5;
const WORDS = (
  'refund order customer account export delivery policy address number please thank help question answer ' +
  'tomorrow invoice window button screen error again because without already between several'
).split(' ');

const style: TranscriptStyle = {
  brandName: 'Acme Support',
  color: '#2f5d8a',
  workspaceName: 'Acme',
  exportId: 'exp_0123456789abcdefghjk',
  exportedBy: 'Benchmark',
  snapshotAt: '2026-03-06T08:00:00.000Z',
};

/** A conversation like thousands: no two alike, so that nothing can be remembered. */
function makeTranscript(seed: number, messages: number): Transcript {
  let state = seed + 1;
  const next = (below: number) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
  const sentence = () => Array.from({ length: 8 + next(40) }, () => WORDS[next(WORDS.length)]!).join(' ');
  return {
    id: `c${seed}`,
    title: `Conversation ${seed}: ${WORDS[next(WORDS.length)]!}`,
    facts: [
      { label: 'Channel', value: 'email' },
      { label: 'Status', value: 'resolved' },
      { label: 'Customer', value: `Customer ${seed}` },
    ],
    volume: 1,
    entries: Array.from({ length: messages }, (_, index) => ({
      kind: 'message' as const,
      id: `m${seed}-${index}`,
      at: new Date(Date.UTC(2026, 2, 5, 14, 0, index * 30)).toISOString(),
      author: index % 2 === 0 ? `Customer ${seed}` : 'Support bot',
      role: index % 2 === 0 ? ('contact' as const) : ('bot' as const),
      isInternal: false,
      body: index % 10 === 9 ? `${sentence()} 😀 — 您好 ${sentence()}` : sentence(),
      citations: [],
      files: [],
    })),
  };
}

const median = (times: number[]) => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)]!;
const sum = (times: number[]) => times.reduce((total, time) => total + time, 0);

const documents = Number(values.documents);
const folder = await mkdtemp(join(tmpdir(), 'convey-bench-'));
const engine = createPdfEngine();
const chromium = await openChromium(values.chromium, join(folder, 'profile'));
const page = new PageFrame(style);
const signal = new AbortController().signal;
const ours: number[] = [];
const theirs: number[] = [];
const bytes = { ours: 0, chromium: 0 };
try {
  for (let seed = 0; seed < WARM_UP + documents; seed++) {
    const transcript = makeTranscript(seed, Number(values.messages));
    const began = performance.now();
    const { pdf } = await engine.render(transcript, style, signal);
    const between = performance.now();
    const printed = await chromium.print(writeTranscript(page, transcript));
    const ended = performance.now();
    if (seed < WARM_UP) continue;
    ours.push(between - began);
    theirs.push(ended - between);
    bytes.ours += pdf.length;
    bytes.chromium += printed.length;
  }
} finally {
  await engine.close();
  await chromium.close();
  await rm(folder, { recursive: true, force: true });
}

const result = {
  node: process.version,
  chromium: chromium.version,
  processor: cpus()[0]?.model,
  documents,
  messages: Number(values.messages),
  convey: { median_ms: median(ours), per_second: (documents * 1000) / sum(ours), bytes: bytes.ours },
  chromium_print: {
    median_ms: median(theirs),
    per_second: (documents * 1000) / sum(theirs),
    bytes: bytes.chromium,
  },
  times_faster: sum(theirs) / sum(ours),
};
await mkdir(dirname(values.output), { recursive: true });
await writeFile(values.output, `${JSON.stringify(result, undefined, 2)}\n`);
console.log(JSON.stringify(result, undefined, 2));
