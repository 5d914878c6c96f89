import { Button, Stack, Text, Title } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { $api, type Schema } from '../../api/client.ts';
import { Confirm } from '../../parts/dialogs/confirm.tsx';
import { cursorPages, moreOf } from '../../parts/cursor-pages.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Moment } from '../../parts/moment.tsx';
import { useMay } from '../../session/use-session.ts';
import { useTexts } from '../../texts/texts-provider.tsx';
import { usePeople } from '../use-people.ts';
import { PlaceShown } from './place-shown.tsx';

type Invitation = Schema<'Invitation'>;

/** Who was asked to join and has not answered; not shown while there is nobody. */
export function InvitationTable() {
  const texts = useTexts().members;
  const may = useMay();
  const { members } = usePeople();
  const [withdrawn, setWithdrawn] = useState<Invitation>();
  const init = { params: { query: { limit: 50 } } };
  const query = $api.useInfiniteQuery('get', '/v1/members/invitations', init, cursorPages);
  const mayWithdraw = ({ role }: Invitation) =>
    may('members.manage') && (role !== 'owner' || may('workspace.own'));
  const columns: Column<Invitation>[] = [
    { title: texts.invitations.email, cell: ({ email }) => email },
    { title: texts.role, cell: (invitation) => <PlaceShown place={invitation} /> },
    { title: texts.invitations.by, cell: ({ created_by: by }) => members.get(by) ?? by },
    { title: texts.invitations.until, cell: ({ expires_at: at }) => <Moment at={at} /> },
    {
      title: texts.actions,
      isEnd: true,
      cell: (invitation) =>
        mayWithdraw(invitation) && (
          <Button
            variant="subtle"
            color="red"
            size="compact-sm"
            onClick={() => setWithdrawn(invitation)}
            aria-label={texts.invitations.withdrawOf(invitation.email)}
          >
            {texts.invitations.withdraw}
          </Button>
        ),
    },
  ];
  return (
    <Loaded query={query}>
      {({ pages }) => {
        const invitations = pages.flatMap((page) => page.invitations);
        if (invitations.length === 0) return null;
        return (
          <Stack component="section" gap="sm">
            <Title order={2} size="h4">
              {texts.invitations.title}
            </Title>
            <DataTable
              label={texts.invitations.title}
              columns={columns}
              rows={invitations}
              keyOf={({ id }) => id}
              more={moreOf(query)}
            />
            {withdrawn !== undefined && (
              <Withdraw invitation={withdrawn} onClose={() => setWithdrawn(undefined)} />
            )}
          </Stack>
        );
      }}
    </Loaded>
  );
}

function Withdraw({ invitation, onClose }: { invitation: Invitation; onClose: () => void }) {
  const texts = useTexts().members.invitations;
  const queries = useQueryClient();
  const withdraw = $api.useMutation('delete', '/v1/members/invitations/{id}', {
    onSuccess: async () => {
      onClose();
      await queries.invalidateQueries({ queryKey: ['get', '/v1/members/invitations'] });
    },
  });
  return (
    <Confirm
      title={texts.question(invitation.email)}
      action={texts.withdraw}
      isOpen
      isPending={withdraw.isPending}
      error={withdraw.error}
      onConfirm={() => withdraw.mutate({ params: { path: { id: invitation.id } } })}
      onClose={onClose}
    >
      <Text size="sm">{texts.meaning}</Text>
    </Confirm>
  );
}
