import { errorKind } from '../errors.ts';

export const unknownSigningKey = errorKind(
  'keys.unknown_signing_key',
  404,
  'No key of this server has that fingerprint. See /.well-known/convey-keys.json.',
);
export const damagedSigningKey = errorKind(
  'keys.damaged_signing_key',
  500,
  'The key that signs exports cannot be read: what is stored of it was changed.',
);
