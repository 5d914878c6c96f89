import { Link } from '@tanstack/react-router';
import { memo, type MouseEvent, type Ref } from 'react';
import { Moment } from '../../parts/moment.tsx';
import { useTexts } from '../../texts/texts-provider.tsx';
import { StatusBadge } from '../status-badge.tsx';
import classes from './conversation-list.module.css';
import type { Row } from './use-conversations.ts';

/** A line of the table. Plain elements: some forty of them come and go while one scrolls. */
export const ConversationRow = memo(function ConversationRow({
  row,
  index,
  top,
  height,
  isSelected,
  isActive,
  rowRef,
  onChoose,
  onOpen,
}: {
  row: Row;
  index: number;
  top: number;
  height: number;
  /** Undefined: rows cannot be chosen. */
  isSelected: boolean | undefined;
  isActive: boolean;
  rowRef: Ref<HTMLDivElement> | undefined;
  onChoose: (index: number, isRun: boolean) => void;
  onOpen: (index: number) => void;
}) {
  const texts = useTexts().conversations.list;
  const click = (event: MouseEvent) => {
    if ((event.target as HTMLElement).closest('a, input') !== null) return;
    if (isSelected !== undefined && (event.shiftKey || event.ctrlKey || event.metaKey))
      onChoose(index, event.shiftKey);
    else onOpen(index);
  };
  const { id, customer, subject, status, channel, tags, assigned_agent: agent, rating, created_at } = row;
  const name = customer ?? texts.nobody;
  return (
    <div
      ref={rowRef}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      tabIndex={isActive ? 0 : -1}
      className={classes['row']}
      style={{ height, transform: `translateY(${top}px)` }}
      onClick={click}
    >
      {isSelected !== undefined && (
        <span role="gridcell" className={classes['tick']}>
          <input
            type="checkbox"
            tabIndex={-1}
            className={classes['check']}
            checked={isSelected}
            aria-label={texts.select(name)}
            onClick={(event) => onChoose(index, event.shiftKey)}
            onChange={() => {}}
          />
        </span>
      )}
      <span role="gridcell" className={`${classes['cell']} ${classes['first']}`}>
        <Link
          to="/conversations/$id"
          params={{ id }}
          tabIndex={-1}
          className={classes['customer']}
          preload={false}
          dir="auto"
        >
          {name}
        </Link>
        <span className={classes['subject']} dir="auto">
          {subject ?? id}
        </span>
      </span>
      <span role="gridcell" className={classes['state']}>
        <StatusBadge status={status} />
      </span>
      <span role="gridcell" className={`${classes['cell']} ${classes['wide']}`}>
        {channel}
      </span>
      <span role="gridcell" className={`${classes['cell']} ${classes['wide']}`} title={tags?.join(', ')}>
        {tags?.map((tag) => (
          <span key={tag} className={classes['tag']}>
            {tag}
          </span>
        ))}
      </span>
      <span role="gridcell" className={`${classes['cell']} ${classes['wide']}`} dir="auto">
        {agent.name ?? agent.id}
      </span>
      <span role="gridcell" className={`${classes['cell']} ${classes['wide']}`}>
        {rating}
      </span>
      <span role="gridcell" className={`${classes['cell']} ${classes['end']}`}>
        <Moment at={created_at} />
      </span>
    </div>
  );
});
