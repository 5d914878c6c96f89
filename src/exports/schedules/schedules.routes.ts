import { z } from 'zod';
import { actedBy, actorOfRequest } from '../../access/actor.ts';
import { ConveyError } from '../../errors.ts';
import { badRequest as badCursor } from '../../http/http.errors.ts';
import { endPage, nextCursor, pageOf, pageQuery } from '../../http/paging.ts';
import type { App } from '../../http/route-config.ts';
import { badRequest, unknownRecord } from '../exports.errors.ts';
import { type CheckDependencies, ensureSchedule } from './check-schedule.ts';
import { listOccurrences, runNow } from './occurrences.ts';
import { pauseByHand } from './pause-schedule.ts';
import { ensureRhythm, nextRuns } from './rhythm.ts';
import { badSchedule, busySchedule, tooManySchedules, unknownSchedule } from './schedules.errors.ts';
import {
  changeScheduleBody,
  describeOccurrence,
  describeSchedule,
  newScheduleBody,
  occurrenceSchema,
  rhythmQuery,
  scheduleSchema,
} from './schedules.schemas.ts';
import {
  changeSchedule,
  createSchedule,
  deleteSchedule,
  getSchedule,
  listSchedules,
  type NewSchedule,
  restartSchedule,
  resumeSchedule,
} from './schedules.ts';

export interface ScheduleRoutes extends CheckDependencies {
  now: () => Date;
}

const scheduleId = z.object({ id: z.string().describe('Id of the schedule (`sch_…`).') });
const permission = 'schedules.manage';
const tags = ['schedules'];
const orderErrors = [badSchedule, badRequest, unknownRecord];
const MOST_PREVIEWED = 20;

/** `/v1/schedules`: exports that come back (contract §2; V-14). */
export function registerScheduleRoutes(app: App, dependencies: ScheduleRoutes): void {
  const { database, destinations, now } = dependencies;

  app.get(
    '/v1/schedules',
    {
      config: { operation: 'listSchedules', permission },
      schema: {
        tags,
        summary: 'The schedules of the workspace, newest first',
        querystring: z.object(pageQuery),
        response: {
          200: z.object({
            schedules: z.array(scheduleSchema),
            s3_destinations: z.array(z.string()).describe('Stores that packages may be copied to.'),
            next_cursor: nextCursor,
          }),
        },
      },
    },
    async (request, reply) => {
      const { workspaceId } = request.scope;
      const read = await database.inScope(request.scope, (transaction) =>
        listSchedules(transaction, workspaceId, pageOf(request.query)),
      );
      const { entries, next_cursor } = endPage(request, reply, read, request.query, ({ id }) => id);
      return {
        schedules: entries.map(describeSchedule),
        s3_destinations: [...destinations.keys()],
        next_cursor,
      };
    },
  );

  app.post(
    '/v1/schedules',
    {
      config: {
        operation: 'createSchedule',
        permission,
        errors: [...orderErrors, tooManySchedules],
        replay: { operation: 'getSchedule', id: 'id' },
      },
      schema: {
        tags,
        summary: 'Have an export made again and again',
        description:
          'As whoever asks: each time it is checked again that they may. It pauses itself when they may no more.',
        body: newScheduleBody,
        response: { 201: scheduleSchema },
      },
    },
    async (request, reply) => {
      const { principal, scope } = request;
      const wanted = wantedOf(request.body);
      await ensureSchedule(dependencies, principal, wanted, now());
      const { type, id, name } = principal;
      const made = await createSchedule(database, scope, wanted, {
        by: actedBy(actorOfRequest(request)),
        createdBy: { type, id, name },
        now: now(),
      });
      return reply.code(201).header('location', `/v1/schedules/${made.id}`).send(describeSchedule(made));
    },
  );

  app.get(
    '/v1/schedules/preview',
    {
      config: { operation: 'previewSchedule', permission, errors: [badSchedule] },
      schema: {
        tags,
        summary: 'When a cron line would come next',
        querystring: z.object({
          ...rhythmQuery,
          count: z.coerce.number().int().min(1).max(MOST_PREVIEWED).default(5),
        }),
        response: { 200: z.object({ next_runs: z.array(z.iso.datetime()) }) },
      },
    },
    async ({ query }) => {
      const rhythm = { cron: query.cron, timeZone: query.time_zone };
      ensureRhythm(rhythm, now());
      return { next_runs: nextRuns(rhythm, now(), query.count).map((run) => run.toISOString()) };
    },
  );

  app.get(
    '/v1/schedules/:id',
    {
      config: { operation: 'getSchedule', permission, errors: [unknownSchedule] },
      schema: { tags, summary: 'One schedule', params: scheduleId, response: { 200: scheduleSchema } },
    },
    async ({ scope, params }) =>
      describeSchedule(
        await database.inScope(scope, (transaction) =>
          getSchedule(transaction, scope.workspaceId, params.id),
        ),
      ),
  );

  app.patch(
    '/v1/schedules/:id',
    {
      config: { operation: 'changeSchedule', permission, errors: [...orderErrors, unknownSchedule] },
      schema: {
        tags,
        summary: 'Change a schedule',
        description:
          'It goes on as whoever made it. An incremental one whose request changes starts anew with everything, ' +
          'and its next manifest says so.',
        params: scheduleId,
        body: changeScheduleBody,
        response: { 200: scheduleSchema },
      },
    },
    async (request) => {
      const { principal, scope, params, body } = request;
      const before = await database.inScope(scope, (transaction) =>
        getSchedule(transaction, scope.workspaceId, params.id),
      );
      const { time_zone: zone, incremental, catch_up: catchUp, ...given } = body;
      const changes: Partial<NewSchedule> = withoutUndefined({
        ...given,
        timeZone: zone,
        isIncremental: incremental,
        catchUp,
      });
      const wanted = { ...before, ...changes };
      await ensureSchedule(dependencies, principal, wanted, now());
      const by = actedBy(actorOfRequest(request));
      return describeSchedule(await changeSchedule(database, scope, params.id, wanted, { by, now: now() }));
    },
  );

  app.delete(
    '/v1/schedules/:id',
    {
      config: { operation: 'deleteSchedule', permission, errors: [unknownSchedule] },
      schema: {
        tags,
        summary: 'Delete a schedule; exports that it made stay',
        params: scheduleId,
        response: { 204: z.null().describe('It is gone.') },
      },
    },
    async (request, reply) => {
      const { scope, params } = request;
      await deleteSchedule(database, scope, params.id, actedBy(actorOfRequest(request)));
      return reply.code(204).send(null);
    },
  );

  registerScheduleActs(app, dependencies);
}

