import { errorKind } from '../../errors.ts';

export const unknownView = errorKind('records.unknown_view', 404, 'You have no such saved view.');
export const viewTaken = errorKind('records.view_taken', 409, 'You already have a view with this name.');
export const tooManyViews = errorKind(
  'records.too_many_views',
  409,
  'You have as many saved views as one can have. Delete one first.',
);
