import type { Scope } from '../../database/scope.ts';
import { ConveyError } from '../../errors.ts';
import type { JobEvents } from '../../jobs/job-events.ts';
import type { Log } from '../../log.ts';
import { markRevoked } from '../keep/end-export.ts';
import { getExport } from '../keep/find-export.ts';
import { type CopyDependencies, copyPackage } from './copy-package.ts';
import { noteDue, type Occurrence, openOccurrences } from './occurrences.ts';
import { unknownSchedule } from './schedules.errors.ts';
import { getSchedule, type Schedule } from './schedules.ts';
import { type EndedExport, type Failure, findEnded, settleOccurrence } from './settle-occurrence.ts';
import { type StartDependencies, startOccurrence } from './start-occurrence.ts';

export interface SchedulerDependencies extends StartDependencies, CopyDependencies {
  log: Log;
  /** Wakes it when an export has ended, or somebody wants a run now; it looks by itself as well. */
  events: Pick<JobEvents, 'subscribe'>;
  lookEveryMs: number;
}

/** A copy in the hands of somebody who gave no sign for so long is taken over. */
const COPY_LEASE = '60 seconds';
const BEAT_EVERY_MS = 15_000;

/**
 * Makes exports of schedules when they are due, and sees to what becomes of them. Any number of processes may run one
 * over the same database: everything stands in the tables, each step is one transaction that counts once, and none
 * of them holds anything that the others need.
 */
export class Scheduler {
  readonly #dependencies: SchedulerDependencies;
  /** Copies on their way, by occurrence. */
  readonly #copies = new Map<string, Promise<void>>();
  readonly #stopping = new AbortController();
  #looking: Promise<void> | undefined;
  #isWoken = false;
  #timer: NodeJS.Timeout | undefined;
  #unsubscribe: () => void = () => {};

  constructor(dependencies: SchedulerDependencies) {
    this.#dependencies = dependencies;
  }

