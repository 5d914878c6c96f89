import { Button, Group, Paper, Text } from '@mantine/core';
import { IconPackageExport } from '@tabler/icons-react';
import { useTexts } from '../../texts/texts-provider.tsx';
import classes from './conversation-list.module.css';
import { MOST_SELECTED, type Selection } from './use-selection.ts';

/** How many rows are chosen, and what can be done with them. */
export function SelectionBar({ selection, onExport }: { selection: Selection; onExport: () => void }) {
  const texts = useTexts().conversations.selection;
  const { ids, isFull, clear } = selection;
  return (
    <div role="status" className={classes['bar']}>
      {ids.size > 0 && (
        <Paper withBorder shadow="md" p="xs" px="md" maw={560} mx="auto">
          <Group justify="space-between">
            <div>
              <Text size="sm" fw={600}>
                {texts.count(ids.size)}
              </Text>
              {isFull && (
                <Text size="xs" c="dimmed">
                  {texts.full(MOST_SELECTED)}
                </Text>
              )}
            </div>
            <Group gap="xs">
              <Button variant="default" size="xs" onClick={clear}>
                {texts.clear}
              </Button>
              <Button size="xs" leftSection={<IconPackageExport size={15} aria-hidden />} onClick={onExport}>
                {texts.export}
              </Button>
            </Group>
          </Group>
        </Paper>
      )}
    </div>
  );
}
