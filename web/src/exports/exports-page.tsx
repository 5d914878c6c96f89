import { Button, Text } from '@mantine/core';
import { IconPackageExport } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { $api } from '../api/client.ts';
import { cursorPages, moreOf } from '../parts/cursor-pages.ts';
import { Empty } from '../parts/empty.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Page } from '../parts/page.tsx';
import { useMay } from '../session/use-session.ts';
import { useTexts } from '../texts/texts-provider.tsx';
import { ExportFilter } from './export-filter.tsx';
import { ExportRows } from './export-rows.tsx';
import type { ExportsSearch } from './exports.routes.ts';
import { ConnectionNote } from './live/connection-note.tsx';
import { useLiveExports } from './live/use-live-exports.ts';
import { LostSince, useLostSince } from './live/use-lost-since.ts';
import { NewExport } from './new-export.tsx';

const PAGE = 30;

/** Every export within reach, as it is at any moment; which ones stands in the address. */
export function ExportsPage() {
  const texts = useTexts();
  const search = useSearch({ from: '/signed-in/exports' });
  const navigate = useNavigate();
  const isLive = useLiveExports({ isOn: useMay()('export.read') });
  const query = $api.useInfiniteQuery(
    'get',
    '/v1/exports',
    { params: { query: { limit: PAGE, ...search } } },
    cursorPages,
  );
  const lostSince = useLostSince(query);
  const choose = (chosen: ExportsSearch) => void navigate({ to: '/exports', search: chosen });
  const isFiltered = Object.keys(search).length > 0;
  const exports = query.data?.pages.flatMap((page) => page.exports);
  const isEmpty = exports?.length === 0 && !isFiltered;
  return (
    <Page title={texts.nav.exports} hint={texts.exports.hint} actions={isEmpty ? undefined : <NewExport />}>
      {(query.isSuccess || isFiltered) && <ExportFilter chosen={search} onChoose={choose} />}
      <ConnectionNote since={lostSince} />
      <LostSince value={lostSince}>
        <Loaded query={{ data: exports, error: query.error, refetch: query.refetch }}>
          {(found) => {
            if (found.length > 0) return <ExportRows exports={found} more={moreOf(query)} />;
            return isFiltered ? (
              <Empty
                icon={IconPackageExport}
                title={texts.exports.emptyFiltered}
                action={
                  <Button variant="default" onClick={() => choose({})}>
                    {texts.exports.filter.clear}
                  </Button>
                }
              >
                {texts.exports.emptyFilteredHint}
              </Empty>
            ) : (
              <Empty icon={IconPackageExport} title={texts.exports.empty} action={<NewExport />}>
                {texts.exports.emptyHint}
              </Empty>
            );
          }}
        </Loaded>
      </LostSince>
      {query.isSuccess && lostSince === undefined && (
        <Text size="xs" c="dimmed" role="status">
          {isLive ? texts.exports.live : texts.exports.lost}
        </Text>
      )}
    </Page>
  );
}
