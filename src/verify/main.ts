import { parseArgs } from 'node:util';
import { ignoreBrokenPipes } from './ignore-broken-pipes.ts';
import { runVerify } from './run-verify.ts';
import { runVerifyChain } from './run-verify-chain.ts';
import { BadPinError } from './trust.ts';

const USAGE = `Usage: node convey-verify.mjs <package.zip | folder | file>
       node convey-verify.mjs --chain <package.zip | folder> … (or a folder of packages)
  --receipt FILE               of a file that was sent at once; default: <file>.receipt.json, if there is one
  --key FINGERPRINT|PEM-FILE   a key that you trust; may be given more than once
  --trust KEYS.json            trust the keys of a convey-keys.json that you got from the server yourself
  --chain                      of a schedule's incremental packages: that none between them is missing
  --head SHA256                with --chain: the newest manifest.json, so that a tail that was cut off is seen
  --json                       the result as JSON, for programs
  --quiet                      say nothing
  --version                    which Convey this is of
Ends with 0 if everything is as it was signed by a key that you trust, 1 if not, 2 if it was not used right.
`;

/** Convey's: the build of the single file puts it here. */
const CONVEY_VERSION = 'of the sources';

/** The command line of the single-file verifier. */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      receipt: { type: 'string' },
      key: { type: 'string', multiple: true },
      trust: { type: 'string' },
      chain: { type: 'boolean' },
      head: { type: 'string' },
      json: { type: 'boolean' },
      quiet: { type: 'boolean' },
      version: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.help === true) {
    process.stdout.write(USAGE);
    return 0;
  }
  if (values.version === true) {
    process.stdout.write(`convey-verify ${CONVEY_VERSION}\n`);
    return 0;
  }
  if (values.chain === true) return await runVerifyChain({ ...values, paths: positionals });
  const [path, ...more] = positionals;
  if (path === undefined || more.length > 0 || values.head !== undefined)
    throw new BadPinError('It takes one path; several, and --head, with --chain.');
  return await runVerify({ ...values, path });
}

ignoreBrokenPipes();
try {
  process.exitCode = await main();
} catch (error) {
  const isUsage =
    error instanceof BadPinError || String((error as { code?: unknown }).code).startsWith('ERR_PARSE_ARGS');
  process.stderr.write(`${(error as Error).message}\n${isUsage ? USAGE : ''}`);
  process.exitCode = isUsage ? 2 : 1;
}
