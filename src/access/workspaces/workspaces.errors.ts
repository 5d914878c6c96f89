import { errorKind } from '../../errors.ts';

export const badTightening = errorKind(
  'access.bad_tightening',
  400,
  'A workspace can take permissions from roles that have them, and nothing more.',
);
export const badFeatures = errorKind(
  'access.bad_features',
  400,
  'A plan takes “all”, “none” or a list of known features.',
);
export const forPeople = errorKind(
  'access.for_people',
  403,
  'Who may get in, and do what, is changed by a signed-in owner or admin, not with an API key.',
);
export const secondFactorFirst = errorKind(
  'access.second_factor_first',
  409,
  'Set up a second factor for yourself before you ask everybody for one.',
);
