import { csvLines } from '../../formats/csv-line.ts';
import { csvColumns } from './csv-columns.ts';

/**
 * Holds the cells of a CSV against what their records say. Editors take the BOM away or add one, so the profile is
 * known by the cells: the first that a spreadsheet would run as a formula says for the whole file whether such cells
 * are guarded. All others are the same in both profiles.
 */
export class ComparedCells {
  #isGuarded: boolean | undefined;

  /** Which cell does not say what it should, in words; undefined: all do. */
  findChange(cells: readonly string[], expected: readonly string[]): string | undefined {
    if (cells.length !== expected.length)
      return `It has ${cells.length} cells instead of ${expected.length}.`;
    const index = expected.findIndex((text, at) => !this.#agrees(cells[at]!, text));
    if (index < 0) return undefined;
    return `Its ${csvColumns[index]!.name} is not what was recorded: the cell was changed afterwards.`;
  }

  #agrees(cell: string, text: string): boolean {
    const guarded = guardedCell(text);
    if (guarded === text) return cell === text;
    if (cell !== guarded && cell !== text) return false;
    this.#isGuarded ??= cell === guarded;
    return this.#isGuarded === (cell === guarded);
  }
}

/** A cell of the spreadsheet profile as a CSV parser gives it: with its apostrophe, if it needs one. */
function guardedCell(text: string): string {
  const line = csvLines([[text]], true).toString('utf8');
  return line.slice(1, -3).replaceAll('""', '"'); // without the quotes around it and the line end
}
