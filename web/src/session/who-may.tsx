import { Alert, Stack, Text } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { $api } from '../api/client.ts';
import { useTexts } from '../texts/texts-provider.tsx';
import { type Permission, useWhoami } from './use-session.ts';

/** Which roles have one of some permissions in this workspace, e.g. `Owner, Admin`; or that the plan has it not. */
export function WhoMay({ anyOf }: { anyOf: readonly Permission[] }) {
  const texts = useTexts();
  const { data } = $api.useQuery('get', '/v1/permissions', {}, { staleTime: 60_000 });
  const found = data?.permissions.filter((row) => anyOf.some((one) => one === row.permission)) ?? [];
  if (found.length === 0) return null;
  if (found.every(({ is_in_plan: isInPlan }) => !isInPlan)) return texts.may.notInPlan;
  const roles = data!.roles.filter((role) => found.some((one) => one.roles.includes(role)));
  if (roles.length === 0) return texts.may.nobody;
  return texts.may.only(roles.map((role) => texts.roles[role]));
}

/** Says that the viewer may not do something, who may, and what the viewer is. */
export function NotAllowed({ title, anyOf }: { title: string; anyOf: readonly Permission[] }) {
  const texts = useTexts();
  const { data: whoami } = useWhoami();
  const role = whoami?.role ?? null;
  return (
    <Alert color="gray" icon={<IconLock aria-hidden />} title={title}>
      <Stack gap={4}>
        <Text size="sm">
          <WhoMay anyOf={anyOf} />
        </Text>
        {role !== null && <Text size="sm">{texts.may.yourRole(texts.roles[role])}</Text>}
      </Stack>
    </Alert>
  );
}
