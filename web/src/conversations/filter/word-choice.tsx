import { Checkbox, Stack, TextInput } from '@mantine/core';
import { type KeyboardEvent, useState } from 'react';
import type { FilterPart } from '../../parts/filter-words.tsx';
import { useTexts } from '../../texts/texts-provider.tsx';
import classes from './filter-bar.module.css';
import { useFilterValues } from './use-filter-values.ts';

/**
 * Words of a part of the filter: those that are known to find something to be ticked, found by typing; what is typed
 * can also be a word of its own, which enter adds.
 */
export function WordChoice({
  part,
  label,
  words,
  onChange,
}: {
  part: FilterPart;
  label: string;
  words: readonly string[];
  onChange: (words: string[]) => void;
}) {
  const texts = useTexts().conversations.filter;
  const [typed, setTyped] = useState('');
  const known = useFilterValues()(part);
  const strangers = words.filter((word) => known.every(({ value }) => value !== word));
  const options = [...strangers.map((value) => ({ value, label: value })), ...known];
  const looked = typed.trim().toLocaleLowerCase();
  const fitting = options.filter((option) => option.label.toLocaleLowerCase().includes(looked));
  const add = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || looked === '') return;
    event.preventDefault();
    const meant = options.find((option) => option.label.toLocaleLowerCase() === looked);
    onChange([...new Set([...words, meant?.value ?? typed.trim()])]);
    setTyped('');
  };
  return (
    <Stack gap="xs">
      <TextInput
        label={label}
        description={texts.typeHint}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onKeyDown={add}
        data-autofocus
      />
      {fitting.length > 0 && (
        <Checkbox.Group value={[...words]} onChange={onChange} aria-label={label}>
          <Stack gap={6} className={classes['options'] ?? ''}>
            {fitting.map((option) => (
              <Checkbox key={option.value} size="sm" value={option.value} label={option.label} />
            ))}
          </Stack>
        </Checkbox.Group>
      )}
    </Stack>
  );
}
