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
import { useLiveExports } from './live/use-live-exports.ts';

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
  const choose = (chosen: ExportsSearch) => void navigate({ to: '/exports', search: chosen });
  const isFiltered = Object.keys(search).length > 0;
  return (
    <Page title={texts.nav.exports} hint={texts.exports.hint}>
      {(query.isSuccess || isFiltered) && <ExportFilter chosen={search} onChoose={choose} />}
      <Loaded query={query}>
        {({ pages }) => {
          const exports = pages.flatMap((page) => page.exports);
          if (exports.length > 0) return <ExportRows exports={exports} more={moreOf(query)} />;
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
            <Empty icon={IconPackageExport} title={texts.exports.empty}>
              {texts.exports.emptyHint}
            </Empty>
          );
        }}
      </Loaded>
      {query.isSuccess && (
        <Text size="xs" c="dimmed" role="status">
          {isLive ? texts.exports.live : texts.exports.lost}
        </Text>
      )}
    </Page>
  );
}
