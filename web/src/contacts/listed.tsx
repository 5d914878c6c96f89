import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { cursorPages, moreOf } from '../parts/cursor-pages.ts';
import { type Column, DataTable } from '../parts/data-table.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { RouteAnchor } from '../parts/route-anchor.tsx';
import { useTexts } from '../texts/texts-provider.tsx';
import type { ContactTab } from './contacts.routes.ts';

/** Rows of a page. */
export const PAGE = 25;
/** How these lists are read on. */
export const paging = { pageParamName: 'cursor', ...cursorPages };

/** A link to a conversation, under its subject or another word. */
export function ToConversation({ id, text }: { id: string; text: string | null }) {
  const texts = useTexts().contacts;
  return (
    <RouteAnchor to="/conversations/$id" params={{ id }} size="sm">
      {text ?? texts.noSubject}
    </RouteAnchor>
  );
}

/** One of the lists: read page by page, or that there is nothing. */
export function Listed<Page, Row extends { id: string }>({
  tab,
  query,
  rowsOf,
  columns,
}: {
  tab: ContactTab;
  query: Parameters<typeof moreOf>[0] & {
    data: { pages: Page[] } | undefined;
    error: unknown;
    refetch: () => unknown;
  };
  rowsOf: (page: Page) => Row[];
  columns: Column<Row>[];
}): ReactNode {
  const texts = useTexts().contacts;
  return (
    <Loaded query={query}>
      {({ pages }) => {
        const rows = pages.flatMap(rowsOf);
        if (rows.length === 0) return <Text c="dimmed">{texts.nothing[tab]}</Text>;
        return (
          <DataTable
            label={texts.tabs[tab]}
            columns={columns}
            rows={rows}
            keyOf={({ id }) => id}
            more={moreOf(query)}
            minWidth={560}
          />
        );
      }}
    </Loaded>
  );
}
