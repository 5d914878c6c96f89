import { Button, Group, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { type ReactNode, useEffect, useState } from 'react';
import type { ConversationFilter } from '../../parts/filter-words.tsx';
import { useTexts } from '../../texts/texts-provider.tsx';
import { AddFilter } from './add-filter.tsx';
import { FilterChip } from './filter-chip.tsx';
import { filterParts, readFilter } from './read-filter.ts';
import classes from './filter-bar.module.css';

/** Whoever types is not asked about at every letter. */
const PAUSE_MS = 350;

/** Words to look for, everything else to filter by, and what is set as chips. */
export function FilterBar({
  filter,
  onChange,
  children,
}: {
  filter: ConversationFilter;
  onChange: (filter: ConversationFilter) => void;
  /** What stands beside the filters. */
  children?: ReactNode;
}) {
  const texts = useTexts().conversations.filter;
  const set = (name: string, value: unknown) => onChange(readFilter({ ...filter, [name]: value }));
  const chips = filterParts.filter(({ name }) => name !== 'q' && filter[name] !== undefined);
  return (
    <>
      <Group gap="sm" align="flex-end">
        <SearchBox q={filter.q ?? ''} onSearch={(q) => set('q', q)} />
        <AddFilter filter={filter} onChange={({ name }, value) => set(name, value)} />
        {children}
      </Group>
      {chips.length > 0 && (
        <Group gap={6} role="group" aria-label={texts.set}>
          {chips.map((part) => (
            <FilterChip
              key={part.name}
              part={part}
              value={filter[part.name]}
              onChange={(value) => set(part.name, value)}
            />
          ))}
          <Button variant="subtle" size="compact-sm" onClick={() => onChange({})}>
            {texts.clear}
          </Button>
        </Group>
      )}
    </>
  );
}

function SearchBox({ q, onSearch }: { q: string; onSearch: (q: string) => void }) {
  const texts = useTexts().conversations.filter;
  const [typed, setTyped] = useState(q);
  const search = useDebouncedCallback(onSearch, PAUSE_MS);
  // From elsewhere: a saved view, a link, the browser's back.
  useEffect(() => setTyped((now) => (now.trim() === q ? now : q)), [q]);
  return (
    <TextInput
      type="search"
      className={classes['search'] ?? ''}
      aria-label={texts.search}
      placeholder={texts.search}
      leftSection={<IconSearch size={16} aria-hidden />}
      value={typed}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        search(event.currentTarget.value);
      }}
    />
  );
}
