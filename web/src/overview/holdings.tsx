import { Paper, Text } from '@mantine/core';
import { $api } from '../api/client.ts';
import { useMay } from '../session/use-session.ts';
import { useLanguage, useTexts } from '../texts/texts-provider.tsx';
import styles from './overview.module.css';
import { RouteAnchor } from '../parts/route-anchor.tsx';

const COUNTED = { params: { query: { limit: 1, count: 'true' } } } as const;

/** How many conversations and contacts the viewer sees here. */
export function useHoldings(): { conversations?: number; contacts?: number; isEmpty: boolean } {
  const may = useMay();
  const conversations = $api.useQuery('get', '/v1/conversations', COUNTED, {
    enabled: may('conversations.read'),
  }).data?.count;
  const contacts = $api.useQuery('get', '/v1/contacts', COUNTED, { enabled: may('contacts.read') }).data
    ?.count;
  return {
    ...(conversations === undefined ? {} : { conversations }),
    ...(contacts === undefined ? {} : { contacts }),
    isEmpty: conversations === 0 && contacts === 0,
  };
}

/** What the workspace holds, each a way to it. */
export function Holdings() {
  const texts = useTexts().overview;
  const { locale } = useLanguage();
  const found = useHoldings();
  return (
    <section aria-label={texts.holds} className={styles['tiles']}>
      {(['conversations', 'contacts'] as const).map((one) => {
        const count = found[one];
        return count === undefined ? null : (
          <Paper key={one} withBorder p="md">
            <RouteAnchor to={`/${one}`} size="sm">
              {texts[one]}
            </RouteAnchor>
            <Text size="xl" fw={600}>
              {count.toLocaleString(locale)}
            </Text>
          </Paper>
        );
      })}
    </section>
  );
}
