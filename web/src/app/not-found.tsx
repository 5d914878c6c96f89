import { Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTexts } from '../texts/texts-provider.tsx';

/** For an address that no page has. */
export function NotFound() {
  const texts = useTexts();
  return (
    <Stack p="xl" gap="xs">
      <Title order={1} size="h2">
        {texts.state.notFound}
      </Title>
      <Text>{texts.state.notFoundHint}</Text>
      <Link to="/">{texts.nav.overview}</Link>
    </Stack>
  );
}
