import { errorKind } from '../../errors.ts';

export const unknownMember = errorKind('access.unknown_member', 404, 'There is no such member.');
export const unknownInvitation = errorKind(
  'access.unknown_invitation',
  404,
  'There is no such invitation, or it was used or withdrawn.',
);
export const lastOwner = errorKind(
  'access.last_owner',
  409,
  'A workspace needs an owner: make somebody else an owner first.',
);
export const memberExists = errorKind(
  'access.member_exists',
  409,
  'Somebody with this address is a member already.',
);
export const badAudiences = errorKind(
  'access.bad_audiences',
  400,
  'An editor takes a list of audiences, which may be empty; the other roles see all and take none.',
);
