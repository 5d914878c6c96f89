import { Text } from '@mantine/core';
import { useWhoami } from '../session/use-session.ts';
import { useTexts } from '../texts/texts-provider.tsx';

/** Who it was, and whether that is oneself. */
export function Asker({ by }: { by: { id: string; name: string } }) {
  const texts = useTexts().exports;
  const { data: whoami } = useWhoami();
  return (
    <Text span inherit>
      {by.name}
      {whoami?.principal.id === by.id && (
        <Text span inherit c="dimmed">
          {' '}
          ({texts.you})
        </Text>
      )}
    </Text>
  );
}
