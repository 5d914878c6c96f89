import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  endServersOf,
  type Holder,
  hold,
  makeScratch,
  postmasterPid,
  query,
  removeScratch,
} from './holder.fixture.ts';
import { listServersOf } from './host/process-identity.ts';
import { getNobody, isRoot } from './host/service-user.ts';
import { copyProject } from './project-copy.fixture.ts';

let scratch: string;
const holders: Holder[] = [];
const dataDirs: string[] = [];

function start(homeDir: string, script: string, identity?: { uid: number; gid: number }): Holder {
  const holder = hold({ homeDir, scratch, script, ...(identity && { identity }) });
  holders.push(holder);
  return holder;
}

/** A user other than nobody who may run initdb, which wants a line in passwd. */
function getDaemon(): { uid: number; gid: number } {
  const fields = /^daemon:[^:]*:(\d+):(\d+)/m.exec(readFileSync('/etc/passwd', 'utf8'));
  return { uid: Number(fields?.[1]), gid: Number(fields?.[2]) };
}

beforeEach(() => {
  scratch = makeScratch();
});

afterEach(async () => {
  await Promise.all(holders.splice(0).map((holder) => holder.stop()));
  const left = dataDirs.flatMap((dataDir) => listServersOf(dataDir));
  for (const dataDir of dataDirs.splice(0)) endServersOf(dataDir);
  removeScratch(scratch);
  expect(left).toEqual([]);
});

test.skipIf(!isRoot())(
  'as root, with project and home in folders closed to others, the database runs as nobody',
  async () => {
    const closed = join(scratch, 'closed');
    const script = copyProject(join(closed, 'project'));
    chmodSync(closed, 0o700);
    const homeDir = join(closed, 'home');
    const first = start(homeDir, script);
    const { adminUrl, code, message } = await first.next();
    expect([code, message]).toEqual([undefined, undefined]);
    await query(adminUrl, 'create table kept as select 42 as answer');

    const [stateName = ''] = readdirSync(join(scratch, 'state'));
    const dataDir = join(scratch, 'state', stateName, 'data');
    dataDirs.push(dataDir);
    expect(statSync(dataDir).uid).toBe(getNobody().uid);
    expect(statSync(dataDir).mode & 0o777).toBe(0o700);
    expect(statSync(`/proc/${postmasterPid(dataDir)}`).uid).toBe(getNobody().uid);
    expect(statSync(join(homeDir, 'postgres', 'passwords.json')).mode & 0o777).toBe(0o600);
    expect(existsSync(join(homeDir, 'postgres', 'data'))).toBe(false);
    expect(first.stderr()).toContain('its files are kept elsewhere');
    await first.stop();

    // As a cleaner of temporary files would leave it.
    const [copyName = ''] = readdirSync(join(scratch, 'cache'));
    const torn = join(scratch, 'cache', copyName, 'share', 'postgresql', 'postgres.bki');
    rmSync(torn);
    const second = start(homeDir, script);
    expect(await query((await second.next()).adminUrl, 'select answer from kept')).toEqual([{ answer: 42 }]);
    expect(statSync(torn).uid).toBe(0);
    expect(readdirSync(join(scratch, 'cache'))).toEqual([copyName]);
  },
  60_000,
);

test.skipIf(!isRoot())(
  'an ordinary user runs it, survives a kill -9, and root may take turns with them',
  async () => {
    const script = copyProject(join(scratch, 'project'));
    const daemon = getDaemon();
    const homeDir = join(scratch, 'home');
    const dataDir = join(homeDir, 'postgres', 'data');
    dataDirs.push(dataDir);
    mkdirSync(homeDir, { mode: 0o755 });
    chownSync(homeDir, daemon.uid, daemon.gid);

    const first = start(homeDir, script, daemon);
    const { adminUrl, uid } = await first.next();
    expect(uid).toBe(daemon.uid);
    await query(adminUrl, 'create table kept as select 42 as answer');
    expect(statSync(dataDir).uid).toBe(daemon.uid);
    expect(readdirSync(join(homeDir, 'postgres'))).toContain('library-links');
    const pid = postmasterPid(dataDir);
    await first.kill();
    const second = start(homeDir, script, daemon);
    expect((await second.next()).adminUrl).toBe(adminUrl);
    expect(postmasterPid(dataDir)).toBe(pid);
    await second.stop();

    chmodSync(join(homeDir, 'postgres'), 0o755);
    const third = start(homeDir, script);
    const reply = await third.next();
    expect(reply.uid).toBe(0);
    expect(statSync(`/proc/${postmasterPid(dataDir)}`).uid).toBe(daemon.uid);
    expect(await query(reply.adminUrl, 'select answer from kept')).toEqual([{ answer: 42 }]);
    await third.stop();
    const fourth = start(homeDir, script, daemon);
    expect(await query((await fourth.next()).adminUrl, 'select answer from kept')).toEqual([{ answer: 42 }]);
    await fourth.stop();

    const nobody = getNobody();
    const stranger = start(homeDir, script, nobody);
    expect((await stranger.next()).code).toBe('database.home_unreachable');
  },
  90_000,
);
