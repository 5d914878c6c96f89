import { Badge, Stack, Text } from '@mantine/core';
import { useTexts } from '../../texts/texts-provider.tsx';
import type { Role } from '../permissions/role.ts';

/** A role, and of an editor the audiences within reach. */
export function PlaceShown({ place }: { place: { role: Role; audiences: readonly string[] | null } }) {
  const texts = useTexts().members;
  const { role, audiences } = place;
  return (
    <Stack gap={2} align="flex-start">
      <Badge variant="light" color={role === 'owner' ? 'brand' : 'gray'}>
        {texts.roles[role].name}
      </Badge>
      {audiences !== null && (
        <Text size="xs" c="dimmed">
          {audiences.length === 0 ? texts.noAudience : audiences.join(', ')}
        </Text>
      )}
    </Stack>
  );
}
