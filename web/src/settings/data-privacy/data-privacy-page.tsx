import { Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { $api } from '../../api/client.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { Page } from '../../parts/page.tsx';
import { useMay } from '../../session/use-session.ts';
import { useTexts } from '../../texts/texts-provider.tsx';
import { PackageCard } from './package-card.tsx';
import styles from './data-privacy.module.css';
import { WorkspaceFile } from './workspace-file.tsx';

/** Everything that the workspace holds, taken along (K-01, K-02). */
export function DataPrivacyPage() {
  const texts = useTexts().settingsData.dataPrivacy;
  const may = useMay();
  const options = $api.useQuery('get', '/v1/exports/options', {}, { staleTime: 60_000 });
  return (
    <Page title={texts.title} hint={texts.hint}>
      <section aria-labelledby="export-workspace">
        <Stack gap="md">
          <div>
            <Title order={2} size="h4" id="export-workspace">
              {texts.workspace}
            </Title>
            <Text size="sm" c="dimmed">
              {texts.workspaceHint}
            </Text>
          </div>
          <Loaded query={options}>
            {({ keep_days: keepDays }) => (
              <>
                <div className={styles['files']}>
                  <WorkspaceFile format="json" />
                  <WorkspaceFile format="csv" />
                </div>
                {may('export.order') && <PackageCard days={keepDays.usual} />}
                {may('export.read') && (
                  <Text size="sm">
                    <Link to="/exports" search={{ kind: 'workspace' }}>
                      {texts.past}
                    </Link>
                  </Text>
                )}
              </>
            )}
          </Loaded>
        </Stack>
      </section>
    </Page>
  );
}
