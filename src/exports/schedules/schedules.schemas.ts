import { z } from 'zod';
import { isPlainName } from '../../access/name.ts';
import { orderBody } from '../order/order.schemas.ts';
import type { Occurrence } from './occurrences.ts';
import { nextRuns } from './rhythm.ts';
import type { Schedule } from './schedules.ts';

const MOST_READERS = 20;
const PREVIEWED = 3;
const time = z.iso.datetime();

const name = z
  .string()
  .min(1)
  .max(100)
  .refine(isPlainName, 'takes one line, without invisible characters and marks of direction')
  .describe('What people call it.');
const readers = z.array(z.email().max(320)).max(MOST_READERS);

const destination = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.literal('link') }),
    z.strictObject({
      type: z.literal('mail'),
      to: readers
        .min(1)
        .describe('Mail addresses of members; the mail holds a link that opens after sign-in.'),
    }),
    z.strictObject({
      type: z.literal('s3'),
      destination: z.string().max(40).describe('One of `s3_destinations`: the operator names them.'),
      prefix: z
        .string()
        .max(200)
        .regex(/^[a-z0-9_-]{1,100}(\/[a-z0-9_-]{1,100})*$/, 'takes a-z 0-9 _ - and “/” between')
        .optional()
        .describe('Folders below which the workspace’s own lies.'),
    }),
  ])
  .describe('Where the package goes beside being kept.');

/** When it is due, also as a query. */
export const rhythmQuery = {
  cron: z.string().max(100).describe('Five fields: minute, hour, day of the month, month, day of the week.'),
  time_zone: z.string().max(100).default('UTC').describe('IANA name of the time zone, like Europe/Berlin.'),
};

const parts = {
  name,
  request: orderBody.describe('What to export: the body of `POST /v1/exports`.'),
  cron: rhythmQuery.cron,
  time_zone: z.string().max(100).describe('IANA name of the time zone, like Europe/Berlin.'),
  incremental: z
    .boolean()
    .describe(
      'Only what changed since the occurrence before; the packages are a chain that can be verified.',
    ),
  overlap: z
    .enum(['skip', 'wait'])
    .describe('The occurrence before is not over: leave this one out, or let it wait (one at most).'),
  catch_up: z
    .enum(['none', 'last', 'all'])
    .describe('Occurrences that were missed: make none, the last, all.'),
  destination,
  notify: readers.describe('Mail addresses of members who are told when it is paused.'),
};

export const newScheduleBody = z.strictObject({
  ...parts,
  time_zone: parts.time_zone.default('UTC'),
  incremental: parts.incremental.default(false),
  overlap: parts.overlap.default('skip'),
  catch_up: parts.catch_up.default('last'),
  destination: parts.destination.default({ type: 'link' }),
  notify: parts.notify.default([]),
});
export const changeScheduleBody = z.strictObject(parts).partial();

export const scheduleSchema = z
  .object({
    ...parts,
    id: z.string(),
    request: z.record(z.string(), z.unknown()),
    created_by: z.object({ type: z.string(), id: z.string(), name: z.string() }),
    created_at: time,
    updated_at: time,
    next_at: time.nullable().describe('Null while it is paused.'),
    next_runs: z.array(time).describe('The next times after `next_at` and that one.'),
    paused_at: time.nullable(),
    paused_reason: z
      .enum(['by_hand', 'failures', 'not_allowed'])
      .nullable()
      .describe(
        '`by_hand`, `failures` (three in a row), or `not_allowed` (whoever made it may not any more, or left).',
      ),
    failures: z.number().describe('Failed occurrences in a row.'),
    last_export: z.string().nullable().describe('The last export of it that stands.'),
    chain: z
      .object({
        sequence: z.number().describe('Number of the newest package.'),
        head: z.string().describe('SHA-256 of its manifest.json: what `convey verify --chain --head` takes.'),
      })
      .nullable()
      .describe('Of an incremental one, once there is a package.'),
  })
  .meta({ id: 'Schedule' });

export const occurrenceSchema = z
  .object({
    at: time.describe('When it was due.'),
    status: z.enum(['waiting', 'queued', 'done', 'failed', 'skipped']),
    export_id: z.string().nullable(),
    reason: z
      .string()
      .nullable()
      .describe('Why it was skipped (`missed`, `overlap`, `paused`) or failed (the code of the error).'),
  })
  .meta({ id: 'ScheduleOccurrence' });

/** The schedule as `scheduleSchema` has it. */
export function describeSchedule(schedule: Schedule): z.infer<typeof scheduleSchema> {
  const { pausedAt, nextAt, sequence, lastManifestSha256: head } = schedule;
  const isPaused = pausedAt !== null || nextAt === null;
  const next = isPaused ? [] : [nextAt, ...nextRuns(schedule, nextAt, PREVIEWED - 1)];
  return {
    id: schedule.id,
    name: schedule.name,
    request: { ...schedule.request },
    cron: schedule.cron,
    time_zone: schedule.timeZone,
    incremental: schedule.isIncremental,
    overlap: schedule.overlap,
    catch_up: schedule.catchUp,
    destination:
      schedule.destination.type === 'mail'
        ? { type: 'mail', to: [...schedule.destination.to] }
        : schedule.destination,
    notify: [...schedule.notify],
    created_by: schedule.createdBy,
    created_at: schedule.createdAt.toISOString(),
    updated_at: schedule.updatedAt.toISOString(),
    next_at: isPaused ? null : nextAt.toISOString(),
    next_runs: next.map((run) => run.toISOString()),
    paused_at: pausedAt?.toISOString() ?? null,
    paused_reason: schedule.pausedReason,
    failures: schedule.failures,
    last_export: schedule.lastExportId,
    chain: sequence === 0 || head === null ? null : { sequence, head },
  };
}

/** The occurrence as `occurrenceSchema` has it. */
export function describeOccurrence({
  at,
  status,
  exportId,
  reason,
}: Occurrence): z.infer<typeof occurrenceSchema> {
  return { at: at.toISOString(), status, export_id: exportId, reason };
}
