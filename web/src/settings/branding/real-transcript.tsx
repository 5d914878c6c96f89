import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { $api } from '../../api/client.ts';
import { useDownload } from '../../parts/download/download.tsx';
import { useMay } from '../../session/use-session.ts';
import { useTexts } from '../../texts/texts-provider.tsx';

const FORMATS = ['pdf', 'html'] as const;

/** The newest conversation as its transcript really looks; not shown where there is none, or none may be exported. */
export function RealTranscript() {
  const texts = useTexts().branding;
  const may = useMay();
  const download = useDownload();
  const page = { params: { query: { limit: 1 } } };
  const { data } = $api.useQuery('get', '/v1/conversations', page, { enabled: may('conversations.read') });
  const newest = data?.conversations[0];
  if (newest === undefined || !may('export.conversation')) return null;
  const start = (format: (typeof FORMATS)[number]) =>
    void download(`/v1/conversations/${encodeURIComponent(newest.id)}/export?format=${format}`);
  return (
    <Stack component="section" gap="sm" aria-labelledby="real">
      <Title order={2} size="h5" id="real">
        {texts.real}
      </Title>
      <Text size="sm" c="dimmed">
        {texts.realHint}
      </Text>
      <Group>
        {FORMATS.map((format) => (
          <Button key={format} variant="default" onClick={() => start(format)}>
            {format.toUpperCase()}
          </Button>
        ))}
      </Group>
    </Stack>
  );
}
