import { Anchor, Code, Stack, Text } from '@mantine/core';
import { type Fact, Facts } from '../../../parts/facts.tsx';
import { Moment } from '../../../parts/moment.tsx';
import { useTexts } from '../../../texts/texts-provider.tsx';
import type { AuditSearch } from '../audit-search.ts';
import { ChangesView } from './changes-view.tsx';
import type { AuditEvent } from './event-facts.ts';
import styles from './event-list.module.css';

/** Everything that an event says, and what it changed. */
export function EventDetails({
  event,
  onNarrow,
}: {
  event: AuditEvent;
  onNarrow: (filter: AuditSearch) => void;
}) {
  const texts = useTexts().audit.event;
  const { actor, target, changes } = event;
  const narrow = (label: string, filter: AuditSearch) => (
    <Anchor component="button" type="button" size="sm" onClick={() => onNarrow(filter)}>
      {label}
    </Anchor>
  );
  const facts: Fact[] = [
    [
      texts.action,
      <>
        <Code>{event.action}</Code> · {narrow(texts.sameAction, { action: event.action })}
      </>,
    ],
    [
      texts.actor,
      <>
        {event.actor_name} <Code>{`${actor.type} ${actor.ref}`}</Code> ·{' '}
        {narrow(texts.sameActor, { actor: actor.ref })}
      </>,
    ],
    [
      texts.target,
      <>
        <Code>{`${target.type} ${target.ref}`}</Code> · {narrow(texts.sameTarget, { target: target.ref })}
      </>,
    ],
    [
      texts.at,
      <>
        <Moment at={event.at} /> · <Code>{event.at}</Code>
      </>,
    ],
    [texts.from, [event.interface, event.ip, event.user_agent].filter(Boolean).join(' · ')],
    [texts.number, event.seq],
    [texts.hash, <Code>{event.hash}</Code>],
    [texts.previous, <Code>{event.prev_hash}</Code>],
  ];
  return (
    <Stack className={styles['open']} gap="md">
      {event.body_erased && <Text size="sm">{texts.erased}</Text>}
      {changes !== null && <ChangesView changes={changes} />}
      <Values title={texts.details} values={event.details} />
      <Values title={texts.personal} values={event.personal} />
      <Facts items={facts} isWide />
    </Stack>
  );
}

/** A part of the event that has its own shape: each field with its value. */
function Values({ title, values }: { title: string; values: unknown }) {
  const entries = typeof values === 'object' && values !== null ? Object.entries(values) : [];
  const shown = entries.filter(([name]) => name !== 'changes'); // shown as what they are
  if (shown.length === 0) return null;
  return (
    <section aria-label={title}>
      <Text size="sm" fw={600} mb={4}>
        {title}
      </Text>
      <Facts
        items={shown.map(([name, value]) => [
          name,
          <Code key={name}>{typeof value === 'string' ? value : JSON.stringify(value)}</Code>,
        ])}
        isWide
      />
    </section>
  );
}