  /** Looks now, whenever it is woken, and now and then, until `stop`. */
  start(): this {
    const look = () => {
      this.#isWoken = true;
      this.#looking ??= this.#lookWhileWoken().finally(() => {
        this.#looking = undefined;
      });
    };
    this.#timer = setInterval(look, this.#dependencies.lookEveryMs);
    this.#unsubscribe = this.#dependencies.events.subscribe(look);
    look();
    return this;
  }

  /** Breaks off copies, which others take over later, and waits for what is being written. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#unsubscribe();
    this.#stopping.abort(new Error('the scheduler stops'));
    await this.#looking;
    await Promise.all(this.#copies.values());
  }

  /** Looks once at every schedule that is due or has something open, and waits for the copies that it began. */
  async look(): Promise<void> {
    await this.#lookOnce();
    await Promise.all(this.#copies.values());
  }

  async #lookWhileWoken(): Promise<void> {
    while (this.#isWoken && !this.#stopping.signal.aborted) {
      this.#isWoken = false;
      await this.#lookOnce().catch((error: unknown) =>
        this.#dependencies.log.error('schedules cannot be read', { error }),
      );
    }
  }

  async #lookOnce(): Promise<void> {
    const { database, log, now } = this.#dependencies;
    const found = await database.inSystem((transaction) =>
      transaction.query<{ workspace_id: string; schedule_id: string }>(
        'select workspace_id, schedule_id from schedules_at_work($1)',
        [now()],
      ),
    );
    for (const { workspace_id: workspaceId, schedule_id: id } of found) {
      if (this.#stopping.signal.aborted) return;
      try {
        await this.#advance({ workspaceId }, id);
      } catch (error) {
        if (error instanceof ConveyError && error.kind === unknownSchedule) continue; // deleted meanwhile
        log.error('a schedule could not go on', { schedule_id: id, workspace_id: workspaceId, error });
      }
    }
  }

  /** What is due becomes occurrences; the one that runs is seen to its end; then the next begins. */
  async #advance(scope: Scope, id: string): Promise<void> {
    const { database, now } = this.#dependencies;
    await noteDue(database, scope, id, now());
    let [schedule, first] = await this.#read(scope, id);
    if (first?.status === 'queued' && (await this.#see(scope, schedule, first)))
      [schedule, first] = await this.#read(scope, id);
    if (first?.status === 'waiting') await startOccurrence(this.#dependencies, scope, schedule, first);
  }

  #read(scope: Scope, id: string): Promise<[Schedule, Occurrence | undefined]> {
    const { workspaceId } = scope;
    return this.#dependencies.database.inScope(scope, async (transaction) => {
      const schedule = await getSchedule(transaction, workspaceId, id);
      const open = await openOccurrences(transaction, workspaceId, id);
      return [schedule, open.find(({ status }) => status === 'queued') ?? open[0]];
    });
  }

  /** @returns whether the occurrence has ended */
  async #see(scope: Scope, schedule: Schedule, occurrence: Occurrence): Promise<boolean> {
    const { database } = this.#dependencies;
    const ended = await findEnded(database, scope, occurrence.exportId!);
    if (ended?.status === 'queued' || ended?.status === 'running') return false;
    const isMade = ended?.status === 'ready' || (ended?.status === 'expired' && ended.manifest !== null);
    if (isMade && schedule.destination.type === 's3') {
      await this.#beginCopy(scope, schedule, occurrence, ended);
      return false;
    }
    const failed = isMade
      ? undefined
      : { code: ended?.code ?? (ended ? `exports.${ended.status}` : 'exports.unknown') };
    await settleOccurrence(this.#dependencies, scope, schedule, occurrence, ended, failed);
    return true;
  }

  /** Copies in the background, unless somebody does: a large package must not hold up other schedules. */
  async #beginCopy(
    scope: Scope,
    schedule: Schedule,
    occurrence: Occurrence,
    ended: EndedExport,
  ): Promise<void> {
    const name = `${schedule.id} ${occurrence.at.toISOString()}`;
    if (this.#copies.has(name) || !(await this.#claim(scope, schedule, occurrence))) return;
    const { log } = this.#dependencies;
    const copy = this.#copy(scope, schedule, occurrence, ended)
      .catch((error: unknown) => {
        if (!this.#stopping.signal.aborted)
          log.error('a copy could not be seen to its end', { schedule_id: schedule.id, error });
      })
      .finally(() => this.#copies.delete(name));
    this.#copies.set(name, copy);
  }

  async #copy(scope: Scope, schedule: Schedule, occurrence: Occurrence, ended: EndedExport): Promise<void> {
    const { log } = this.#dependencies;
    const { destination, id: scheduleId } = schedule;
    if (destination.type !== 's3') return;
    const beat = setInterval(() => {
      this.#claim(scope, schedule, occurrence, 'mine').catch((error: unknown) =>
        log.warn('a copy could not say that it is alive', { schedule_id: scheduleId, error }),
      );
    }, BEAT_EVERY_MS);
    try {
      const what = { scheduleId, exportId: ended.id };
      await copyPackage(this.#dependencies, scope, what, destination, this.#stopping.signal);
      await settleOccurrence(this.#dependencies, scope, schedule, occurrence, ended);
    } catch (error) {
      if (this.#stopping.signal.aborted) throw error;
      const code = error instanceof ConveyError ? error.code : 'http.internal';
      log.warn('a package could not be copied to its destination', { schedule_id: scheduleId, error });
      const also = schedule.isIncremental ? await this.#withdrawal(scope, ended.id) : undefined;
      await settleOccurrence(this.#dependencies, scope, schedule, occurrence, ended, { code, also });
    } finally {
      clearInterval(beat);
    }
  }

  /** A link of the chain that never arrived: the next one takes its number, so nobody may fetch this one. */
  async #withdrawal(scope: Scope, exportId: string): Promise<Failure['also']> {
    const row = await getExport(this.#dependencies.database, scope, exportId);
    const asker = {
      ...row.requested_by,
      interface: row.interface,
      includeInternal: row.plan.includeInternal,
    };
    return (transaction) => markRevoked(transaction, scope, asker, row);
  }

  /** Takes a copy, or says that it is still in one's hands. @returns whether it is ours */
  async #claim(
    scope: Scope,
    { id }: Schedule,
    { at }: Occurrence,
    whose: 'nobody’s' | 'mine' = 'nobody’s',
  ): Promise<boolean> {
    const rows = await this.#dependencies.database.inScope(scope, (transaction) =>
      transaction.query(
        `update schedule_occurrences set attempted_at = now()
          where workspace_id = $1 and schedule_id = $2 and occurrence_at = $3 and status = 'queued'
            and ($4 or attempted_at < now() - interval '${COPY_LEASE}') returning status`,
        [scope.workspaceId, id, at, whose === 'mine'],
      ),
    );
    return rows.length > 0;
  }
}
