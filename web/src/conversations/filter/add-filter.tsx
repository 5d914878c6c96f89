import { Button, NavLink, Popover } from '@mantine/core';
import { IconFilter } from '@tabler/icons-react';
import { useState } from 'react';
import type { ConversationFilter } from '../../parts/filter-words.tsx';
import { useTexts } from '../../texts/texts-provider.tsx';
import { PartEditor } from './part-editor.tsx';
import { filterParts, type Part } from './read-filter.ts';
import classes from './filter-bar.module.css';

/** Has a box or a checkbox of its own beside the menu. */
const ELSEWHERE = new Set<string>(['ids', 'q']);

/** Everything that one can filter by, and the form of what was chosen. */
export function AddFilter({
  filter,
  onChange,
}: {
  filter: ConversationFilter;
  onChange: (part: Part, value: unknown) => void;
}) {
  const texts = useTexts();
  const [isOpen, setOpen] = useState(false);
  const [chosen, setChosen] = useState<Part>();
  const toggle = (opens: boolean) => {
    setChosen(undefined);
    setOpen(opens);
  };
  return (
    <Popover opened={isOpen} onChange={toggle} trapFocus position="bottom-start" shadow="md">
      <Popover.Target>
        <Button
          variant="default"
          leftSection={<IconFilter size={16} aria-hidden />}
          onClick={() => toggle(!isOpen)}
        >
          {texts.conversations.filter.add}
        </Button>
      </Popover.Target>
      <Popover.Dropdown p={chosen === undefined ? 4 : 'md'}>
        {chosen === undefined ? (
          <div className={classes['list']}>
            {filterParts
              .filter(({ name }) => !ELSEWHERE.has(name))
              .map((part) => (
                <NavLink
                  key={part.name}
                  component="button"
                  label={texts.filter.parts[part.name]}
                  onClick={() => setChosen(part)}
                />
              ))}
          </div>
        ) : (
          <PartEditor
            key={chosen.name}
            part={chosen}
            value={filter[chosen.name]}
            onApply={(value) => {
              toggle(false);
              onChange(chosen, value);
            }}
          />
        )}
      </Popover.Dropdown>
    </Popover>
  );
}
