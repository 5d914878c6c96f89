// A process that starts the embedded database and holds it until its standard input says "stop" or ends.
// Speaks JSON lines on standard output: the database's URLs, or the code of the error. For tests that kill it.
import { createInterface } from 'node:readline';
import { ConveyError } from '../../errors.ts';
import { createLog } from '../../log.ts';
import { startEmbedded } from './start-embedded.ts';

const [homeDir = '', scratch = '', settings = '{}'] = process.argv.slice(2);
const say = (fields: object) => process.stdout.write(`${JSON.stringify(fields)}\n`);
try {
  const database = await startEmbedded(
    { homeDir, log: createLog(), settings: JSON.parse(settings) as Record<string, string> },
    { stateRoot: `${scratch}/state`, temporaryFolder: `${scratch}/tmp`, cacheFolders: [`${scratch}/cache`] },
  );
  say({ ...database, uid: process.geteuid?.() });
  for await (const line of createInterface({ input: process.stdin })) {
    if (line === 'exit') process.exit();
    if (line === 'stop') break;
  }
  await database.stop();
  say({ stopped: true });
  process.exit();
} catch (error) {
  const { message, cause, stack } = error as Error;
  say({ code: error instanceof ConveyError ? error.code : 'other', message, stack, cause: String(cause) });
  process.exit(1);
}
