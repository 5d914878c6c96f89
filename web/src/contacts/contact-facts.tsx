import { Badge, Code, Group, Paper, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Schema } from '../api/client.ts';
import { Facts } from '../parts/facts.tsx';
import { Moment } from '../parts/moment.tsx';
import { useTexts } from '../texts/texts-provider.tsx';

/** What is known of somebody: the usual fields, their identities, and what the host product added. */
export function ContactFacts({ contact }: { contact: Schema<'Contact'> }) {
  const texts = useTexts().contacts;
  const { identities, metadata, attributes } = contact;
  return (
    <>
      <Paper withBorder p="md">
        <Title order={2} size="h5" mb="sm">
          {texts.facts}
        </Title>
        <Facts items={usualFacts(contact, texts)} />
      </Paper>
      <Paper withBorder p="md">
        <Title order={2} size="h5" mb="xs">
          {texts.identities}
        </Title>
        {identities === null || identities.length === 0 ? (
          <Text size="sm" c="dimmed">
            {texts.noIdentities}
          </Text>
        ) : (
          <Facts items={identities.map((identity, index) => asIdentity(identity, index))} />
        )}
      </Paper>
      <Fields title={texts.custom} fields={metadata} />
      <Fields title={texts.others} fields={attributes} />
    </>
  );
}

function usualFacts(
  contact: Schema<'Contact'>,
  texts: ReturnType<typeof useTexts>['contacts'],
): (readonly [string, ReactNode])[] {
  const at = (time: string | null) => (time === null ? null : <Moment at={time} />);
  const verified = asRecord(contact.identity_verified);
  return [
    [texts.id, <Code key="id">{contact.id}</Code>],
    [texts.email, contact.email],
    [texts.phone, contact.phone],
    [texts.company, contact.company],
    [texts.jobTitle, contact.job_title],
    [texts.language, contact.language],
    [texts.labels, contact.tags?.length ? <Labels key="labels" tags={contact.tags} /> : null],
    [texts.source, contact.source],
    [texts.externalId, contact.external_id],
    [texts.account, contact.account_ref],
    [texts.verified, verified && inWords(verified['method'])],
    [texts.lastSeen, at(contact.last_seen_at)],
    [texts.promoted, at(contact.promoted_at)],
    [texts.churned, at(contact.churned_at)],
    [texts.churnReasons, contact.churn_reasons?.map(inWords).join(', ')],
    [texts.created, at(contact.created_at)],
    [texts.updated, at(contact.updated_at)],
  ];
}

function Labels({ tags }: { tags: string[] }) {
  return (
    <Group gap={4} component="span">
      {tags.map((tag) => (
        <Badge key={tag} component="span" variant="default" tt="none" fw={400}>
          {tag}
        </Badge>
      ))}
    </Group>
  );
}

/** An identity as the catalogue has it, `{channel, value}`; anything else as it came. */
function asIdentity(identity: unknown, index: number): readonly [string, ReactNode] {
  const { channel, value } = asRecord(identity) ?? {};
  return typeof channel === 'string' && value !== undefined
    ? [channel, inWords(value)]
    : [String(index + 1), inWords(identity)];
}

/** Fields of the host product, each under its own name. */
function Fields({ title, fields }: { title: string; fields: unknown }) {
  const entries = Object.entries(asRecord(fields) ?? {});
  if (entries.length === 0) return null;
  return (
    <Paper withBorder p="md">
      <Stack gap="xs">
        <Title order={2} size="h5">
          {title}
        </Title>
        <Facts items={entries.map(([name, value]) => [name, inWords(value)])} />
      </Stack>
    </Paper>
  );
}

function asRecord(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
}

/** A text as it is, anything else as JSON. */
function inWords(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}
