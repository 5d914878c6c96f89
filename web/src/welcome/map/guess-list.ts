/** What people put between the values of one cell. */
const SEPARATORS = [';', '|', ','];

/** How the cells of a column are read as lists. */
interface ListReading {
  as?: 'json';
  split?: string;
}

/**
 * Guesses how cells hold several values: as JSON, or as text with a separator between them.
 * @param cells that are not empty, as they begin
 * @param delimiter between the cells of the table; null: no table, of which lists may be lists already
 */
export function guessList(cells: readonly string[], delimiter: string | null): ListReading {
  const inJson = cells.filter((cell) => cell.trimStart().startsWith('['));
  if (inJson.length > cells.length / 2) return delimiter === null ? {} : { as: 'json' };
  const seen = SEPARATORS.map((separator) => cells.filter((cell) => cell.includes(separator)).length);
  const most = Math.max(...seen);
  if (most > 0) return { split: SEPARATORS[seen.indexOf(most)]! };
  if (cells.length === 0 && delimiter === null) return {};
  // One value in each so far; where there are more, they are hardly written with what ends the cell.
  return { split: delimiter === ',' ? ';' : ',' };
}
