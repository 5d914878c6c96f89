import { accountPerson } from './people.ts';
import { Random, streams } from './random.ts';
import { timeText } from './sample-calendar.ts';
import { sampleId } from './sample-ids.ts';
import type { SampleRecord } from './sample-record.ts';
import type { SampleSize } from './sample-size.ts';

/** Every third account also remembers things for itself, outside every workspace (I-12). */
export const hasGeneralMemory = (account: number): boolean => account % 3 === 0;

/** What the assistant remembers for an account: one fact in the workspace, and for some one of their own. */
export function* makeMemories(size: SampleSize, account: number): Generator<SampleRecord> {
  yield makeMemory(size, account, false);
  if (hasGeneralMemory(account)) yield makeMemory(size, account, true);
}

function makeMemory(size: SampleSize, account: number, isGeneral: boolean): SampleRecord {
  const index = account * 2 + (isGeneral ? 1 : 0);
  const random = new Random(size.seed, streams.memory, index);
  const created = timeText(size.calendar.draw(random, size.calendar.beginMs));
  return {
    type: 'memory',
    id: sampleId(size.seed, 'memory', index),
    ...(isGeneral ? { workspace_id: null } : {}),
    account_id: sampleId(size.seed, 'account', account),
    scope: isGeneral ? 'user' : 'workspace',
    body: random.pick(accountPerson(size, account).phrases.memories),
    source: random.pick(['learnt in a conversation', 'typed by the user', 'import "old app"']),
    created_at: created,
    updated_at: created,
    version: 1 + random.below(3),
    attributes: { confidence: random.below(100) / 100 },
  };
}
