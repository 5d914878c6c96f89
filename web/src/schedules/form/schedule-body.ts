import type { operations } from '../../api/schema.d.ts';

/** What `POST /v1/schedules` takes. */
export type ScheduleBody = operations['createSchedule']['requestBody']['content']['application/json'];
/** The same with every part said: what the form holds. */
export type ScheduleDraft = Required<ScheduleBody>;

/** What a new schedule begins as: every night, everything, kept here. */
export function newDraft(timeZone: string): ScheduleDraft {
  return {
    name: '',
    request: { kind: 'conversations' },
    cron: '30 2 * * *',
    time_zone: timeZone,
    incremental: false,
    overlap: 'skip',
    catch_up: 'last',
    destination: { type: 'link' },
    notify: [],
  };
}
