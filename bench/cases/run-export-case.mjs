// The one place that knows how an export is run and published: the rest of the benchmark only times it.
import { operator } from '../../dist/src/cli/operator.js';
import { exportToFile } from '../../dist/src/exports/export-to-file.js';
import { plainExport } from './plain-export.mjs';

/** Until kept exports exist: what the variants that need them say. */
const NOT_BUILT = { skipped: 'needs kept exports' };

/**
 * Runs one export, and times it from accepting to published.
 *
 * @param variant `kept`: as users get it (encrypted, hashed, counted, published), in one part; `parts`: the
 *   same in two parallel parts; `package`: reads the whole package.zip of such an export through the server's
 *   own code into `target` (making the export is not timed); `file`: a plain file at `target`, whose path is
 *   answered, for `--check`; `plain`: rendered and counted, but neither encrypted nor hashed.
 * @returns {Promise<{ skipped: string } | { seconds: number, bytes: number, counts: Record<string, number>, path?: string }>}
 *   `bytes` are those of the rendered records, the same for every variant; `path` when a plain file lies there
 */
export async function runCase(installation, scope, { request, variant, target }) {
  switch (variant) {
    // SEAM: `kept`, `parts` and `package` take kept exports as soon as there are any.
    case 'parts':
    case 'package':
      return NOT_BUILT;
    case 'kept':
    case 'file':
      return timed(async () => {
        const watch = { signal: new AbortController().signal };
        const { bytes, counts } = await exportToFile(
          installation.exports,
          scope,
          operator,
          request,
          target,
          watch,
        );
        return { bytes, counts, path: target };
      });
    case 'plain':
      return timed(() => plainExport(installation, scope, request, target));
    default:
      throw new Error(`there is no variant ${variant}`);
  }
}

async function timed(work) {
  const start = performance.now();
  const result = await work();
  return { seconds: (performance.now() - start) / 1000, ...result };
}
