import filterTexts from 'virtual:api-texts/ConversationFilterInput';
import { Button, Checkbox, NumberInput, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { FilterStatus } from '../../parts/filter-words.tsx';
import { useLanguage, useTexts } from '../../texts/texts-provider.tsx';
import { textOf } from '../json-fields.ts';
import type { Part } from './read-filter.ts';
import { WordChoice } from './word-choice.tsx';

/** Asks for one part of the filter, as what it takes. */
export function PartEditor({
  part,
  value,
  onApply,
}: {
  part: Part;
  value: unknown;
  /** Undefined: the part is not set any more. */
  onApply: (value: unknown) => void;
}) {
  const texts = useTexts();
  const { language } = useLanguage();
  const [draft, setDraft] = useState<unknown>(value ?? (part.kind === 'flag' ? true : undefined));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    event.stopPropagation();
    onApply(draft);
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm" w={280} maw="100%">
        <Field part={part} draft={draft} setDraft={setDraft} />
        {part.description !== undefined && (
          <Text size="xs" c="dimmed">
            {filterTexts[language]?.[part.description] ?? part.description}
          </Text>
        )}
        <Button type="submit" size="xs">
          {texts.conversations.filter.apply}
        </Button>
      </Stack>
    </form>
  );
}

interface FieldProps {
  part: Part;
  draft: unknown;
  setDraft: (draft: unknown) => void;
}

function Field({ part, draft, setDraft }: FieldProps) {
  const texts = useTexts();
  const label = texts.filter.parts[part.name];
  const words = (draft ?? []) as string[];
  switch (part.kind) {
    case 'choices':
      return (
        <Checkbox.Group label={label} value={words} onChange={setDraft}>
          <Stack gap={6} mt={6}>
            {part.choices.map((choice) => (
              <Checkbox key={choice} value={choice} label={nameOfChoice(texts.filter.statuses, choice)} />
            ))}
          </Stack>
        </Checkbox.Group>
      );
    case 'words':
      return <WordChoice part={part.name} label={label} words={words} onChange={setDraft} />;
    case 'flag':
      return (
        <SegmentedControl
          aria-label={label}
          value={String(draft)}
          onChange={setDraft}
          data={[
            { value: 'true', label: texts.filter.yes },
            { value: 'false', label: texts.filter.no },
          ]}
        />
      );
    case 'number':
      return (
        <NumberInput
          label={label}
          value={(draft as number | undefined) ?? ''}
          onChange={setDraft}
          data-autofocus
        />
      );
    case 'moment':
      return (
        <TextInput
          type="date"
          label={label}
          description={texts.conversations.filter.utc}
          value={textOf(draft)?.slice(0, 10) ?? ''}
          onChange={(event) => setDraft(event.currentTarget.value)}
          data-autofocus
        />
      );
    case 'text':
      return (
        <TextInput
          label={label}
          value={textOf(draft) ?? ''}
          onChange={(event) => setDraft(event.currentTarget.value)}
          data-autofocus
        />
      );
  }
}

const nameOfChoice = (statuses: Record<FilterStatus, string>, choice: string) =>
  choice in statuses ? statuses[choice as FilterStatus] : choice;
