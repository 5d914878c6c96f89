import { Badge, Button } from '@mantine/core';
import { Moment } from '../../../parts/moment.tsx';
import { useTexts } from '../../../texts/texts-provider.tsx';
import type { AuditSearch } from '../audit-search.ts';
import { EventDetails } from './event-details.tsx';
import { type AuditAction, type AuditEvent, factsOf } from './event-facts.ts';
import styles from './event-list.module.css';

/** An event as a sentence; opened, everything that it says. */
export function EventRow({
  event,
  isOpen,
  onToggle,
  onNarrow,
}: {
  event: AuditEvent;
  isOpen: boolean;
  onToggle: () => void;
  /** Asks for the other events of somebody or something. */
  onNarrow: (filter: AuditSearch) => void;
}) {
  const texts = useTexts().audit;
  const id = `event-${event.seq}`;
  return (
    <li className={styles['row']}>
      <div className={styles['head']}>
        <span className={styles['when']}>
          <Moment at={event.at} />
        </span>
        <span className={styles['what']}>
          <strong>{useActorName(event)}</strong> <span id={id}>{useSentence(event)}</span>
        </span>
        <span className={styles['outcome']}>
          <Outcome outcome={event.outcome} />
        </span>
        <Button
          variant="subtle"
          size="compact-sm"
          className={styles['toggle'] ?? ''}
          onClick={onToggle}
          aria-expanded={isOpen}
          aria-describedby={id}
        >
          {isOpen ? texts.event.close : texts.event.open}
        </Button>
      </div>
      {isOpen && <EventDetails event={event} onNarrow={onNarrow} />}
    </li>
  );
}

/** Who acted, by name; by id where the name was erased. */
function useActorName({ actor_name: name, actor }: AuditEvent): string {
  const { actors } = useTexts().audit;
  return name ?? (actors as Record<string, string>)[actor.ref] ?? actor.ref;
}

/** What was done; by its key where a newer server did it. */
function useSentence(event: AuditEvent): string {
  const { sentences } = useTexts().audit;
  return sentences[event.action as AuditAction]?.(factsOf(event)) ?? event.action;
}

/** That it did not succeed; success needs no word. */
function Outcome({ outcome }: { outcome: string }) {
  const { outcomes } = useTexts().audit;
  if (outcome === 'success') return null;
  return (
    <Badge variant="light" color={outcome === 'denied' ? 'orange' : 'red'}>
      {(outcomes as Record<string, string>)[outcome] ?? outcome}
    </Badge>
  );
}
