// One ingest of a file into an empty workspace, in a process of its own.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { ingest } from '../../dist/src/records/ingest.js';
import { args, openMeasured, peakRssBytes, tell } from './child.mjs';

const installation = await openMeasured();
const start = performance.now();
const result = await ingest(
  installation,
  { workspaceId: args.workspaceId },
  createReadStream(args.source, { highWaterMark: 1 << 18 }),
  { signal: new AbortController().signal },
);
const seconds = (performance.now() - start) / 1000;
if (result.rejected_count > 0 || result.pending > 0)
  throw new Error(`not everything was taken: ${JSON.stringify(result).slice(0, 2000)}`);
tell({ seconds, bytes: (await stat(args.source)).size, peakRssBytes: peakRssBytes() });
await installation.close();
