// `npm run faults -- --count 200 --seed N [--only kill-worker,…] [--output FILE]`: wall 4 at full length.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const HELP = `npm run faults -- [options]
  --count N      faults of each kind; default 200
  --seed N       repeats a run; default random, printed
  --only a,b     kill-worker, cut-database, disk-full, break-store, leave-client
  --output FILE  where the results go; default bench/results/faults.json
`;

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '200' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
    only: { type: 'string' },
    output: { type: 'string', default: 'bench/results/faults.json' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(HELP);
  process.exit(0);
}
if (![values.count, values.seed].every((value) => /^\d{1,9}$/.test(value))) {
  process.stderr.write(`--count and --seed take whole numbers.\n${HELP}`);
  process.exit(2);
}
const folder = await mkdtemp(join(tmpdir(), 'convey-faults-'));
const files = (values.only?.split(',') ?? ['']).map((kind) => `test/faults/${kind}`);
const env = { ...process.env, FAULTS_COUNT: values.count, FAULTS_SEED: values.seed, FAULTS_FOLDER: folder };
const vitest = spawn(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...files], {
  env,
  stdio: 'inherit',
});
const code = await new Promise((resolve) => {
  vitest.once('exit', resolve);
});
const lines = await readFile(join(folder, 'faults.ndjson'), 'utf8').catch(() => '');
const kinds = lines
  .split('\n')
  .filter(Boolean)
  .map((line) => JSON.parse(line));
await rm(folder, { recursive: true });
const result = {
  at: new Date().toISOString(),
  node: process.version,
  cpu: cpus()[0]?.model,
  passed: code === 0,
  kinds: kinds.sort((a, b) => a.kind.localeCompare(b.kind)),
};
await writeFile(values.output, `${JSON.stringify(result, null, 2)}\n`);
process.exitCode = code ?? 1;
