import { Button, Group, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconLink } from '@tabler/icons-react';
import { $api, type Schema } from '../../../api/client.ts';
import { DataTable } from '../../../parts/data-table.tsx';
import { Loaded } from '../../../parts/loaded.tsx';
import { Moment } from '../../../parts/moment.tsx';
import { useLanguage, useTexts } from '../../../texts/texts-provider.tsx';
import { Section } from '../../../parts/section.tsx';
import { CreateLink } from './create-link.tsx';
import { RevokeLink } from './revoke-link.tsx';

/** Others use them. */
const LOOK_AGAIN_MS = 4_000;

type ExportLink = Schema<'ExportLink'>;

/** Links that open an export without a sign-in: who made them, how often they were used, and their end. */
export function Links({ of: { job_id: id, status } }: { of: Schema<'Export'> }) {
  const texts = useTexts().exportPage.links;
  const [isOpen, { open, close }] = useDisclosure();
  const query = $api.useQuery(
    'get',
    '/v1/exports/{id}/links',
    { params: { path: { id } } },
    { refetchInterval: LOOK_AGAIN_MS },
  );
  const isReady = status === 'ready';
  if (!isReady && (query.data?.links.length ?? 0) === 0) return null;
  return (
    <Section
      title={texts.title}
      hint={isReady ? texts.hint : texts.exportGone}
      actions={
        isReady && (
          <Button variant="default" size="xs" leftSection={<IconLink size={14} aria-hidden />} onClick={open}>
            {texts.create}
          </Button>
        )
      }
    >
      <Loaded query={query}>
        {({ links }) =>
          links.length === 0 ? (
            <Text size="sm" c="dimmed">
              {texts.none}
            </Text>
          ) : (
            <LinkTable exportId={id} links={links} />
          )
        }
      </Loaded>
      <CreateLink exportId={id} isOpen={isOpen} onClose={close} />
    </Section>
  );
}

function LinkTable({ exportId, links }: { exportId: string; links: readonly ExportLink[] }) {
  const texts = useTexts().exportPage.links;
  const { locale } = useLanguage();
  return (
    <DataTable<ExportLink>
      label={texts.title}
      rows={links}
      keyOf={({ id }) => id}
      minWidth={680}
      columns={[
        { title: texts.state, cell: ({ state }) => texts.states[state] },
        { title: texts.by, cell: ({ created_by: by }) => by.name },
        { title: texts.until, cell: ({ expires_at: at }) => <Moment at={at} /> },
        { title: texts.downloads, isEnd: true, cell: ({ downloads: n }) => n.toLocaleString(locale) },
        {
          title: texts.last,
          cell: ({ last_download_at: at }) => at !== null && <Moment at={at} />,
        },
        {
          title: texts.actions,
          isEnd: true,
          cell: ({ id, state }) => (
            <Group justify="flex-end">{state === 'open' && <RevokeLink exportId={exportId} id={id} />}</Group>
          ),
        },
      ]}
    />
  );
}
