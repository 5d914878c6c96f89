import { errorKind } from '../../errors.ts';

export const noLogo = errorKind('access.no_logo', 404, 'The workspace has no such logo.');
export const badLogo = errorKind(
  'access.bad_logo',
  400,
  'A logo is a PNG or JPEG image of up to 1 MB and 2,000 by 2,000 pixels.',
);
