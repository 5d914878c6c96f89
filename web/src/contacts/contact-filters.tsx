import {
  Button,
  CloseButton,
  Collapse,
  Group,
  MultiSelect,
  Paper,
  Pill,
  TagsInput,
  TextInput,
} from '@mantine/core';
import { useDebouncedCallback, useDisclosure } from '@mantine/hooks';
import { IconFilter, IconSearch } from '@tabler/icons-react';
import { type FormEvent, useEffect, useState } from 'react';
import { useTexts } from '../texts/texts-provider.tsx';
import type { ContactKind } from './contact-choices.ts';
import styles from './contacts.module.css';
import type { ContactsSearch } from './contacts.routes.ts';

const PAUSE_MS = 300;

/** A search box, the other filters behind a button, and what is filtered by as words that can be taken away. */
export function ContactFilters({
  search,
  onChange,
}: {
  search: ContactsSearch;
  onChange: (search: ContactsSearch) => void;
}) {
  const texts = useTexts().contacts;
  const [isOpen, { toggle, close }] = useDisclosure();
  const [text, setText] = useState(search.q ?? '');
  useEffect(() => setText(search.q ?? ''), [search.q]);
  const look = useDebouncedCallback((q: string) => onChange(without({ ...search, q })), PAUSE_MS);
  const parts = (Object.keys(texts.parts) as (keyof ContactsSearch)[]).filter(
    (part) => part !== 'q' && search[part] !== undefined,
  );
  return (
    <>
      <Group gap="sm" align="flex-end">
        <TextInput
          type="search"
          aria-label={texts.search}
          placeholder={texts.searchHint}
          leftSection={<IconSearch size={16} aria-hidden />}
          rightSection={
            text === '' ? null : (
              <CloseButton
                size="sm"
                aria-label={texts.clear}
                onClick={() => onChange(without({ ...search, q: '' }))}
              />
            )
          }
          value={text}
          onChange={({ currentTarget: { value } }) => {
            setText(value);
            // A search needs a letter or a digit.
            if (value === '' || /[\p{L}\p{N}]/u.test(value)) look(value);
          }}
          className={styles['search'] ?? ''}
        />
        <Button
          variant="default"
          leftSection={<IconFilter size={16} aria-hidden />}
          onClick={toggle}
          aria-expanded={isOpen}
        >
          {texts.filters}
        </Button>
      </Group>
      <Collapse expanded={isOpen}>
        <FilterForm
          key={JSON.stringify(search)}
          search={search}
          onApply={(next) => {
            close();
            onChange(next);
          }}
        />
      </Collapse>
      {parts.length > 0 && (
        <Group gap={6}>
          {parts.map((part) => (
            <Pill
              key={part}
              withRemoveButton
              onRemove={() => onChange(without({ ...search, [part]: undefined }))}
              removeButtonProps={{
                'aria-label': texts.drop(texts.parts[part]),
                'aria-hidden': false,
                tabIndex: 0,
              }}
            >
              {texts.parts[part]}: {inWords(search[part], texts.kinds)}
            </Pill>
          ))}
          <Button size="compact-xs" variant="subtle" onClick={() => onChange(without({ q: search.q ?? '' }))}>
            {texts.clear}
          </Button>
        </Group>
      )}
    </>
  );
}

function FilterForm({
  search,
  onApply,
}: {
  search: ContactsSearch;
  onApply: (search: ContactsSearch) => void;
}) {
  const texts = useTexts().contacts;
  const [draft, setDraft] = useState(search);
  const set = (part: keyof ContactsSearch) => (value: string | string[]) =>
    setDraft({ ...draft, [part]: value });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onApply(without(draft));
  };
  return (
    <Paper withBorder p="md" component="form" onSubmit={submit}>
      <div className={styles['filters']}>
        <MultiSelect
          label={texts.parts.kind}
          data={(Object.keys(texts.kinds) as ContactKind[]).map((kind) => ({
            value: kind,
            label: texts.kinds[kind],
          }))}
          value={listOf(draft.kind)}
          onChange={set('kind')}
          clearable
        />
        <TagsInput label={texts.parts.tag} value={listOf(draft.tag)} onChange={set('tag')} />
        <TextInput
          type="email"
          label={texts.parts.email}
          value={draft.email ?? ''}
          onChange={({ currentTarget: { value } }) => set('email')(value)}
        />
        <TextInput
          label={texts.parts.external_id}
          value={draft.external_id ?? ''}
          onChange={({ currentTarget: { value } }) => set('external_id')(value)}
        />
        {(['since', 'until'] as const).map((part) => (
          <TextInput
            key={part}
            type="date"
            label={texts.parts[part]}
            value={(draft[part] ?? '').slice(0, 10)}
            onChange={({ currentTarget: { value } }) => set(part)(value)}
          />
        ))}
      </div>
      <Group justify="flex-end" mt="md">
        <Button type="submit">{texts.apply}</Button>
      </Group>
    </Paper>
  );
}

const listOf = (value: string | string[] | undefined): string[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];

/** Without what says nothing. */
function without(search: ContactsSearch): ContactsSearch {
  const parts = Object.entries(search).filter(([, value]) => value !== undefined && value.length > 0);
  return Object.fromEntries(parts) as ContactsSearch;
}

function inWords(value: string | string[] | undefined, kinds: Readonly<Record<string, string>>): string {
  return listOf(value)
    .map((one) => kinds[one] ?? one)
    .join(', ');
}
