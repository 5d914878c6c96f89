import { Badge, Button, Group, Text } from '@mantine/core';
import { useState } from 'react';
import { $api, type Schema } from '../../api/client.ts';
import { Confirm } from '../../parts/dialogs/confirm.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { FailureNote } from '../../parts/failure-note.tsx';
import { useSwitchWorkspace } from '../../session/use-switch-workspace.ts';
import { useTexts } from '../../texts/texts-provider.tsx';
import { Section } from '../../parts/section.tsx';

type Place = Schema<'Session'>['workspaces'][number];

/** The workspaces one is a member of, as what, and leaving one. */
export function WorkspacesSection({ session }: { session: Schema<'Session'> }) {
  const texts = useTexts();
  const words = texts.account.workspaces;
  const change = useSwitchWorkspace();
  const [leaving, setLeaving] = useState<Place>();
  if (session.workspaces.length === 0)
    return <Section title={texts.session.workspaces} hint={texts.session.noWorkspace.none} />;
  return (
    <Section title={texts.session.workspaces}>
      {change.error !== null && <FailureNote error={change.error} />}
      <DataTable
        label={texts.session.workspaces}
        minWidth={300}
        rows={session.workspaces}
        keyOf={({ id }) => id}
        columns={[
          {
            title: words.name,
            cell: ({ id, name }) => (
              <Group gap="xs">
                {name}
                {id === session.workspace && <Badge variant="light">{words.isThis}</Badge>}
              </Group>
            ),
          },
          {
            title: words.role,
            cell: ({ role, audiences }) => [texts.roles[role], ...(audiences ?? [])].join(' · '),
          },
          {
            title: words.action,
            isEnd: true,
            cell: (place) => (
              <Group gap="xs" justify="flex-end" wrap="nowrap">
                {place.id !== session.workspace && (
                  <Button
                    size="compact-sm"
                    variant="default"
                    loading={change.isPending}
                    onClick={() => change.to(place.id)}
                    aria-label={words.openOne(place.name)}
                  >
                    {words.open}
                  </Button>
                )}
                <Button
                  size="compact-sm"
                  variant="default"
                  onClick={() => setLeaving(place)}
                  aria-label={words.leave(place.name)}
                >
                  {words.leaveShort}
                </Button>
              </Group>
            ),
          },
        ]}
      />
      <LeaveDialog place={leaving} userId={session.user.id} onClose={() => setLeaving(undefined)} />
    </Section>
  );
}

function LeaveDialog({
  place,
  userId,
  onClose,
}: {
  place: Place | undefined;
  userId: string;
  onClose: () => void;
}) {
  const words = useTexts().account.workspaces;
  const leave = $api.useMutation('delete', '/v1/members/{user_id}', {
    // The app begins anew, in what is left.
    onSuccess: () => window.location.assign('/'),
  });
  const name = place?.name ?? '';
  return (
    <Confirm
      title={words.askLeave(name)}
      action={words.leave(name)}
      isOpen={place !== undefined}
      isPending={leave.isPending}
      error={leave.error}
      onConfirm={() =>
        leave.mutate({
          params: { path: { user_id: userId } },
          headers: { 'convey-workspace': place!.id },
        })
      }
      onClose={() => {
        leave.reset();
        onClose();
      }}
    >
      <Text size="sm">{words.leaveAbout}</Text>
    </Confirm>
  );
}
