import { errorKind } from '../../errors.ts';

export const previewTooSlow = errorKind(
  'exports.preview_too_slow',
  503,
  'There is so much to count that a preview would take too long. Start the export: it counts while it runs.',
);
