import { Anchor, Button, Stack, Text, TextInput, Title } from '@mantine/core';
import { $api } from '../api/client.ts';
import { queryClient } from '../api/query-client.ts';
import { CopyText } from '../parts/copy-text.tsx';
import { FailureNote } from '../parts/failure-note.tsx';
import { textOf } from '../parts/forms/form-text.ts';
import { Page } from '../parts/page.tsx';
import { useTexts } from '../texts/texts-provider.tsx';
import { Arrivals } from './arrivals.tsx';

/** A key for the product to write with, a request to try it, and the first records as they arrive. */
export function ConnectPage() {
  const texts = useTexts().welcome.connect;
  const make = $api.useMutation('post', '/v1/api-keys', {
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['get', '/v1/api-keys'] }),
  });
  return (
    <Page title={texts.title} hint={texts.pageHint}>
      {make.data === undefined ? (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            make.mutate({ body: { name: textOf(event.currentTarget)('name'), scopes: ['ingest'] } });
          }}
        >
          <Stack align="flex-start" maw={440}>
            {make.error !== null && <FailureNote error={make.error} />}
            <TextInput
              name="name"
              label={texts.keyName}
              defaultValue={texts.keyNameDefault}
              maxLength={100}
              required
              w="100%"
            />
            <Button type="submit" loading={make.isPending}>
              {texts.make}
            </Button>
          </Stack>
        </form>
      ) : (
        <Stack gap="xl">
          <Stack gap="xs" role="status">
            <Text>{texts.shown}</Text>
            <CopyText text={make.data.key} />
            <Text size="sm" c="dimmed">
              {texts.lost}
            </Text>
          </Stack>
          <Stack gap="xs">
            <Title order={2} size="h4">
              {texts.try}
            </Title>
            <CopyText text={curlOf(make.data.key)} isBlock />
            <Anchor href="/docs/ingest.md">{texts.docs}</Anchor>
          </Stack>
        </Stack>
      )}
      <Arrivals isWaiting={make.data !== undefined} />
    </Page>
  );
}

/** A request with two records, as it can be pasted into a terminal. */
function curlOf(key: string): string {
  const at = new Date().toISOString();
  const records = [
    { type: 'contact', id: 'c-1', name: 'Ada Lovelace', email: 'ada@example.com' },
    { type: 'conversation', id: 'v-1', contact_id: 'c-1', channel: 'email', status: 'open', created_at: at },
  ];
  const lines = records.map((record) => JSON.stringify(record));
  return [
    `curl -H 'Authorization: Bearer ${key}' \\`,
    `  -H 'content-type: application/x-ndjson' --data-binary @- \\`,
    `  ${window.location.origin}/v1/ingest <<'END'`,
    ...lines,
    'END',
  ].join('\n');
}
