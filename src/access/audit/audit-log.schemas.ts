import { z } from 'zod';
import { type AuditAction, auditActions } from '../../audit/actions.ts';
import { actionsNamed, type EventFilter } from '../../audit/read/read-events.ts';
import { oneOrMore, periodQuery } from '../../catalog/filter/query-values.ts';
import { nextCursor } from '../../http/paging.ts';
import { sentence } from '../../http/sentence.ts';

const ref = z
  .string()
  .max(200)
  .regex(/^[\w.:-]+$/, { error: 'takes an id or ref' });
const json = z.record(z.string(), z.unknown());

/** The filters of the log, as query parameters: the list and the export take the same. */
export const logFilterQuery = {
  actor: ref.optional().describe('Id of who acted.'),
  action: oneOrMore('Action, or a prefix like `export.*`; repeat for any of several.').refine(
    (texts) => texts === undefined || texts.every((text) => actionsNamed(text).length > 0),
    {
      error: `takes the name of an action, like ${Object.keys(auditActions)[0]}, or a prefix, like export.*`,
    },
  ),
  target: ref.optional().describe('Id or ref of what it was done to.'),
  outcome: z.enum(['success', 'denied', 'failed']).optional().describe('How it ended.'),
  from: periodQuery.since.describe('Recorded at or after this time or date (UTC).'),
  to: periodQuery.until.describe('Recorded before this time or date (UTC).'),
};

type LogFilterQuery = z.infer<z.ZodObject<typeof logFilterQuery>>;

/** The filter that a query asks for. */
export function filterOf({ action, ...rest }: LogFilterQuery): EventFilter {
  const given = Object.entries(rest).filter(([, value]) => value !== undefined);
  return {
    ...(Object.fromEntries(given) as EventFilter),
    ...(action === undefined ? {} : { actions: [...new Set(action.flatMap(actionsNamed))] }),
  };
}

const chained = {
  seq: z.number().describe('Place in the chain, from 1.'),
  at: z.iso.datetime(),
  action: z.string().describe('What was done; the list is in the docs.'),
  actor: z.object({ type: z.string(), ref: z.string() }).describe('Who acted.'),
  target: z.object({ type: z.string(), ref: z.string() }).describe('What it was done to.'),
  outcome: z.string().describe('success, denied or failed.'),
  interface: z.string().describe('api, cli, web or system.'),
  details: z.unknown().describe('Counts, formats, codes; nothing personal.'),
};

export const eventSchema = z
  .object({
    ...chained,
    actor_name: z.string().nullable().describe('Display name of who acted, at that time.'),
    ip: z.string().nullable(),
    user_agent: z.string().nullable(),
    changes: json.nullable().describe('`{field: {before, after}}`'),
    personal: json.describe('What else is personal: names, filters.'),
    body_erased: z.boolean().describe('Its personal part was erased; that breaks no chain.'),
    hash: z.string(),
    prev_hash: z.string(),
  })
  .meta({ id: 'AuditEvent' });

const actionNames = Object.keys(auditActions) as [AuditAction, ...AuditAction[]];

export const actionsSchema = z.object({
  actions: z.array(z.object({ action: z.enum(actionNames), doc: z.string() }).meta({ id: 'AuditAction' })),
});

export const logSchema = z.object({ events: z.array(eventSchema), next_cursor: nextCursor });

export const verificationSchema = z
  .object({
    valid: z.boolean(),
    message: z.string().describe('The result in plain words.'),
    events: z.number().describe('Events found sound.'),
    erased_bodies: z.number().describe('Personal parts that were erased, which is allowed.'),
    first_seq: z.number().nullable(),
    last_seq: z.number().nullable(),
    head_hash: z.string().nullable().describe('Of the last sound event: note it down elsewhere.'),
    checkpoints: z.object({
      compared: z.number(),
      last_seq: z.number().nullable(),
      fingerprints: z.array(z.string()).describe('Keys that signed them.'),
    }),
    problem: z
      .object({ seq: z.number(), reason: sentence() })
      .nullable()
      .describe('The first, and where; 0: not in an event.'),
  })
  .meta({ id: 'AuditVerification' });

export const checkpointSchema = z
  .object({
    seq: z.number(),
    hash: z.string(),
    at: z.iso.datetime(),
    document: z.string().describe('What was signed: canonical JSON.'),
    signature: z.string().describe('Ed25519, Base64.'),
    public_key: z.string().nullable().describe('SubjectPublicKeyInfo, Base64.'),
    fingerprint: z.string(),
  })
  .meta({ id: 'AuditCheckpoint' });

export const checkpointsSchema = z.object({
  checkpoints: z.array(checkpointSchema),
  next_cursor: nextCursor,
});
