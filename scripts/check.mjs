// `npm run check`: everything about the code that needs no run of it. Each line says what it guards.
import { spawnSync } from 'node:child_process';

/** @type {[string, string, string[]][]} */
const checks = [
  ['format', 'biome', ['format', '.']],
  ['lint and import direction', 'oxlint', ['--type-aware', '--quiet']],
  ['types', 'tsc', ['-p', '.']],
  ['types of the web app', 'tsc', ['-p', 'web']],
  ['types of the browser tests', 'tsc', ['-p', 'test/web']],
  ['dead code and dependencies', 'knip', ['--no-progress']],
];

let failed = 0;
for (const [what, command, args] of checks) {
  const { status } = spawnSync(`node_modules/.bin/${command}`, args, { stdio: 'inherit' });
  console.log(`${status === 0 ? 'ok    ' : 'FAILED'} ${what}`);
  if (status !== 0) failed++;
}
process.exitCode = failed === 0 ? 0 : 1;
