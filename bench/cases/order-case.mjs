// Has a server make kept exports of everything, one after the other, until its input ends: a bulk export as people
// order it, with its parts, its package and nobody who reads along.
import { setTimeout as sleep } from 'node:timers/promises';
import { args, tell } from './child.mjs';

const headers = { authorization: `Bearer ${args.key}` };
const exportsUrl = `${args.url}/v1/exports`;
const LOOK_EVERY_MS = 250;

const stopping = new AbortController();
let isTold = false;
let finished = 0;
process.stdin.resume();
process.stdin.once('end', () => {
  stopping.abort();
});
while (!stopping.signal.aborted) await make();
tell({ finished });

async function make() {
  const { job_id: id } = await ask(exportsUrl, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ kind: 'conversations', format: 'ndjson' }),
  });
  for (;;) {
    const { status, progress, error } = await ask(`${exportsUrl}/${id}`);
    if (status === 'failed') throw new Error(`the export failed: ${JSON.stringify(error)}`);
    if (!isTold && progress.records.done > 0) tell({ started: true });
    isTold ||= progress.records.done > 0;
    if (status === 'ready') finished++;
    if (status === 'ready' || stopping.signal.aborted) break;
    await sleep(LOOK_EVERY_MS);
  }
  // Stopped, or withdrawn: its disk is for the next one.
  const gone = await fetch(`${exportsUrl}/${id}`, { method: 'DELETE', headers });
  if (!gone.ok) throw new Error(`the export could not be withdrawn: ${gone.status}`);
}

async function ask(url, options = {}) {
  const reply = await fetch(url, { headers, ...options });
  if (!reply.ok) throw new Error(`${url} answered ${reply.status}: ${await reply.text()}`);
  return reply.json();
}
