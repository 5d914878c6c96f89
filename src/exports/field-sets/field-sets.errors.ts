import { errorKind } from '../../errors.ts';

export const unknownFieldSet = errorKind(
  'exports.unknown_field_set',
  404,
  'There is no such saved choice of fields.',
);
export const fieldSetTaken = errorKind(
  'exports.field_set_taken',
  409,
  'You already have a choice of fields with this name.',
);
export const tooManyFieldSets = errorKind(
  'exports.too_many_field_sets',
  409,
  'You have as many saved choices of fields as one can have. Delete one first.',
);
