import { describe, expect, it } from 'vitest';
import { ConveyError } from '../../errors.ts';
import { type CatchUp, dueRuns, ensureRhythm, nextRun, nextRuns } from './rhythm.ts';

// V-14: recurring exports. Pain 19: hours that are wrong around the change of the clock.

const berlin = (cron: string) => ({ cron, timeZone: 'Europe/Berlin' });
const iso = (runs: Date[]) => runs.map((run) => run.toISOString());
const at = (text: string) => new Date(text);

describe('a time of day in a zone whose clock changes', () => {
  it('comes once on the day that has no half past two, at the next time that there is', () => {
    expect(iso(nextRuns(berlin('30 2 * * *'), at('2026-03-27T12:00:00Z'), 4))).toEqual([
      '2026-03-28T01:30:00.000Z',
      '2026-03-29T01:00:00.000Z', // 03:00 in summer time
      '2026-03-30T00:30:00.000Z',
      '2026-03-31T00:30:00.000Z',
    ]);
  });

  it('comes once on the day that has half past two twice, at the first', () => {
    expect(iso(nextRuns(berlin('30 2 * * *'), at('2026-10-24T12:00:00Z'), 3))).toEqual([
      '2026-10-25T00:30:00.000Z',
      '2026-10-26T01:30:00.000Z',
      '2026-10-27T01:30:00.000Z',
    ]);
  });

  it('is the same however one walks: step by step, or back from later', () => {
    for (const [from, to] of [
      ['2026-03-27T12:00:00Z', '2026-04-01T12:00:00Z'],
      ['2026-10-23T12:00:00Z', '2026-10-28T12:00:00Z'],
    ] as const) {
      for (const cron of ['30 2 * * *', '0 2,14 * * *', '*/30 * * * *', '15 3 * * 0']) {
        const rhythm = { ...berlin(cron), catchUp: 'all' as const };
        const walked: string[] = [];
        for (let run = nextRun(rhythm, at(from)); run !== null && run <= at(to); run = nextRun(rhythm, run))
          walked.push(run.toISOString());
        const due = iso(dueRuns(rhythm, at(walked[0]!), at(to)).map((one) => one.at));
        expect(due).toEqual(walked.slice(-100));
      }
    }
  });

  it('an interval follows the clock: an hour less in spring, an hour more in autumn', () => {
    const hours = (from: string, to: string) => {
      const rhythm = { ...berlin('0 * * * *'), catchUp: 'all' as const };
      return dueRuns(rhythm, at(from), at(to)).length;
    };
    expect(hours('2026-03-28T23:00:00Z', '2026-03-29T21:00:00Z')).toBe(23);
    expect(hours('2026-10-24T22:00:00Z', '2026-10-25T22:00:00Z')).toBe(25);
  });
});

describe('occurrences that nobody was there for', () => {
  const daily = (catchUp: CatchUp) => ({ cron: '0 6 * * *', timeZone: 'UTC', catchUp });
  const away = (catchUp: CatchUp, now = '2026-05-04T12:00:00Z') =>
    dueRuns(daily(catchUp), at('2026-05-02T06:00:00Z'), at(now)).map(
      ({ at: run, isMissed }) => `${run.getUTCDate()} ${isMissed ? 'missed' : 'made'}`,
    );

  it.each([
    ['none', ['2 missed', '3 missed', '4 missed']],
    ['last', ['2 missed', '3 missed', '4 made']],
    ['all', ['2 made', '3 made', '4 made']],
  ] as const)('catch-up “%s”', (catchUp, expected) => {
    expect(away(catchUp)).toEqual(expected);
  });

  it('one that is a few minutes late was not missed', () => {
    expect(away('none', '2026-05-04T06:05:00Z')).toEqual(['2 missed', '3 missed', '4 made']);
  });

  it('of a very long absence the newest hundred are told', () => {
    const due = dueRuns(daily('all'), at('2020-01-01T06:00:00Z'), at('2026-05-04T12:00:00Z'));
    expect(due).toHaveLength(100);
    expect(due.at(-1)!.at.toISOString()).toBe('2026-05-04T06:00:00.000Z');
  });
});

describe('a rhythm that is none', () => {
  const refusal = (cron: string, timeZone = 'UTC') => {
    try {
      ensureRhythm({ cron, timeZone }, at('2026-01-01T00:00:00Z'));
      return 'taken';
    } catch (error) {
      return (error as ConveyError).fields.map(({ pointer, detail }) => `${pointer} ${detail}`).join();
    }
  };

  it.each(['', '* * *', '61 2 * * *', '30 2 * * * *', 'every day', '@daily', '@daily x', '0 25 * * *'])(
    'refuses the cron line “%s”',
    (cron) => {
      expect(refusal(cron)).toMatch(/^\/cron takes five fields/);
    },
  );
  it.each(['Mars/Olympus', '+02:00', '', 'Europe/Berlin; drop table'])(
    'refuses the time zone “%s”',
    (zone) => {
      expect(refusal('30 2 * * *', zone)).toMatch(/^\/time_zone takes an IANA name/);
    },
  );
  it('refuses what never comes, and what comes more often than every five minutes', () => {
    expect(refusal('0 0 30 2 *')).toBe('/cron never comes');
    for (const cron of ['* * * * *', '*/4 * * * *', '0,1 3 * * *', '59,0 * * * *'])
      expect(refusal(cron), cron).toMatch(/five minutes apart/);
    for (const cron of ['*/5 * * * *', '0 6 * * 1-5', '0 0 29 2 *', '30 2 1 * *'])
      expect(refusal(cron), cron).toBe('taken');
  });
});
