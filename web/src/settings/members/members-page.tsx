import { Button, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconUserPlus } from '@tabler/icons-react';
import { $api } from '../../api/client.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { Page } from '../../parts/page.tsx';
import { useMay } from '../../session/use-session.ts';
import { useTexts } from '../../texts/texts-provider.tsx';
import { PermissionTable } from '../permissions/permission-table.tsx';
import { InvitationTable } from './invitation-table.tsx';
import { InviteMember } from './invite-member.tsx';
import { MemberTable } from './member-table.tsx';

/** Who is in the workspace and as what, who was asked to join, and what each role may do. */
export function MembersPage() {
  const texts = useTexts();
  const may = useMay();
  const [isInviting, inviting] = useDisclosure();
  return (
    <Page
      title={texts.settings.pages.members.name}
      hint={texts.members.hint}
      actions={
        may('members.manage') && (
          <Button leftSection={<IconUserPlus size={16} aria-hidden />} onClick={inviting.open}>
            {texts.members.invite.button}
          </Button>
        )
      }
    >
      <MemberTable />
      {may('members.read') && <InvitationTable />}
      <Stack component="section" gap="sm">
        <Title order={2} size="h4">
          {texts.members.table.title}
        </Title>
        <Text c="dimmed" size="sm">
          {texts.members.table.hint}
        </Text>
        <RolesTable />
      </Stack>
      {isInviting && <InviteMember onClose={inviting.close} />}
    </Page>
  );
}

function RolesTable() {
  const query = $api.useQuery('get', '/v1/permissions', {});
  return (
    <Loaded query={query}>
      {({ permissions, roles }) => (
        <PermissionTable
          rows={permissions}
          roles={roles}
          keeping={Object.fromEntries(permissions.map(({ permission, roles: kept }) => [permission, kept]))}
        />
      )}
    </Loaded>
  );
}
