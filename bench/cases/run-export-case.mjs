// The one place that knows how an export is run and published: the rest of the benchmark only times it.
import { createWriteStream, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { operator } from '../../dist/src/cli/operator.js';
import { exportToFile } from '../../dist/src/exports/direct/export-to-file.js';
import { revokeExport } from '../../dist/src/exports/keep/end-export.js';
import { getExport, listParts } from '../../dist/src/exports/keep/find-export.js';
import { keepExport } from '../../dist/src/exports/keep/keep-export.js';
import { openPackage, packageZip } from '../../dist/src/exports/keep/open-package.js';
import { requestExport } from '../../dist/src/exports/request-export.js';
import { plainExport } from './plain-export.mjs';

const ONE_PART = 1_000_000_000;
/** This process runs the export itself, under a lease that nobody contests. */
const CLAIM = { worker: 'bench', leaseMs: 3_600_000 };

/**
 * Runs one export, and times it from accepting to published.
 *
 * @param variant `kept`: as users get it (encrypted, hashed, counted, published), in one part; `parts`: the
 *   same in two parallel parts; `package`: reads the whole package.zip of such an export through the server's
 *   own code into `target` (making the export is not timed); `file`: a plain file at `target`, whose path is
 *   answered, for `--check`; `plain`: rendered and counted, but neither encrypted nor hashed.
 * @returns {Promise<{ seconds: number, coresBusy: number, bytes: number, counts: Record<string, number>, path?: string }>}
 *   `bytes` are those of the rendered records, the same for every variant; `path` when a plain file lies there;
 *   `coresBusy` how many cores the whole machine worked with meanwhile, on average
 */
export async function runCase(installation, scope, { request, variant, target }) {
  switch (variant) {
    case 'kept':
      return keep(installation, scope, request, { parallelParts: 1, partConversations: ONE_PART });
    case 'parts': {
      const partConversations = await halfOf(installation, scope);
      return keep(installation, scope, request, { parallelParts: 2, partConversations });
    }
    case 'package':
      return keep(installation, scope, request, { parallelParts: 1, partConversations: ONE_PART }, target);
    case 'file':
      return timed(async () => {
        const watch = { signal: new AbortController().signal };
        const { exports } = installation;
        const { bytes, counts } = await exportToFile(exports, scope, operator, request, target, watch);
        return { bytes, counts, path: target };
      });
    case 'plain':
      return timed(() => plainExport(installation, scope, request, target));
    default:
      throw new Error(`there is no variant ${variant}`);
  }
}

/** A kept export; with a path, what is timed is reading its package into that file. */
async function keep({ exports, database }, scope, request, { parallelParts, partConversations }, path) {
  const dependencies = { ...exports, parallelParts };
  const { signal } = new AbortController();
  const made = await timed(async () => {
    const order = { ...request, keep: { files: false, partConversations } };
    const accepted = await requestExport(dependencies, scope, operator, order, CLAIM);
    await keepExport(dependencies, accepted, accepted.job, { signal });
    return { id: accepted.id };
  });
  const row = await getExport(database, scope, made.id);
  const { bytes, counts } = row;
  let { seconds, coresBusy } = made;
  if (path !== undefined) {
    const zip = packageZip(exports.store, openPackage(row, await listParts(database, scope, made.id)));
    writeFileSync('/proc/self/clear_refs', '5'); // the peak from here on
    const read = await timed(async () => {
      const source = Readable.from(zip.open(0, zip.sizeBytes, signal), { objectMode: false });
      await pipeline(source, createWriteStream(path));
    });
    ({ seconds, coresBusy } = read);
  }
  await revokeExport(exports, scope, operator, row);
  return { seconds, coresBusy, bytes, counts };
}

async function halfOf({ database }, { workspaceId }) {
  const [{ n }] = await database.inScope({ workspaceId }, (transaction) =>
    transaction.query('select count(*) as n from conversations where workspace_id = $1', [workspaceId]),
  );
  return Math.max(1, Math.ceil(n / 2));
}

async function timed(work) {
  const before = cpuTimes();
  const start = performance.now();
  const result = await work();
  const seconds = (performance.now() - start) / 1000;
  return { ...result, seconds, coresBusy: (cpuTimes() - before) / 1000 / seconds };
}

/** Milliseconds that all cores of the machine have worked: ours and the database's, on a machine left alone. */
function cpuTimes() {
  return cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0);
}
