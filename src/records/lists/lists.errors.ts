import { errorKind } from '../../errors.ts';

export const unknownRecord = errorKind(
  'records.not_found',
  404,
  'There is no such record in this workspace.',
);
