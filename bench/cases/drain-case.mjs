// Asks a server for one export after the other and drops what comes, until its input ends.
import http from 'node:http';
import { lowerOwnPriority } from '../../dist/src/background-priority.js';
import { args, tell } from './child.mjs';

lowerOwnPriority(); // a client is another machine: here it must not take the server's time

let bytes = 0;
let current;
const stopping = new AbortController();
process.stdin.resume();
process.stdin.once('end', () => {
  stopping.abort();
  current?.destroy();
});
let isTold = false;
while (!stopping.signal.aborted) await drain();
tell({ bytes });

function drain() {
  return new Promise((resolve, reject) => {
    current = http.get(args.url, { headers: { authorization: `Bearer ${args.key}` } }, (reply) => {
      if (reply.statusCode !== 200) reject(new Error(`the server answered ${reply.statusCode}`));
      reply.on('data', (chunk) => {
        bytes += chunk.length;
        if (!isTold) tell({ started: true });
        isTold = true;
      });
      reply.on('error', (error) => (stopping.signal.aborted ? resolve() : reject(error)));
      reply.on('end', resolve);
    });
    current.on('error', (error) => (stopping.signal.aborted ? resolve() : reject(error)));
  });
}
