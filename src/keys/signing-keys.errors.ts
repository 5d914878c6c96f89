import { errorKind } from '../errors.ts';

export const damagedSigningKey = errorKind(
  'keys.damaged_signing_key',
  500,
  'The key that signs exports cannot be read: what is stored of it was changed.',
);
