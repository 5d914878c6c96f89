import { ConveyError, errorKind } from '../errors.ts';
import type { PermissionName } from './permissions.ts';

export const unauthenticated = errorKind(
  'access.unauthenticated',
  401,
  'This address needs a sign-in or an API key: send “Authorization: Bearer ak_…”.',
);
export const forbidden = errorKind('access.forbidden', 403, 'You are not allowed to do this.');
export const planRequired = errorKind(
  'access.plan_required',
  403,
  'The workspace’s plan does not include this.',
);
export const noWorkspace = errorKind(
  'access.no_workspace',
  403,
  'Say which workspace you mean: send its short name as the header “Convey-Workspace”.',
);
export const secondFactorRequired = errorKind(
  'access.second_factor_required',
  403,
  'This workspace asks its members for a second factor. Set one up under “My account”.',
);
export const networkRefused = errorKind(
  'access.network_refused',
  403,
  'This API key may only be used from the networks it is bound to.',
);
export const noLongerAllowed = errorKind(
  'access.no_longer_allowed',
  403,
  'Whoever asked for this may not have it any more.',
);
export const badName = errorKind(
  'access.bad_name',
  400,
  'A name is 1 to 100 characters in one line, without invisible ones and marks of direction.',
);
export const badSlug = errorKind(
  'access.bad_slug',
  400,
  'A workspace’s short name is 1 to 63 lower-case letters, digits and single hyphens, and begins and ends with a letter or digit.',
);
export const slugTaken = errorKind('access.slug_taken', 409, 'Another workspace has this short name.');
export const badScopes = errorKind(
  'access.bad_scopes',
  400,
  'An API key takes one or more of the known scopes.',
);
export const badExpiry = errorKind('access.bad_expiry', 400, 'An API key’s end lies in the future.');
export const badNetwork = errorKind(
  'access.bad_network',
  400,
  'A network is an IP address, or a network like “192.0.2.0/24”.',
);
export const unknownWorkspace = errorKind('access.unknown_workspace', 404, 'There is no such workspace.');
export const unknownKey = errorKind('access.unknown_key', 404, 'There is no such API key.');

/** A refusal that names the permission, for the client and for the audit log. */
export class AccessDenied extends ConveyError {
  readonly permission: PermissionName;

  /** @param why instead of the usual sentence; names the permission as well */
  constructor(permission: PermissionName, why = `It needs the permission “${permission}”.`) {
    super(forbidden, why);
    this.permission = permission;
  }
}
