import type { FieldMap } from './map-fields.ts';
import { eventId } from './ecs-profile.ts';

/** Classes of OCSF 1.3.0 that our actions fit. */
const CLASSES = {
  account: { uid: 3001, name: 'Account Change', categoryUid: 3, category: 'Identity & Access Management' },
  authentication: {
    uid: 3002,
    name: 'Authentication',
    categoryUid: 3,
    category: 'Identity & Access Management',
  },
  api: { uid: 6003, name: 'API Activity', categoryUid: 6, category: 'Application Activity' },
} as const;

type Mapped = readonly [of: keyof typeof CLASSES, activityId: number, activity: string];

/** Actions that are no plain API activity. */
const BY_ACTION: Readonly<Record<string, Mapped>> = {
  'user.signed_in': ['authentication', 1, 'Logon'],
  'user.sign_in_failed': ['authentication', 1, 'Logon'],
  'user.signed_out': ['authentication', 2, 'Logoff'],
  'user.locked': ['account', 9, 'Lock'],
  'user.created': ['account', 1, 'Create'],
  'user.password_changed': ['account', 3, 'Password Change'],
  'user.second_factor_enabled': ['account', 10, 'MFA Factor Enable'],
  'user.second_factor_disabled': ['account', 11, 'MFA Factor Disable'],
  'user.recovery_codes_renewed': ['account', 99, 'Other'],
  'user.identity_linked': ['account', 99, 'Other'],
  'member.joined': ['account', 7, 'Attach Policy'],
  'member.changed': ['account', 7, 'Attach Policy'],
  'member.removed': ['account', 8, 'Detach Policy'],
};
/** Activities of API Activity, by the verb of the action; others are Other. */
const BY_VERB: Readonly<Record<string, Mapped>> = {
  created: ['api', 1, 'Create'],
  invited: ['api', 1, 'Create'],
  stored: ['api', 1, 'Create'],
  downloaded: ['api', 2, 'Read'],
  exported: ['api', 2, 'Read'],
  verified: ['api', 2, 'Read'],
  changed: ['api', 3, 'Update'],
  plan_changed: ['api', 3, 'Update'],
  disabled: ['api', 3, 'Update'],
  deleted: ['api', 4, 'Delete'],
  revoked: ['api', 4, 'Delete'],
  expired: ['api', 4, 'Delete'],
};
const OTHER: Mapped = ['api', 99, 'Other'];
const USER_TYPES: Readonly<Record<string, number>> = { user: 1, operator: 2, system: 3 };

/** Open Cybersecurity Schema Framework 1.3.0; what has no attribute there is below `unmapped`. */
export const ocsfProfile: FieldMap = [
  { field: 'time', from: 'the time, in milliseconds since 1970', value: ({ view }) => Date.parse(view.at) },
  { field: 'class_uid', from: 'by the action', value: ({ view }) => classOf(view.action).uid },
  { field: 'class_name', from: 'by the action', value: ({ view }) => classOf(view.action).name },
  { field: 'category_uid', from: 'by the class', value: ({ view }) => classOf(view.action).categoryUid },
  { field: 'category_name', from: 'by the class', value: ({ view }) => classOf(view.action).category },
  { field: 'activity_id', from: 'by the action', value: ({ view }) => mappedOf(view.action)[1] },
  { field: 'activity_name', from: 'by the action', value: ({ view }) => mappedOf(view.action)[2] },
  {
    field: 'type_uid',
    from: 'class and activity',
    value: ({ view }) => classOf(view.action).uid * 100 + mappedOf(view.action)[1],
  },
  {
    field: 'severity_id',
    from: '1 (informational); 2 (low) for what was denied',
    value: ({ view }) => (view.outcome === 'denied' ? 2 : 1),
  },
  {
    field: 'status_id',
    from: '1 for success; 2 for denied and failed',
    value: ({ view }) => (view.outcome === 'success' ? 1 : 2),
  },
  {
    field: 'status',
    from: 'Success or Failure',
    value: ({ view }) => (view.outcome === 'success' ? 'Success' : 'Failure'),
  },
  { field: 'status_detail', from: 'outcome', value: ({ view }) => view.outcome },
  { field: 'metadata.version', from: 'constant', value: () => '1.3.0' },
  { field: 'metadata.product.name', from: 'constant', value: () => 'Convey' },
  { field: 'metadata.product.vendor_name', from: 'constant', value: () => 'Convey' },
  { field: 'metadata.log_name', from: 'constant', value: () => 'audit' },
  { field: 'metadata.uid', from: 'workspace and number', value: eventId },
  { field: 'metadata.sequence', from: 'number in the chain', value: ({ view }) => view.seq },
  { field: 'metadata.tenant_uid', from: 'workspace', value: ({ placed }) => placed.chained!.workspace_id },
  { field: 'actor.user.uid', from: 'ref of who acted', value: ({ view }) => view.actor.ref },
  { field: 'actor.user.name', from: 'display name of who acted', value: ({ view }) => view.actor_name },
  {
    field: 'actor.user.type_id',
    from: 'user 1, operator 2 (admin), system 3, key 99',
    value: ({ view }) => USER_TYPES[view.actor.type] ?? 99,
  },
  {
    field: 'user.uid',
    from: 'of the identity classes: the target that is a user, else who acted',
    value: ({ view }) => {
      if (classOf(view.action).categoryUid !== 3) return undefined;
      return view.target.type === 'user' ? view.target.ref : view.actor.ref;
    },
  },
  {
    field: 'api.operation',
    from: 'action, of API Activity',
    value: ({ view }) => (classOf(view.action) === CLASSES.api ? view.action : undefined),
  },
  {
    field: 'resources',
    from: 'target, of API Activity',
    value: ({ view }) =>
      classOf(view.action) === CLASSES.api ? [{ type: view.target.type, uid: view.target.ref }] : undefined,
  },
  { field: 'src_endpoint.ip', from: 'IP', value: ({ view }) => view.ip },
  { field: 'src_endpoint.interface_name', from: 'interface', value: ({ view }) => view.interface },
  { field: 'http_request.user_agent', from: 'user agent', value: ({ view }) => view.user_agent },
  { field: 'unmapped.action', from: 'action', value: ({ view }) => view.action },
  { field: 'unmapped.target_type', from: 'target type', value: ({ view }) => view.target.type },
  { field: 'unmapped.target_id', from: 'target id', value: ({ view }) => view.target.ref },
  { field: 'unmapped.details', from: 'details', value: ({ view }) => view.details },
  { field: 'unmapped.changes', from: 'changes, before → after', value: ({ view }) => view.changes },
  { field: 'unmapped.hash', from: 'hash in the chain', value: ({ view }) => view.hash },
  { field: 'unmapped.previous_hash', from: 'hash of the event before', value: ({ view }) => view.prev_hash },
];

function mappedOf(action: string): Mapped {
  return BY_ACTION[action] ?? BY_VERB[action.split('.')[1]!] ?? OTHER;
}

function classOf(action: string): (typeof CLASSES)[keyof typeof CLASSES] {
  return CLASSES[mappedOf(action)[0]];
}
