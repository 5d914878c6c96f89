import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createWorkspace } from '../src/access/access.commands.ts';
import { operator } from '../src/cli/operator.ts';
import { readConfig } from '../src/config.ts';
import { requestExport } from '../src/exports/request-export.ts';
import { runExport } from '../src/exports/run-export.ts';
import { Spool } from '../src/exports/direct/spool.ts';
import { type Installation, openInstallation } from '../src/installation.ts';
import { silentLog } from '../src/log.ts';
import { ingest } from '../src/records/ingest.ts';

// One conversation of a few huge messages, and one of very many: both must go in and come out whole, in bounded
// memory. Prints the largest memory of our process and of PostgreSQL's processes.
//   npm run bench:large [-- --huge 120 --huge-bytes 10000000 --many 1000000]

const { values } = parseArgs({
  options: {
    huge: { type: 'string', default: '120' },
    'huge-bytes': { type: 'string', default: '10000000' },
    many: { type: 'string', default: '1000000' },
    output: {
      type: 'string',
      default: new URL('results/large-conversations.json', import.meta.url).pathname,
    },
  },
});

const SAMPLE_EVERY_MS = 25;
const megabytes = (bytes: number) => Math.round(bytes / 1e6);

/** Largest resident memory of this process, and largest private memory (without shared buffers) of others. */
class Peaks {
  ours = 0;
  backend = 0;
  readonly pids = new Set<number>();
  readonly #timer = setInterval(() => void this.#sample(), SAMPLE_EVERY_MS);

  async #sample(): Promise<void> {
    this.ours = Math.max(this.ours, process.memoryUsage.rss());
    for (const pid of this.pids) {
      const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
      const [, kilobytes] = /RssAnon:\s+(\d+)/.exec(status) ?? [];
      this.backend = Math.max(this.backend, Number(kilobytes ?? 0) * 1024);
    }
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

function* lines(id: string, messages: number, body: (index: number) => string): Generator<Buffer> {
  yield Buffer.from(`${JSON.stringify({ type: 'conversation', id, created_at: '2026-01-01T00:00:00Z' })}\n`);
  for (let index = 0; index < messages; index++) {
    const record = {
      type: 'message',
      id: `${id}-${String(index).padStart(7, '0')}`,
      conversation_id: id,
      role: index % 2 === 0 ? 'user' : 'assistant',
      created_at: new Date(Date.UTC(2026, 0, 1) + index * 1000).toISOString(),
      body: body(index),
    };
    yield Buffer.from(`${JSON.stringify(record)}\n`);
  }
}

async function measure(
  installation: Installation,
  workspaceId: string,
  id: string,
  messages: number,
  body: (index: number) => string,
) {
  const scope = { workspaceId };
  async function* source(): AsyncGenerator<Buffer> {
    yield* lines(id, messages, body);
  }
  const inPeaks = new Peaks();
  const result = await ingest(installation, scope, source(), { signal: new AbortController().signal });
  inPeaks.stop();
  if (result.rejected_count > 0 || result.accepted.inserted !== messages + 1)
    throw new Error(`not all went in: ${JSON.stringify(result)}`);

  globalThis.gc?.();
  const peaks = new Peaks();
  const accepted = await requestExport(installation.exports, scope, operator, {
    kind: 'conversation',
    format: 'json',
    recordId: id,
  });
  const spool = await Spool.create(installation.exports.spoolFolder);
  const { bytes, counts, sha256 } = await runExport(installation.exports, accepted, {
    fd: spool.fd,
    signal: new AbortController().signal,
    onBackends: (pids) => pids.forEach((pid) => peaks.pids.add(pid)),
  });
  peaks.stop();
  const hash = createHash('sha256');
  for await (const chunk of createReadStream('', { fd: spool.fd, autoClose: false, start: 0 })) {
    hash.update(chunk as Buffer);
  }
  if (hash.digest('hex') !== sha256) throw new Error('the file is not what was written');
  const size = (await stat(`/proc/self/fd/${spool.fd}`)).size;
  await spool.close();
  if (size !== bytes || counts['messages'] !== messages)
    throw new Error(`not all came out: ${JSON.stringify(counts)}`);
  return {
    conversation: `${messages} messages of about ${body(0).length} bytes`,
    exported_mb: megabytes(bytes),
    ingest_peak_rss_mb: megabytes(inPeaks.ours),
    export_peak_rss_mb: megabytes(peaks.ours),
    export_peak_backend_private_mb: megabytes(peaks.backend),
  };
}

const homeDir = await mkdtemp(join(tmpdir(), 'convey-large-'));
const { config } = readConfig({ CONVEY_HOME: homeDir });
const installation = await openInstallation(config, silentLog);
try {
  const workspace = await createWorkspace(installation.database, { slug: 'large' });
  const huge = 'x "quoted" \n'.repeat(Math.ceil(Number(values['huge-bytes']) / 12));
  const results = [
    await measure(
      installation,
      workspace.id,
      'many-small',
      Number(values.many),
      (index) => `Message number ${index} of very many in one conversation.`,
    ),
    await measure(installation, workspace.id, 'few-huge', Number(values.huge), () => huge),
  ];
  const report = { at: new Date().toISOString(), node: process.version, cpu: cpus()[0]?.model, results };
  await mkdir(new URL('results/', import.meta.url), { recursive: true });
  await writeFile(values.output, `${JSON.stringify(report, null, 2)}\n`);
  console.table(results);
} finally {
  await installation.close();
  await rm(homeDir, { recursive: true, force: true });
}
