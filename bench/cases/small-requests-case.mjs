// A steady stream of small requests over connections that are kept; each leaves at its own time, whether the
// one before has been answered or not.
import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { args, tell } from './child.mjs';

const agent = new http.Agent({ keepAlive: true });
const headers = { authorization: `Bearer ${args.key}` };
for (let warm = 0; warm < 10; warm++) await ask();

const asked = [];
const start = performance.now();
const count = args.seconds * args.perSecond;
for (let index = 0; index < count; index++) {
  const wait = start + (index * 1000) / args.perSecond - performance.now();
  if (wait > 0) await sleep(wait);
  asked.push(
    ask().then(
      (ms) => ms,
      () => undefined,
    ),
  );
}
const answered = await Promise.all(asked);
const times = answered.filter((ms) => ms !== undefined).sort((a, b) => a - b);
tell({
  requests: count,
  failed: count - times.length,
  p50_ms: times[Math.floor(times.length * 0.5)],
  p95_ms: times[Math.floor(times.length * 0.95)],
  max_ms: times.at(-1),
});
agent.destroy();

function ask() {
  return new Promise((resolve, reject) => {
    const sent = performance.now();
    const request = http.get(args.url, { agent, headers }, (reply) => {
      reply.resume();
      reply.on('error', reject);
      reply.on('end', () =>
        reply.statusCode === 200
          ? resolve(performance.now() - sent)
          : reject(new Error(`the server answered ${reply.statusCode}`)),
      );
    });
    request.on('error', reject);
  });
}
