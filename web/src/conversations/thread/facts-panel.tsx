import { Badge, Group, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { Schema } from '../../api/client.ts';
import { CopyText } from '../../parts/copy-text.tsx';
import { Facts } from '../../parts/facts.tsx';
import { Moment } from '../../parts/moment.tsx';
import { useMay } from '../../session/use-session.ts';
import { useTexts } from '../../texts/texts-provider.tsx';
import { fieldsOf, textOf } from '../json-fields.ts';
import { StatusBadge } from '../status-badge.tsx';
import classes from './thread.module.css';

/** What is known of a conversation beside what was said. */
export function FactsPanel({ conversation }: { conversation: Schema<'Conversation'> }) {
  const texts = useTexts();
  const { facts } = texts.conversations;
  const may = useMay();
  const {
    contact,
    contact_id: contactId,
    assigned_agent: agent,
    tags,
    agents,
    csat,
    participants,
  } = conversation;
  const moment = (at: string | null) => (at === null ? null : <Moment at={at} />);
  const others = (participants ?? []) as { contact_id: string; role: string | null }[];
  const host = { ...fieldsOf(conversation.metadata), ...fieldsOf(conversation.attributes) };
  return (
    <>
      <Facts
        items={[
          [
            facts.contact,
            contactId !== null &&
              (may('contacts.read') ? (
                <ContactLink id={contactId} name={contact.name ?? contact.email ?? contactId} />
              ) : (
                (contact.name ?? contact.email)
              )),
          ],
          [facts.email, contact.email],
          [facts.phone, contact.phone],
          [
            facts.others,
            others.length > 0 &&
              others.map((one) => (
                <ContactLink key={one.contact_id} id={one.contact_id} name={one.contact_id} />
              )),
          ],
          [texts.filter.parts.status, <StatusBadge key="status" status={conversation.status} />],
          [texts.filter.parts.channel, conversation.channel],
          [texts.filter.parts.priority, conversation.priority],
          [facts.tags, tags && tags.length > 0 && <Tags tags={tags} />],
          [texts.filter.parts.audience, conversation.audience],
          [texts.filter.parts.assignee, agent.name ?? agent.id],
          [facts.agents, agents?.map(nameOf).join(', ')],
          [texts.filter.parts.csat, csat && <Rating csat={fieldsOf(csat)} />],
          [facts.language, conversation.language],
          [facts.begun, moment(conversation.started_at ?? conversation.created_at)],
          [facts.changed, moment(conversation.updated_at)],
          [facts.resolved, moment(conversation.resolved_at)],
          [facts.ended, moment(conversation.ended_at)],
          [facts.id, <CopyText key="id" text={conversation.id} />],
        ].map(([name, value]) => [name as string, value === false ? null : value] as const)}
      />
      {Object.keys(host).length > 0 && (
        <details className={classes['tool']}>
          <summary>{facts.more}</summary>
          <pre className={classes['json']} tabIndex={0}>
            {JSON.stringify(host, null, 2)}
          </pre>
        </details>
      )}
    </>
  );
}

function ContactLink({ id, name }: { id: string; name: string }) {
  return (
    <Link to="/contacts/$id" params={{ id }} dir="auto">
      {name}
    </Link>
  );
}

function Tags({ tags }: { tags: readonly string[] }) {
  return (
    <Group gap={4}>
      {tags.map((tag) => (
        <Badge key={tag} variant="default" tt="none" fw={400}>
          {tag}
        </Badge>
      ))}
    </Group>
  );
}

function Rating({ csat }: { csat: Readonly<Record<string, unknown>> }) {
  const comment = textOf(csat['comment']);
  return (
    <>
      {textOf(csat['rating'])}
      {comment !== undefined && (
        <Text span display="block" size="sm" c="dimmed" className={classes['body'] ?? ''} dir="auto">
          {comment}
        </Text>
      )}
    </>
  );
}

function nameOf(agent: unknown): string {
  const { name, id } = fieldsOf(agent);
  return textOf(name) ?? textOf(id) ?? '';
}
