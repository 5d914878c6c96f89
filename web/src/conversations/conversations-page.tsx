import { Alert, Button, Center, Loader, Text } from '@mantine/core';
import { IconFilterOff, IconMessages, IconPackageExport, IconSearchOff } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type ReactNode, useCallback, useEffect, useMemo, useState } from 'react';
import { ExportDialog } from '../exports/order/export-dialog.tsx';
import type { WantedExport } from '../exports/order/export-order.ts';
import { Empty } from '../parts/empty.tsx';
import { FailureNote } from '../parts/failure-note.tsx';
import type { ConversationFilter } from '../parts/filter-words.tsx';
import { Page } from '../parts/page.tsx';
import { useMay } from '../session/use-session.ts';
import { useTexts } from '../texts/texts-provider.tsx';
import { FilterBar } from './filter/filter-bar.tsx';
import { readFilter } from './filter/read-filter.ts';
import { ConversationList } from './list/conversation-list.tsx';
import { useKeptScroll } from './list/keep-scroll.ts';
import { SelectionBar } from './list/selection-bar.tsx';
import { type Row, useConversations, useCount } from './list/use-conversations.ts';
import { useSelection } from './list/use-selection.ts';
import { keepLastFilter } from './last-filter.ts';
import { ViewsMenu } from './views/views-menu.tsx';

/** Conversations: found by the server's one filter, chosen, exported. */
export function ConversationsPage() {
  const texts = useTexts();
  const may = useMay();
  const search = useSearch({ from: '/signed-in/conversations' });
  // The router keeps what an address says beside what was read from it.
  const filter = useMemo(() => readFilter(search), [search]);
  const navigate = useNavigate();
  const name = JSON.stringify(filter);
  useEffect(() => {
    keepLastFilter(filter);
  }, [filter]);
  const setFilter = (search: ConversationFilter) => void navigate({ to: '/conversations', search });
  const list = useConversations(filter);
  const total = useCount(filter);
  const rows = useMemo<Row[]>(() => list.data?.pages.flatMap((page) => page.rows) ?? [], [list.data]);
  useKeptScroll(name, list.data !== undefined);
  const [wanted, setWanted] = useState<WantedExport>();
  const mayExport = may('export.conversations') && may('export.order');
  const isFiltered = Object.keys(filter).length > 0;
  const { fetchNextPage } = list;
  const loadMore = useCallback(() => void fetchNextPage(), [fetchNextPage]);

  return (
    <Page
      title={texts.nav.conversations}
      hint={
        <span role="status">
          {total === undefined ? texts.conversations.list.counting : texts.unit.conversations(total)}
        </span>
      }
      actions={
        mayExport &&
        total !== 0 && (
          <Button
            variant="default"
            leftSection={<IconPackageExport size={16} aria-hidden />}
            onClick={() => setWanted({ kind: 'conversations', filter })}
          >
            {isFiltered ? texts.conversations.exportFilter : texts.conversations.exportAll}
          </Button>
        )
      }
    >
      <FilterBar filter={filter} onChange={setFilter}>
        <ViewsMenu filter={filter} onChoose={setFilter} />
      </FilterBar>
      {search.not_understood !== undefined && (
        <Alert color="yellow" role="alert" icon={<IconFilterOff aria-hidden />}>
          {texts.conversations.filter.notUnderstood(search.not_understood)}
        </Alert>
      )}
      {list.data === undefined && list.error === null && (
        <Center mih={240}>
          <Loader aria-label={texts.state.loading} />
        </Center>
      )}
      {list.data !== undefined && rows.length === 0 && (
        <Nothing isFiltered={isFiltered} onClear={() => setFilter({})} />
      )}
      {rows.length > 0 && (
        <Rows
          key={name}
          rows={rows}
          total={total}
          canChoose={mayExport}
          list={list}
          loadMore={loadMore}
          onExport={(ids) => setWanted({ kind: 'conversations', ids })}
        />
      )}
      {list.error !== null && <FailureNote error={list.error} onRetry={loadMore} />}
      {wanted !== undefined && <ExportDialog isOpen onClose={() => setWanted(undefined)} order={wanted} />}
    </Page>
  );
}

/** The rows of one filter; another filter begins with nothing chosen. */
function Rows({
  rows,
  total,
  canChoose,
  list,
  loadMore,
  onExport,
}: {
  rows: Row[];
  total: number | undefined;
  canChoose: boolean;
  list: { hasNextPage: boolean; isFetching: boolean; error: unknown };
  loadMore: () => void;
  onExport: (ids: string[]) => void;
}) {
  const texts = useTexts().conversations.list;
  const selection = useSelection(rows);
  return (
    <div>
      <ConversationList
        rows={rows}
        total={total}
        selection={canChoose ? selection : undefined}
        hasMore={list.hasNextPage && list.error === null}
        isBusy={list.isFetching}
        loadMore={loadMore}
      />
      <Text size="xs" c="dimmed" ta="center" p="sm">
        {list.hasNextPage ? texts.more : texts.end}
      </Text>
      {canChoose && <SelectionBar selection={selection} onExport={() => onExport([...selection.ids])} />}
    </div>
  );
}

function Nothing({ isFiltered, onClear }: { isFiltered: boolean; onClear: () => void }): ReactNode {
  const texts = useTexts().conversations;
  if (!isFiltered)
    return (
      <Empty icon={IconMessages} title={texts.empty.title}>
        {texts.empty.text}
      </Empty>
    );
  return (
    <Empty
      icon={IconSearchOff}
      title={texts.noMatch.title}
      action={
        <Button variant="default" onClick={onClear}>
          {texts.filter.clear}
        </Button>
      }
    >
      {texts.noMatch.text}
    </Empty>
  );
}
