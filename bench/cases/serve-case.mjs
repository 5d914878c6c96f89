// A whole server over the measured database, until its input ends.
import { createKey } from '../../dist/src/access/access.commands.js';
import { serve } from '../../dist/src/server.js';
import { args, openMeasured, peakRssBytes, tell } from './child.mjs';

const installation = await openMeasured();
const server = await serve(installation);
const { text: key } = await createKey(installation.database, {
  workspace: args.workspaceId,
  name: 'bench',
  scopes: ['export:create'],
});
tell({ url: server.url, key });
process.stdin.resume();
process.stdin.once('end', () => void stop());

async function stop() {
  await server.stop(0);
  await installation.close();
  tell({ peakRssBytes: peakRssBytes() });
}
