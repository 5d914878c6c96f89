import pg from 'pg';
import { onTestFinished } from 'vitest';
import type { Person } from '../../support/people.ts';
import type { Site } from './site.ts';

/** What the API says of an export, as far as tests look at it. */
export interface ToldExport {
  job_id: string;
  status: string;
  package: string | null;
  sha256: string | null;
  files: { url: string; name: string; sha256: string }[];
  downloads: { actor: { name: string } }[];
}

/** Asks the API as a member. */
export async function askAs(
  { server }: Site,
  { headers }: Person,
  method: string,
  path: string,
  body?: object,
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into whatever came
): Promise<{ status: number; told: any }> {
  const reply = await fetch(server.url + path, {
    method,
    headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: reply.status, told: await reply.json() };
}

/**
 * Has a member order an export, of all conversations as NDJSON unless `body` says otherwise.
 * @param waitSeconds for its end
 */
export async function orderExport(
  { server }: Site,
  { headers }: Person,
  body: object = {},
  waitSeconds = 30,
): Promise<ToldExport> {
  const reply = await fetch(`${server.url}/v1/exports`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json', prefer: `wait=${waitSeconds}` },
    body: JSON.stringify({ kind: 'conversations', format: 'ndjson', ...body }),
  });
  if (!reply.ok) throw new Error(`the order was not taken: ${await reply.text()}`);
  return (await reply.json()) as ToldExport;
}

/** Holds every export of conversations in the middle of its run, until what it gives is called or the test ends. */
export async function holdExports({ db }: Site): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: db.superuserUrl });
  await client.connect();
  await client.query('begin; lock table messages in access exclusive mode');
  let isOver = false;
  const release = async () => {
    if (isOver) return;
    isOver = true;
    await client.query('rollback');
    await client.end();
  };
  onTestFinished(release);
  return release;
}
