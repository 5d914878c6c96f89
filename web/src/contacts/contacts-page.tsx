import { IconAddressBook, IconDownload, IconSearch } from '@tabler/icons-react';
import { Badge, Button, Group, Menu, Stack, Text } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { $api, type Schema } from '../api/client.ts';
import { cursorPages, moreOf } from '../parts/cursor-pages.ts';
import { type Column, DataTable } from '../parts/data-table.tsx';
import { useDownload } from '../parts/download/download.tsx';
import { Empty } from '../parts/empty.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Moment } from '../parts/moment.tsx';
import { Page } from '../parts/page.tsx';
import { RouteAnchor } from '../parts/route-anchor.tsx';
import { useMay } from '../session/use-session.ts';
import type { Texts } from '../texts/en/en.ts';
import { useTexts } from '../texts/texts-provider.tsx';
import type { ContactsFormat } from './contact-choices.ts';
import { contactTitle } from './contact-title.ts';
import { ContactFilters } from './contact-filters.tsx';
import styles from './contacts.module.css';
import type { ContactsSearch } from './contacts.routes.ts';

const PAGE = 50;

/** Contacts: looked for, filtered, opened, exported. */
export function ContactsPage() {
  const texts = useTexts().contacts;
  const search = useSearch({ from: '/signed-in/contacts' });
  const navigate = useNavigate({ from: '/contacts' });
  const may = useMay();
  const pages = $api.useInfiniteQuery(
    'get',
    '/v1/contacts',
    { params: { query: { ...search, limit: PAGE } } },
    { pageParamName: 'cursor', ...cursorPages },
  );
  const counted = $api.useQuery('get', '/v1/contacts', {
    params: { query: { ...search, limit: 1, count: 'true' } },
  });
  const count = counted.data?.count;
  return (
    <Page
      title={useTexts().nav.contacts}
      hint={texts.hint}
      actions={may('export.contacts') ? <ExportAll /> : undefined}
    >
      <Stack gap="md">
        <ContactFilters
          search={search}
          onChange={(next: ContactsSearch) => void navigate({ search: next, replace: true })}
        />
        <Text size="sm" c="dimmed" role="status">
          {count === undefined ? ' ' : texts.count(count)}
        </Text>
        <Loaded query={pages}>
          {({ pages: read }) => {
            const rows = read.flatMap(({ contacts }) => contacts);
            if (rows.length === 0) return <Nothing isFiltered={Object.keys(search).length > 0} />;
            return (
              <DataTable
                label={texts.hint}
                columns={columnsOf(texts)}
                rows={rows}
                keyOf={({ id }) => id}
                more={moreOf(pages)}
                minWidth={820}
              />
            );
          }}
        </Loaded>
      </Stack>
    </Page>
  );
}

function columnsOf(texts: Texts['contacts']): Column<Schema<'Contact'>>[] {
  const { columns, unknown } = texts;
  return [
    {
      title: columns.name,
      cell: (contact) => (
        <div className={styles['who']}>
          <RouteAnchor to="/contacts/$id" params={{ id: contact.id }} size="sm" fw={500}>
            {contactTitle(contact)}
          </RouteAnchor>
          {contact.email !== null && contact.email !== contactTitle(contact) && (
            <Text size="xs" c="dimmed">
              {contact.email}
            </Text>
          )}
        </div>
      ),
    },
    { title: columns.kind, cell: ({ kind }) => texts.kinds[kind] },
    {
      title: columns.company,
      cell: ({ company }) => <div className={styles['who']}>{company ?? unknown}</div>,
    },
    {
      title: columns.labels,
      cell: ({ tags }) => (
        <Group gap={4} className={styles['labels'] ?? ''}>
          {(tags ?? []).map((tag) => (
            <Badge key={tag} variant="default" tt="none" fw={400}>
              {tag}
            </Badge>
          ))}
        </Group>
      ),
    },
    {
      title: columns.lastSeen,
      cell: ({ last_seen_at: at }) => (at === null ? unknown : <Moment at={at} />),
    },
    { title: columns.created, cell: ({ created_at: at }) => <Moment at={at} dateOnly /> },
  ];
}

function Nothing({ isFiltered }: { isFiltered: boolean }) {
  const texts = useTexts().contacts;
  return isFiltered ? (
    <Empty icon={IconSearch} title={texts.none}>
      {texts.noneHint}
    </Empty>
  ) : (
    <Empty icon={IconAddressBook} title={texts.empty}>
      {texts.emptyHint}
    </Empty>
  );
}

/** A person opens a CSV with a double click. */
const addressOf = (format: ContactsFormat) =>
  `/v1/contacts/export?format=${format}${format === 'csv' ? '&profile=spreadsheet' : ''}`;

function ExportAll() {
  const texts = useTexts().contacts;
  const download = useDownload();
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" leftSection={<IconDownload size={16} aria-hidden />}>
          {texts.exportAll}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{texts.exportAllTitle}</Menu.Label>
        {(Object.keys(texts.allFormats) as ContactsFormat[]).map((format) => (
          <Menu.Item key={format} onClick={() => void download(addressOf(format))}>
            {texts.allFormats[format]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