/** What is done to a schedule, and what it did. */
function registerScheduleActs(app: App, { database, now }: ScheduleRoutes): void {
  const acts = [
    {
      url: '/v1/schedules/:id/pause',
      operation: 'pauseSchedule',
      summary: 'Have a schedule rest; what waits is skipped, what runs goes on',
      act: pauseByHand,
    },
    {
      url: '/v1/schedules/:id/resume',
      operation: 'resumeSchedule',
      summary: 'Have a paused schedule go on from its next time',
      act: resumeSchedule,
    },
    {
      url: '/v1/schedules/:id/restart',
      operation: 'restartSchedule',
      summary: 'Have the next incremental export hold everything again; its manifest says so',
      act: restartSchedule,
    },
  ] as const;
  for (const { url, operation, summary, act } of acts) {
    app.post(
      url,
      {
        config: { operation, permission, errors: [unknownSchedule] },
        schema: { tags, summary, params: scheduleId, response: { 200: scheduleSchema } },
      },
      async (request) => {
        const { scope, params } = request;
        const how = { by: actedBy(actorOfRequest(request)), now: now() };
        return describeSchedule(await act(database, scope, params.id, how));
      },
    );
  }

  app.post(
    '/v1/schedules/:id/run',
    {
      config: { operation: 'runSchedule', permission, errors: [unknownSchedule, busySchedule] },
      schema: {
        tags,
        summary: 'Have a schedule run now, beside its times, paused or not',
        params: scheduleId,
        response: { 202: occurrenceSchema },
      },
    },
    async (request, reply) => {
      const { scope, params } = request;
      const how = { by: actedBy(actorOfRequest(request)), now: now() };
      return reply.code(202).send(describeOccurrence(await runNow(database, scope, params.id, how)));
    },
  );

  app.get(
    '/v1/schedules/:id/occurrences',
    {
      config: { operation: 'listScheduleOccurrences', permission, errors: [unknownSchedule] },
      schema: {
        tags,
        summary: 'When a schedule was due, newest first, and what became of it',
        params: scheduleId,
        querystring: z.object(pageQuery),
        response: { 200: z.object({ occurrences: z.array(occurrenceSchema), next_cursor: nextCursor }) },
      },
    },
    async (request, reply) => {
      const { scope, params, query } = request;
      const { after, limit } = pageOf(query);
      const read = await database.inScope(scope, async (transaction) => {
        await getSchedule(transaction, scope.workspaceId, params.id);
        const before = after === undefined ? undefined : timeOf(after);
        return listOccurrences(transaction, scope.workspaceId, params.id, { before, limit });
      });
      const { entries, next_cursor } = endPage(request, reply, read, query, ({ at }) => String(at.getTime()));
      return { occurrences: entries.map(describeOccurrence), next_cursor };
    },
  );
}

function timeOf(cursor: string): Date {
  if (!/^\d{1,15}$/.test(cursor)) throw new ConveyError(badCursor, 'cursor is no cursor of ours.');
  return new Date(Number(cursor));
}

function wantedOf({
  time_zone: timeZone,
  incremental: isIncremental,
  catch_up: catchUp,
  ...same
}: z.infer<typeof newScheduleBody>): NewSchedule {
  return { ...same, timeZone, isIncremental, catchUp };
}

function withoutUndefined<T extends object>(given: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as never;
}
