import { errorKind } from '../../errors.ts';

export const signInFailed = errorKind(
  'access.sign_in_failed',
  401,
  'The address or the password is not right. Check both, or have a link sent to set a new password.',
);
export const tooManySignIns = errorKind(
  'access.too_many_sign_ins',
  429,
  'Too many sign-ins failed, so that more are refused for a while.',
);
export const badCode = errorKind(
  'access.bad_code',
  401,
  'The code is not right, or was used before. Take the next one that your app shows, or a recovery code.',
);
export const wrongPassword = errorKind(
  'access.wrong_password',
  403,
  'That is not your present password, so nothing was changed.',
);
export const badPassword = errorKind(
  'access.bad_password',
  400,
  'This password is not taken. Choose another: several words that belong to nothing about you are good.',
);
export const badEmail = errorKind(
  'access.bad_email',
  400,
  'This is no email address: it takes one like “name@example.com”.',
);
export const emailTaken = errorKind('access.email_taken', 409, 'Another user has this email address.');
export const unknownLink = errorKind(
  'access.unknown_link',
  404,
  'This link does not work: it was used before, is too old, was withdrawn, or was not copied in full. Ask for a new one.',
);
export const unknownSession = errorKind('access.unknown_session', 404, 'You have no such open session.');
export const secondFactorExists = errorKind(
  'access.second_factor_exists',
  409,
  'A second factor is set up already. Take it away first to set up another.',
);
export const noSecondFactor = errorKind(
  'access.no_second_factor',
  409,
  'There is no second factor that this could be about. Set one up first.',
);
export const secondFactorKept = errorKind(
  'access.second_factor_kept',
  409,
  'A workspace of yours asks its members for a second factor, so that yours stays.',
);
export const needsProof = errorKind(
  'access.needs_proof',
  400,
  'It takes your password as well: an open session alone does not change how you sign in.',
);
export const signInAgain = errorKind(
  'access.sign_in_again',
  403,
  'It takes a sign-in of the last 10 minutes. Sign in again, then repeat it.',
);
export const unknownUser = errorKind('access.unknown_user', 404, 'There is no user with this email address.');
export const signInToJoin = errorKind(
  'access.sign_in_to_join',
  401,
  'There is an account with this address. Sign in to it, or give its password, to accept the invitation.',
);
export const secondFactorToJoin = errorKind(
  'access.second_factor_to_join',
  401,
  'This account has a second factor: give its code as well, or sign in fully first. Nothing was accepted yet.',
);
export const workspaceNeeded = errorKind(
  'access.workspace_needed',
  400,
  'There is no workspace yet: give it a name and a short name.',
);
