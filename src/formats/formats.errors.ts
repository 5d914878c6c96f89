import { errorKind } from '../errors.ts';

/** The binary COPY bytes are not what the plan's columns promise: never rendered, always a failed export. */
export const badCopyRow = errorKind(
  'formats.bad_copy_row',
  500,
  'The database sent a row that does not have the expected form.',
);

export const nothingToShow = errorKind(
  'formats.nothing_to_show',
  404,
  'There is nothing to make a document of: it was deleted meanwhile.',
);
export const tooLongForOnePdf = errorKind(
  'formats.too_long_for_one_pdf',
  422,
  'This conversation is too long for one PDF. Ask for HTML, or for a bulk export, which makes several of it.',
);
