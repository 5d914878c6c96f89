import { VisuallyHidden } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useNavigate } from '@tanstack/react-router';
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useTexts } from '../../texts/texts-provider.tsx';
import classes from './conversation-list.module.css';
import { ConversationRow } from './conversation-row.tsx';
import type { Row } from './use-conversations.ts';
import { useRowKeys } from './use-row-keys.ts';
import type { Selection } from './use-selection.ts';

const ROW = 56;
const CARD = 68;
const OVERSCAN = 10;
/** The next page is asked for when so few rows are left below. */
const AHEAD = 60;

/**
 * The conversations of a filter as a grid of which only the rows in sight exist. It scrolls with the window, and reads
 * on before one comes to its end.
 */
export function ConversationList({
  rows,
  total,
  selection,
  hasMore,
  isBusy,
  loadMore,
}: {
  rows: readonly Row[];
  /** Of all pages; undefined while it is being counted. */
  total: number | undefined;
  /** Missing: nothing can be chosen. */
  selection: Selection | undefined;
  hasMore: boolean;
  isBusy: boolean;
  loadMore: () => void;
}) {
  const texts = useTexts().conversations.list;
  const navigate = useNavigate();
  const isNarrow = useMediaQuery('(max-width: 62em)', undefined, { getInitialValueInEffect: false });
  const height = isNarrow ? CARD : ROW;
  const body = useRef<HTMLDivElement>(null);
  const margin = useOffset(body);
  const virtualizer = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => height,
    overscan: OVERSCAN,
    scrollMargin: margin,
    scrollPaddingStart: 110, // what sticks to the top
    scrollPaddingEnd: 80,
  });
  useEffect(() => {
    virtualizer.measure();
  }, [virtualizer, height]);
  const items = virtualizer.getVirtualItems();
  const end = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && !isBusy && end > rows.length - AHEAD) loadMore();
  }, [hasMore, isBusy, end, rows.length, loadMore]);

  const present = useRef(rows);
  present.current = rows;
  const open = useCallback(
    (index: number) => {
      const row = present.current[index];
      if (row !== undefined) void navigate({ to: '/conversations/$id', params: { id: row.id } });
    },
    [navigate],
  );
  const show = (index: number) => virtualizer.scrollToIndex(index);
  const keys = useRowKeys({ count: rows.length, selection, open, show });
  const { setActive } = keys;
  const toggle = selection?.toggle;
  const extendTo = selection?.extendTo;
  const choose = useCallback(
    (index: number, isRun: boolean) => {
      setActive(index);
      if (isRun) extendTo?.(index);
      else toggle?.(index);
    },
    [setActive, toggle, extendTo],
  );
  const isActiveThere = items.some(({ index }) => index === keys.active);

  return (
    <div
      role="grid"
      aria-label={texts.label}
      aria-rowcount={total === undefined ? -1 : total + 1}
      aria-multiselectable={selection === undefined ? undefined : true}
      aria-busy={isBusy}
      className={`${classes['grid']} ${selection === undefined ? '' : classes['selectable']}`}
      onKeyDown={keys.onKeyDown}
    >
      <Head hasSelection={selection !== undefined} />
      <div
        ref={body}
        role="rowgroup"
        className={classes['rows']}
        style={{ height: virtualizer.getTotalSize() }}
      >
        {items.map(({ index, start }, place) => {
          const isActive = isActiveThere ? index === keys.active : place === 0;
          return (
            <ConversationRow
              key={rows[index]!.id}
              row={rows[index]!}
              index={index}
              top={start - margin}
              height={height}
              isSelected={selection?.ids.has(rows[index]!.id)}
              isActive={isActive}
              rowRef={index === keys.active ? keys.focusIfWanted : undefined}
              onChoose={choose}
              onOpen={open}
            />
          );
        })}
      </div>
    </div>
  );
}

function Head({ hasSelection }: { hasSelection: boolean }) {
  const { columns } = useTexts().conversations.list;
  const { chosen, customer, status, channel, tags, assignee, rating, begun } = columns;
  return (
    <div role="row" aria-rowindex={1} className={classes['head']}>
      {hasSelection && (
        <span role="columnheader">
          <VisuallyHidden>{chosen}</VisuallyHidden>
        </span>
      )}
      {[customer, status, channel, tags, assignee, rating].map((title) => (
        <span key={title} role="columnheader">
          {title}
        </span>
      ))}
      <span role="columnheader" className={classes['end']}>
        {begun}
      </span>
    </div>
  );
}

/** How far below the top of the page an element begins; what stands above it may grow. */
function useOffset(element: { current: HTMLElement | null }): number {
  const [offset, setOffset] = useState(0);
  useLayoutEffect(() => {
    const measure = () => {
      if (element.current !== null)
        setOffset(Math.round(element.current.getBoundingClientRect().top + window.scrollY));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(document.body);
    return () => observer.disconnect();
  }, [element]);
  return offset;
}
