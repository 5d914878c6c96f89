import { ActionIcon, Button, Group, Loader, Popover, Stack, Text, UnstyledButton } from '@mantine/core';
import { IconBookmark, IconPencil, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { $api, type Schema } from '../../api/client.ts';
import { FailureNote } from '../../parts/failure-note.tsx';
import type { ConversationFilter } from '../../parts/filter-words.tsx';
import { useTexts } from '../../texts/texts-provider.tsx';
import { isSameFilter, readFilter } from '../filter/read-filter.ts';
import { DeleteView } from './delete-view.tsx';
import { NameView } from './name-view.tsx';
import classes from './views-menu.module.css';

type View = Schema<'SavedView'>;

/** One's saved views: choose, keep what is set now, rename, delete. */
export function ViewsMenu({
  filter,
  onChoose,
}: {
  filter: ConversationFilter;
  onChoose: (filter: ConversationFilter) => void;
}) {
  const texts = useTexts().conversations.views;
  const [isOpen, setOpen] = useState(false);
  const [naming, setNaming] = useState<View | 'new'>();
  const [deleting, setDeleting] = useState<View>();
  const query = $api.useQuery('get', '/v1/saved-views', { params: { query: { limit: 100 } } });
  const views = query.data?.saved_views ?? [];
  const current = views.find((view) => isSameFilter(readFilter(view.filter), filter));
  const ask = (what: () => void) => {
    setOpen(false);
    what();
  };
  return (
    <>
      <Popover opened={isOpen} onChange={setOpen} trapFocus position="bottom-end" shadow="md">
        <Popover.Target>
          <Button
            variant="default"
            leftSection={<IconBookmark size={16} aria-hidden />}
            onClick={() => setOpen(!isOpen)}
          >
            {current?.name ?? texts.title}
          </Button>
        </Popover.Target>
        <Popover.Dropdown>
          <Stack gap="xs" w={260}>
            {query.isPending && <Loader size="sm" aria-label={texts.title} />}
            {query.error !== null && <FailureNote error={query.error} />}
            {query.data !== undefined && views.length === 0 && (
              <Text size="sm" c="dimmed">
                {texts.none}
              </Text>
            )}
            {views.length > 0 && (
              <ul className={classes['list']}>
                {views.map((view) => (
                  <Group key={view.id} component="li" gap={2} wrap="nowrap">
                    <UnstyledButton
                      className={classes['view']}
                      aria-current={view === current}
                      onClick={() => ask(() => onChoose(readFilter(view.filter)))}
                    >
                      {view.name}
                    </UnstyledButton>
                    <ActionIcon
                      variant="subtle"
                      color="gray"
                      aria-label={texts.rename(view.name)}
                      onClick={() => ask(() => setNaming(view))}
                    >
                      <IconPencil size={15} aria-hidden />
                    </ActionIcon>
                    <ActionIcon
                      variant="subtle"
                      color="gray"
                      aria-label={texts.delete(view.name)}
                      onClick={() => ask(() => setDeleting(view))}
                    >
                      <IconTrash size={15} aria-hidden />
                    </ActionIcon>
                  </Group>
                ))}
              </ul>
            )}
            {current === undefined && Object.keys(filter).length > 0 && (
              <Button size="xs" variant="light" onClick={() => ask(() => setNaming('new'))}>
                {texts.save}
              </Button>
            )}
          </Stack>
        </Popover.Dropdown>
      </Popover>
      {naming !== undefined && (
        <NameView
          view={naming === 'new' ? undefined : naming}
          filter={filter}
          onClose={() => setNaming(undefined)}
        />
      )}
      {deleting !== undefined && <DeleteView view={deleting} onClose={() => setDeleting(undefined)} />}
    </>
  );
}
