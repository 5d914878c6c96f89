// One export in a process of its own.
import { args, openMeasured, peakRssBytes, tell } from './child.mjs';
import { runCase } from './run-export-case.mjs';

const installation = await openMeasured();
const result = await runCase(installation, { workspaceId: args.workspaceId }, args);
tell({ ...result, peakRssBytes: peakRssBytes() });
await installation.close();
