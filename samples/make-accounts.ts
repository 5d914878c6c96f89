import { plans } from './company.ts';
import { accountPerson } from './people.ts';
import { Random, streams } from './random.ts';
import { timeText } from './sample-calendar.ts';
import { sampleId } from './sample-ids.ts';
import type { SampleRecord } from './sample-record.ts';
import type { SampleSize } from './sample-size.ts';

const DAY_MS = 86_400_000;
const ROLES = ['owner', 'admin', 'member', 'member', 'viewer'] as const;
const SUBSCRIPTION_STATES = ['active', 'trialing', 'past_due', 'cancelled'] as const;
const PRICES = [4.9, 49, 118.95, 0.1, 1249.5] as const;

/** Whether an account pays for something; which ones do is the same for every seed. */
export const hasSubscription = (index: number): boolean => index % 4 !== 3;
/** An account may have left the workspace and still own threads there. */
export const isMember = (index: number): boolean => index % 10 !== 9;

export function makeAccount(size: SampleSize, index: number): SampleRecord {
  const random = new Random(size.seed, streams.account, index);
  const person = accountPerson(size, index);
  const createdMs = size.calendar.beginMs + random.below(60 * DAY_MS);
  const signInMs = size.calendar.draw(random, createdMs);
  return {
    type: 'account',
    id: sampleId(size.seed, 'account', index),
    email: person.email,
    name: person.name,
    settings: {
      theme: random.pick(['dark', 'light', 'paper']),
      advanced_data_protection: random.chance(50),
      retention_days: random.pick([0, 30, 2557]),
      memory: { workspace: { detection: true, injection: random.chance(80) }, general: { detection: false } },
      'shortcut "save"': 'Ctrl+Shift+\\',
    },
    locale: person.phrases.locale,
    last_sign_in_at: timeText(signInMs),
    created_at: timeText(createdMs),
    updated_at: timeText(signInMs),
    version: 1 + random.below(40),
    ...(index % 3 === 0
      ? { attributes: { sign_in: 'password', mail_opt_out: true } }
      : { beta_tester: index % 2 === 0 }),
  };
}

export function makeMembership(size: SampleSize, index: number): SampleRecord {
  const random = new Random(size.seed, streams.account + 60, index);
  const joined = timeText(size.calendar.draw(random, size.calendar.beginMs));
  const account = sampleId(size.seed, 'account', index);
  return {
    type: 'workspace_membership',
    // Where the host has no id of its own for a membership, a pair of ids does.
    id: `main/${index}/${random.hex(6)}`,
    account_id: account,
    role: index < ROLES.length ? ROLES[index]! : random.pick(ROLES),
    created_at: joined,
    updated_at: joined,
    version: 1,
    attributes: { invited_by: index === 0 ? null : sampleId(size.seed, 'account', 0) },
  };
}

export function makeSubscription(size: SampleSize, index: number): SampleRecord {
  const random = new Random(size.seed, streams.account + 70, index);
  const startedMs = size.calendar.draw(random, size.calendar.beginMs);
  const paidMonths = random.between(1, 12);
  const state = SUBSCRIPTION_STATES[index % SUBSCRIPTION_STATES.length]!;
  const record: SampleRecord = {
    type: 'subscription',
    id: `sub_${random.hex(10)}${index}`,
    account_id: sampleId(size.seed, 'account', index),
    plan: random.pick(plans),
    // The accounts whose turn "cancelled" is have no subscription (above): half of the next state take it.
    status: index % 8 === 2 ? 'cancelled' : state,
    started_at: timeText(startedMs),
    renews_at: timeText(startedMs + paidMonths * 30 * DAY_MS),
    seats: random.pick([1, 1, 3, 25]),
    amount: PRICES[index % PRICES.length]!,
    currency: random.pick(['EUR', 'USD', 'GBP', 'CHF']),
    created_at: timeText(startedMs),
    updated_at: timeText(startedMs),
    version: 2,
    attributes: { coupon: random.chance(30) ? 'LIGHT-20%' : null },
  };
  if (record.status === 'cancelled') {
    record.cancelled_at = timeText(size.calendar.draw(random, startedMs));
    record.updated_at = record.cancelled_at;
  }
  return record;
}
