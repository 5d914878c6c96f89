import { Alert, Button, Group, Loader, Stack, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { $api } from '../api/client.ts';
import { useTexts } from '../texts/texts-provider.tsx';
import { ArrivedRequest } from './arrived-request.tsx';
import styles from './arrivals.module.css';

const POLL_MS = 2000;

/** What comes in while a product is being connected: how much there is by now, and what each request brought. */
export function Arrivals({ isWaiting }: { /** Something is to come. */ isWaiting: boolean }) {
  const texts = useTexts().welcome.connect;
  const params = { query: { limit: 1, count: 'true' as const } };
  const live = { refetchInterval: POLL_MS };
  const { data: contacts } = $api.useQuery('get', '/v1/contacts', { params }, live);
  const { data: conversations } = $api.useQuery('get', '/v1/conversations', { params }, live);
  const { data: last } = $api.useQuery('get', '/v1/ingest/requests', {}, live);
  const requests = last?.requests ?? [];
  const inContacts = contacts?.count ?? 0;
  const inConversations = conversations?.count ?? 0;
  const isEmpty = inContacts + inConversations === 0;
  if (!isWaiting && requests.length === 0) return null;
  return (
    <Stack>
      <div aria-live="polite">
        {!isEmpty ? (
          <Alert color="teal" icon={<IconCheck aria-hidden />} title={texts.arrived}>
            <Group justify="space-between">
              <Text>{texts.counts(texts.contacts(inContacts), texts.conversations(inConversations))}</Text>
              <Button component={Link} to="/conversations" variant="default">
                {texts.see}
              </Button>
            </Group>
          </Alert>
        ) : requests.length > 0 ? (
          <Alert color="yellow" icon={<IconAlertTriangle aria-hidden />} title={texts.noneTaken}>
            {texts.noneTakenHint}
          </Alert>
        ) : (
          <Group>
            <Loader size="sm" type="dots" aria-hidden />
            <Text>{texts.waiting}</Text>
          </Group>
        )}
      </div>
      {requests.length > 0 && (
        <Stack component="section" gap="xs" aria-label={texts.last}>
          <Title order={2} size="h4">
            {texts.last}
          </Title>
          <ol className={styles['requests']}>
            {requests.map((one) => (
              // Two of the same millisecond and key may look the same, and then are.
              <ArrivedRequest key={`${one.at} ${one.key.id} ${one.received}`} request={one} />
            ))}
          </ol>
        </Stack>
      )}
    </Stack>
  );
}
