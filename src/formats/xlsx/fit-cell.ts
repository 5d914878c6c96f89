/** A cell holds no more (Excel's limit), counted in UTF-16 units. */
export const LONGEST_CELL = 32_767;

/** Stands at the end of a text that was cut. */
export const CUT_MARK = ' […cut: a cell holds 32,767 characters]';

/**
 * How many bytes of a UTF-8 text go into a cell: all of them, or as many as leave room for the mark. Never cuts
 * a character in two.
 */
export function fitCell(source: DataView, start: number, length: number): number {
  if (length <= LONGEST_CELL) return length; // a UTF-16 unit is at least one byte
  const end = start + length;
  let units = 0;
  let kept = 0;
  for (let i = start; i < end; i++) {
    const byte = source.getUint8(i);
    if ((byte & 0xc0) === 0x80) continue; // inside a character
    if (units <= LONGEST_CELL - CUT_MARK.length) kept = i - start;
    units += byte >= 0xf0 ? 2 : 1;
    if (units > LONGEST_CELL) return kept;
  }
  return length;
}
