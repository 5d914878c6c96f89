import type { FieldMap, FieldSource } from './map-fields.ts';

/** `event.category` and `event.type` by the noun of an action; what is not named: `configuration`, by its verb. */
const CATEGORY_OF_NOUN: Readonly<Record<string, readonly string[]>> = {
  user: ['iam'],
  member: ['iam'],
  api_key: ['iam'],
  access: ['iam'],
  export: ['database'],
  import: ['database'],
  file: ['file'],
  audit: ['database'],
};
const AUTHENTICATION = ['user.signed_in', 'user.sign_in_failed', 'user.signed_out', 'user.locked'];
/** `event.type` by the verb of an action, where ECS has a word for it. */
const TYPE_OF_VERB: Readonly<Record<string, string>> = {
  created: 'creation',
  invited: 'creation',
  joined: 'user',
  changed: 'change',
  plan_changed: 'change',
  password_changed: 'change',
  deleted: 'deletion',
  revoked: 'deletion',
  removed: 'deletion',
  expired: 'deletion',
  signed_in: 'start',
  signed_out: 'end',
  denied: 'denied',
  downloaded: 'access',
  exported: 'access',
  verified: 'access',
};

/** Elastic Common Schema 8.17: the fields that fit; what has none is below `convey`. */
export const ecsProfile: FieldMap = [
  { field: '@timestamp', from: 'the time, with milliseconds', value: ({ view }) => view.at },
  { field: 'ecs.version', from: 'constant', value: () => '8.17.0' },
  { field: 'event.kind', from: 'constant', value: () => 'event' },
  { field: 'event.module', from: 'constant', value: () => 'convey' },
  { field: 'event.dataset', from: 'constant', value: () => 'convey.audit' },
  { field: 'event.id', from: 'workspace and number', value: eventId },
  { field: 'event.sequence', from: 'number in the chain', value: ({ view }) => view.seq },
  { field: 'event.action', from: 'action', value: ({ view }) => view.action },
  { field: 'event.category', from: 'by the action', value: ({ view }) => categoryOf(view.action) },
  { field: 'event.type', from: 'by the action’s verb', value: ({ view }) => typeOf(view.action) },
  {
    field: 'event.outcome',
    from: 'success; denied and failed are `failure`',
    value: ({ view }) => (view.outcome === 'success' ? 'success' : 'failure'),
  },
  { field: 'event.hash', from: 'hash in the chain', value: ({ view }) => view.hash },
  { field: 'organization.id', from: 'workspace', value: ({ placed }) => placed.chained!.workspace_id },
  { field: 'user.id', from: 'ref of who acted', value: ({ view }) => view.actor.ref },
  { field: 'user.name', from: 'display name of who acted', value: ({ view }) => view.actor_name },
  { field: 'source.ip', from: 'IP', value: ({ view }) => view.ip },
  { field: 'user_agent.original', from: 'user agent', value: ({ view }) => view.user_agent },
  { field: 'related.ip', from: 'IP', value: ({ view }) => (view.ip === null ? null : [view.ip]) },
  { field: 'related.user', from: 'ref of who acted', value: ({ view }) => [view.actor.ref] },
  { field: 'convey.actor.type', from: 'kind of who acted', value: ({ view }) => view.actor.type },
  { field: 'convey.target.type', from: 'target type', value: ({ view }) => view.target.type },
  { field: 'convey.target.id', from: 'target id', value: ({ view }) => view.target.ref },
  { field: 'convey.outcome', from: 'outcome', value: ({ view }) => view.outcome },
  { field: 'convey.interface', from: 'api, cli, web or system', value: ({ view }) => view.interface },
  { field: 'convey.details', from: 'details', value: ({ view }) => view.details },
  { field: 'convey.changes', from: 'changes, before → after', value: ({ view }) => view.changes },
  { field: 'convey.previous_hash', from: 'hash of the event before', value: ({ view }) => view.prev_hash },
];

/** Names an event among all workspaces’. */
export function eventId({ view, placed }: FieldSource): string {
  return `${placed.chained!.workspace_id}:${view.seq}`;
}

function categoryOf(action: string): readonly string[] {
  if (AUTHENTICATION.includes(action)) return ['authentication'];
  return CATEGORY_OF_NOUN[action.split('.')[0]!] ?? ['configuration'];
}

function typeOf(action: string): string[] {
  return [TYPE_OF_VERB[action.split('.')[1]!] ?? 'info'];
}
