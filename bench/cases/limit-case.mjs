// The limit: exactly the COPYs of an export, sharing one snapshot, read side by side and dropped.
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { args, tell } from './child.mjs';
import { layOut } from './plan-case.mjs';

const RECEIVE_BYTES = 1 << 20;
const streams = layOut(args.workspaceId, args.request).flatMap(({ sections }) =>
  sections.flatMap(({ records, children }) => [records, ...children]),
);

const start = performance.now();
const clients = await Promise.all(streams.map(connect));
await begin(clients[0]);
const { rows } = await clients[0].query('select pg_export_snapshot() as name');
await Promise.all(clients.slice(1).map((client) => begin(client, rows[0].name)));
const bytes = await Promise.all(clients.map((client, index) => read(client, streams[index].sql)));
const seconds = (performance.now() - start) / 1000;
await Promise.all(clients.map((client) => client.end()));
tell({ seconds, bytes: bytes.reduce((sum, one) => sum + one, 0) });

async function connect() {
  const client = new pg.Client({ connectionString: args.databaseUrl });
  await client.connect();
  return client;
}

async function begin(client, snapshot) {
  await client.query('begin isolation level repeatable read read only');
  if (snapshot !== undefined) await client.query(`set transaction snapshot '${snapshot}'`);
  await client.query(`select set_config('convey.workspace_id', $1, true)`, [args.workspaceId]);
}

function read(client, sql) {
  const stream = client.query(
    copyTo(`copy (${sql}) to stdout (format binary)`, { highWaterMark: RECEIVE_BYTES }),
  );
  return new Promise((resolve, reject) => {
    let bytes = 0;
    stream.on('data', (chunk) => {
      bytes += chunk.length;
    });
    stream.on('end', () => resolve(bytes));
    stream.on('error', reject);
  });
}
