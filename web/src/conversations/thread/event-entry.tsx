import { memo } from 'react';
import { Moment } from '../../parts/moment.tsx';
import { useTexts } from '../../texts/texts-provider.tsx';
import { fieldsOf, textOf } from '../json-fields.ts';
import type { ThreadEvent } from './thread-entries.ts';
import classes from './thread.module.css';

/** What happened to the conversation, as one line: what, by whom, from what to what, why, when. */
export const EventEntry = memo(function EventEntry({ event }: { event: ThreadEvent }) {
  const texts = useTexts().conversations.thread;
  const { kind, before, after, reason, at } = event;
  const actor = fieldsOf(event.actor);
  const name = textOf(actor['name']) ?? textOf(actor['id']);
  const change = [before, after].map(inWords).filter((words) => words !== '');
  return (
    <div className={classes['event']}>
      <span dir="auto">
        {texts.events[kind] ?? sentence(kind)}
        {name !== undefined && ` · ${name}`}
        {change.length > 0 && ` · ${change.join(' → ')}`}
        {reason !== null && ` · ${reason}`}
        {' · '}
        <Moment at={at} />
      </span>
    </div>
  );
});

/** The host product's own word, e.g. `sla_breached`, as people write. */
function sentence(word: string): string {
  const words = word.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A state as hosts send it: a word, a number, a list, or an object, of which the name says most. */
function inWords(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map(inWords).join(', ');
  if (typeof value !== 'object') return textOf(value) ?? JSON.stringify(value);
  const name = textOf(fieldsOf(value)['name']);
  if (name !== undefined) return name;
  return Object.entries(value)
    .map(([key, part]) => `${key.replaceAll('_', ' ')}: ${inWords(part)}`)
    .join(', ');
}
