import { errorKind } from '../../errors.ts';

export const pdfFailed = errorKind(
  'formats.pdf_failed',
  500,
  'A conversation could not be made into a PDF. Its HTML, JSON and CSV are not affected.',
);
export const pdfTimedOut = errorKind(
  'formats.pdf_timed_out',
  500,
  'Making a PDF of a conversation took too long and was ended.',
);
export const pdfTooLarge = errorKind(
  'formats.pdf_too_large',
  500,
  'Making a PDF of a conversation took more memory than it may, and was ended.',
);
export const fontsMissing = errorKind(
  'formats.fonts_missing',
  500,
  'The fonts of PDFs are not there. Install the package again; in a checkout, run npm install.',
);
