import { type KeyboardEvent, useCallback, useRef, useState } from 'react';
import type { Selection } from './use-selection.ts';

const PAGE_ROWS = 12;

/**
 * Moves through the rows of a grid by keyboard: arrows, page and end keys; with shift what is passed is chosen; space
 * chooses one, enter opens it, escape lets go of all.
 */
export function useRowKeys({
  count,
  selection,
  open,
  show,
}: {
  count: number;
  /** Missing: nothing can be chosen. */
  selection: Selection | undefined;
  open: (index: number) => void;
  /** Scrolls a row into view. */
  show: (index: number) => void;
}) {
  const [active, setActive] = useState(0);
  /** Set when the row that has to get the focus may not be there yet. */
  const mustFocus = useRef(false);
  const moveTo = (index: number, isChoosing: boolean) => {
    const next = Math.max(0, Math.min(count - 1, index));
    if (isChoosing && selection !== undefined) {
      if (selection.ids.size === 0) selection.toggle(active);
      selection.extendTo(next);
    }
    mustFocus.current = true;
    setActive(next);
    show(next);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const isOurs = (event.target as HTMLElement).role === 'row';
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: PAGE_ROWS, PageUp: -PAGE_ROWS }[event.key];
    if (step !== undefined) moveTo(active + step, event.shiftKey);
    else if (event.key === 'Home') moveTo(0, event.shiftKey);
    else if (event.key === 'End') moveTo(count - 1, event.shiftKey);
    else if (event.key === 'Escape' && selection !== undefined && selection.ids.size > 0) selection.clear();
    else if (event.key === ' ' && isOurs) selection?.toggle(active);
    else if (event.key === 'Enter' && isOurs) open(active);
    else if (event.key === 'a' && (event.ctrlKey || event.metaKey) && selection !== undefined)
      selection.selectAll();
    else return;
    event.preventDefault();
  };
  const focusIfWanted = useCallback((row: HTMLElement | null) => {
    if (row === null || !mustFocus.current) return;
    mustFocus.current = false;
    row.focus({ preventScroll: true });
  }, []);
  return { active, setActive, onKeyDown, focusIfWanted };
}
