import { Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { $api } from '../../api/client.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { Page } from '../../parts/page.tsx';
import { useMay } from '../../session/use-session.ts';
import { useTexts } from '../../texts/texts-provider.tsx';
import { BulkCard } from './bulk-card.tsx';
import { type BulkKind, bulkPaths } from './bulk-exports.ts';

/** A download that begins anywhere shows here within two seconds (H-11). */
const ASK_EVERY_MS = 1_500;

/** The bulk exports, each with when it was last downloaded (H-04, H-11). */
export function DataExportPage() {
  const texts = useTexts().settingsData.dataExport;
  const may = useMay();
  const options = $api.useQuery('get', '/v1/exports/options', {}, { staleTime: 60_000 });
  const last = $api.useQuery(
    'get',
    '/v1/exports/last',
    {},
    { enabled: may('export.read'), refetchInterval: ASK_EVERY_MS },
  );
  return (
    <Page title={texts.title} hint={texts.hint}>
      <Loaded query={options}>
        {({ kinds }) => {
          const offered = (Object.keys(bulkPaths) as BulkKind[]).map(
            (name) => [name, kinds.find(({ kind }) => kind === name)!] as const,
          );
          return (
            <Stack>
              {offered.map(([name, kind]) => (
                <BulkCard
                  key={name}
                  name={name}
                  options={kind}
                  last={last.data?.exports.find((one) => one.kind === name)}
                />
              ))}
              {may('export.read') && (
                <Text size="sm" c="dimmed">
                  {texts.single} <Link to="/exports">{texts.allExports}</Link>
                </Text>
              )}
            </Stack>
          );
        }}
      </Loaded>
    </Page>
  );
}
