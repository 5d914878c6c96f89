import { Alert } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { $api } from '../../api/client.ts';
import type { Permission } from '../../session/use-session.ts';
import { useTexts } from '../../texts/texts-provider.tsx';

/** Which roles may do something in this workspace, e.g. `Owner, Admin`; or that the plan has it not. */
export function WhoMay({ permission }: { permission: Permission }) {
  const texts = useTexts();
  const { data } = $api.useQuery('get', '/v1/permissions', {}, { staleTime: 60_000 });
  const found = data?.permissions.find((one) => one.permission === permission);
  if (found === undefined) return null;
  if (!found.is_in_plan) return texts.order.notInPlan;
  if (found.roles.length === 0) return texts.order.mayNobody;
  return texts.order.mayOnly(found.roles.map((role) => texts.roles[role]));
}

/** Says that the viewer may not make an export, and who may. */
export function NotAllowed({ permission }: { permission: Permission }) {
  const texts = useTexts().order;
  return (
    <Alert color="gray" icon={<IconLock aria-hidden />} title={texts.notAllowed}>
      <WhoMay permission={permission} />
    </Alert>
  );
}
