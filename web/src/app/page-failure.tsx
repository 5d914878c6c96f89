import { Stack, Title } from '@mantine/core';
import { FailureNote } from '../parts/failure-note.tsx';
import { useTexts } from '../texts/texts-provider.tsx';

/** For a page that could not be opened at all. Loading it again also gets what a newer version of the app needs. */
export function PageFailure({ error }: { error: unknown }) {
  const texts = useTexts();
  return (
    <Stack p="xl" maw={640}>
      <Title order={1} size="h2">
        {texts.state.failed}
      </Title>
      <FailureNote error={error} onRetry={() => window.location.reload()} />
    </Stack>
  );
}
