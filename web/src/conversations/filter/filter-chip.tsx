import { CloseButton, Group, Popover, Text, UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import { filterValueInWords } from '../../parts/filter-words.tsx';
import { useTexts } from '../../texts/texts-provider.tsx';
import { PartEditor } from './part-editor.tsx';
import type { Part } from './read-filter.ts';
import { useFilterValues } from './use-filter-values.ts';
import classes from './filter-bar.module.css';

/** A part of the filter that is set: says what it is, changes or takes it away. */
export function FilterChip({
  part,
  value,
  onChange,
}: {
  part: Part;
  value: unknown;
  onChange: (value: unknown) => void;
}) {
  const texts = useTexts();
  const [isOpen, setOpen] = useState(false);
  const options = useFilterValues()(part.name);
  const name = texts.filter.parts[part.name];
  const words = Array.isArray(value)
    ? value.map((one: unknown) => options.find((option) => option.value === one)?.label ?? one)
    : value;
  const said = filterValueInWords(texts.filter, part.name, words);
  return (
    <Group gap={0} className={classes['chip'] ?? ''} wrap="nowrap">
      <Popover opened={isOpen} onChange={setOpen} trapFocus position="bottom-start" shadow="md">
        <Popover.Target>
          <UnstyledButton
            className={classes['words'] ?? ''}
            onClick={() => setOpen(!isOpen)}
            disabled={part.name === 'ids'}
          >
            <Text span size="sm" c="dimmed">
              {name}
            </Text>{' '}
            <Text span size="sm" fw={500}>
              {said}
            </Text>
          </UnstyledButton>
        </Popover.Target>
        <Popover.Dropdown>
          <PartEditor
            part={part}
            value={value}
            onApply={(next) => {
              setOpen(false);
              onChange(next);
            }}
          />
        </Popover.Dropdown>
      </Popover>
      <CloseButton
        size="sm"
        aria-label={texts.conversations.filter.remove(name)}
        onClick={() => onChange(undefined)}
      />
    </Group>
  );
}
