import filterSchema from 'virtual:api-schema/ConversationFilterInput';
import { useCallback, useMemo, useRef, useState } from 'react';

/** Most conversations that one export names: as the filter has it. */
export const MOST_SELECTED =
  filterSchema.properties['ids']?.anyOf?.find(({ maxItems }) => maxItems !== undefined)?.maxItems ?? 0;

/** Rows that were chosen, at most as many as an export takes by name. */
export interface Selection {
  ids: ReadonlySet<string>;
  isFull: boolean;
  /** Chooses or lets go of one. */
  toggle: (index: number) => void;
  /** Chooses everything from the one that was chosen last up to this one. */
  extendTo: (index: number) => void;
  /** Chooses from the first row on, as many as one can. */
  selectAll: () => void;
  clear: () => void;
}

/** Lets the rows of a list be chosen one by one, as a run, or from the first on. */
export function useSelection(rows: readonly { id: string }[]): Selection {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const last = useRef(0);
  const present = useRef(rows);
  present.current = rows;
  const take = useCallback((from: number, to: number) => {
    const wanted = present.current.slice(Math.min(from, to), Math.max(from, to) + 1).map(({ id }) => id);
    setIds((before) => new Set([...new Set([...before, ...wanted])].slice(0, MOST_SELECTED)));
  }, []);
  const toggle = useCallback((index: number) => {
    const id = present.current[index]?.id;
    if (id === undefined) return;
    last.current = index;
    setIds((before) => {
      const after = new Set(before);
      if (!after.delete(id) && after.size < MOST_SELECTED) after.add(id);
      return after;
    });
  }, []);
  const extendTo = useCallback((index: number) => take(last.current, index), [take]);
  const selectAll = useCallback(() => take(0, MOST_SELECTED - 1), [take]);
  const clear = useCallback(() => setIds(new Set()), []);
  return useMemo(
    () => ({ ids, isFull: ids.size >= MOST_SELECTED, toggle, extendTo, selectAll, clear }),
    [ids, toggle, extendTo, selectAll, clear],
  );
}
