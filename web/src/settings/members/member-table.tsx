import { ActionIcon, Badge, Group, Menu, Stack, Text } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { useState } from 'react';
import { $api, type Schema } from '../../api/client.ts';
import { cursorPages, moreOf } from '../../parts/cursor-pages.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Moment } from '../../parts/moment.tsx';
import { useMay, useWhoami } from '../../session/use-session.ts';
import { useTexts } from '../../texts/texts-provider.tsx';
import { ChangeMember } from './change-member.tsx';
import { PlaceShown } from './place-shown.tsx';
import { RemoveMember } from './remove-member.tsx';

type Member = Schema<'Member'>;
type Act = { kind: 'change' | 'remove'; member: Member };

/** The members, with what one may do about each. */
export function MemberTable() {
  const texts = useTexts();
  const words = texts.members;
  const [act, setAct] = useState<Act>();
  const { data: whoami } = useWhoami();
  const init = { params: { query: { limit: 50 } } };
  const query = $api.useInfiniteQuery('get', '/v1/members', init, cursorPages);
  const columns: Column<Member>[] = [
    {
      title: words.name,
      cell: ({ name, email, user_id: id }) => (
        <Stack gap={0}>
          <Group gap="xs">
            <Text size="sm" fw={600}>
              {name}
            </Text>
            {id === whoami?.principal.id && (
              <Badge size="xs" variant="light">
                {words.you}
              </Badge>
            )}
          </Group>
          <Text size="xs" c="dimmed">
            {email}
          </Text>
        </Stack>
      ),
    },
    { title: words.role, cell: (member) => <PlaceShown place={member} /> },
    { title: words.secondFactor, cell: (member) => (member.has_second_factor ? words.yes : words.no) },
    {
      title: words.lastSignIn,
      cell: ({ last_sign_in_at: at }) => (at === null ? words.never : <Moment at={at} />),
    },
    { title: words.joined, cell: ({ joined_at: at }) => <Moment at={at} dateOnly /> },
    { title: words.actions, isEnd: true, cell: (member) => <MemberMenu member={member} onAct={setAct} /> },
  ];
  const close = () => setAct(undefined);
  return (
    <Loaded query={query}>
      {({ pages }) => {
        const members = pages.flatMap((page) => page.members);
        const owners = members.filter(({ role }) => role === 'owner');
        const isLastOwner = (member: Member) =>
          !query.hasNextPage && owners.length === 1 && member === owners[0];
        return (
          <>
            <DataTable
              label={texts.settings.pages.members.name}
              columns={columns}
              rows={members}
              keyOf={({ user_id: id }) => id}
              more={moreOf(query)}
              minWidth={760}
            />
            {act?.kind === 'change' && (
              <ChangeMember member={act.member} isLastOwner={isLastOwner(act.member)} onClose={close} />
            )}
            {act?.kind === 'remove' && (
              <RemoveMember member={act.member} isLastOwner={isLastOwner(act.member)} onClose={close} />
            )}
          </>
        );
      }}
    </Loaded>
  );
}

function MemberMenu({ member, onAct }: { member: Member; onAct: (act: Act) => void }) {
  const texts = useTexts().members;
  const may = useMay();
  const { data: whoami } = useWhoami();
  const isSelf = member.user_id === whoami?.principal.id;
  // An owner's place is for owners to change; everybody may leave.
  const mayManage = may('members.manage') && (member.role !== 'owner' || may('workspace.own'));
  if (!mayManage && !isSelf) return null;
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={texts.actionsFor(member.name)}>
          <IconDots size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {mayManage && (
          <Menu.Item onClick={() => onAct({ kind: 'change', member })}>{texts.change.menu}</Menu.Item>
        )}
        <Menu.Item color="red" onClick={() => onAct({ kind: 'remove', member })}>
          {isSelf ? texts.leave.menu : texts.remove.menu}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
