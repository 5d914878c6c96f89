import { Badge, Flex, Text } from '@mantine/core';
import type { Schema } from '../api/client.ts';
import type { Texts } from '../texts/en/en.ts';
import { useTexts } from '../texts/texts-provider.tsx';

/** Which conversations, as the API takes it. */
export type ConversationFilter = Schema<'ConversationFilterInput'>;
export type FilterPart = keyof ConversationFilter;
export type FilterStatus = Exclude<NonNullable<ConversationFilter['status']>, readonly unknown[]>;

/** A filter in words, a label for each part; nothing is filtered: that it is everything. */
export function FilterWords({ filter }: { filter: Readonly<Record<string, unknown>> }) {
  const texts = useTexts().filter;
  const parts = Object.entries(filter).filter(([, value]) => value !== undefined && value !== null);
  if (parts.length === 0) return <Text size="sm">{texts.everything}</Text>;
  return (
    <Flex component="ul" role="list" gap={6} wrap="wrap" p={0} m={0}>
      {parts.map(([part, value]) => (
        <Badge
          key={part}
          component="li"
          variant="default"
          tt="none"
          fw={400}
          maw="100%"
          title={`${nameOf(texts, part)}: ${filterValueInWords(texts, part, value)}`}
        >
          <Text span inherit c="dimmed">
            {nameOf(texts, part)}
          </Text>{' '}
          {filterValueInWords(texts, part, value)}
        </Badge>
      ))}
    </Flex>
  );
}

/** What one part of a filter asks for, e.g. `Open, Waiting`. */
export function filterValueInWords(texts: Texts['filter'], part: string, value: unknown): string {
  const values: unknown[] = Array.isArray(value) ? value : [value];
  if (part === 'ids') return String(values.length);
  return values.map((one) => wordOf(texts, part, String(one))).join(part === 'tag' ? ` ${texts.and} ` : ', ');
}

function nameOf({ parts }: Texts['filter'], part: string): string {
  return part in parts ? parts[part as FilterPart] : part;
}

function wordOf(texts: Texts['filter'], part: string, value: string): string {
  if (part === 'status' && value in texts.statuses) return texts.statuses[value as FilterStatus];
  if (part === 'assignee' && value === 'unassigned') return texts.unassigned;
  if (part.startsWith('has_')) return value === 'true' ? texts.yes : texts.no;
  return value;
}
