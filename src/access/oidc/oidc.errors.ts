import { errorKind } from '../../errors.ts';

export const oidcOff = errorKind(
  'access.oidc_off',
  404,
  'This server has no other provider to sign in with. Sign in with your password.',
);
export const oidcUnavailable = errorKind(
  'access.oidc_unavailable',
  503,
  'The provider that you sign in with does not answer. Try again later, or sign in with your password.',
);
export const oidcRefused = errorKind(
  'access.oidc_refused',
  403,
  'The sign-in at the other provider was broken off, took too long, or belongs to another browser. Begin again.',
);
export const oidcNoAccount = errorKind(
  'access.oidc_no_account',
  403,
  'You are known there, but have no account here. Ask an admin of the workspace to invite you.',
);
