import { Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { $api, type Schema } from '../../api/client.ts';
import { Confirm } from '../../parts/dialogs/confirm.tsx';
import { useWhoami } from '../../session/use-session.ts';
import { useTexts } from '../../texts/texts-provider.tsx';

/** Takes a member out of the workspace, or lets one leave. */
export function RemoveMember({
  member,
  isLastOwner,
  onClose,
}: {
  member: Schema<'Member'>;
  isLastOwner: boolean;
  onClose: () => void;
}) {
  const texts = useTexts().members;
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { data: whoami } = useWhoami();
  const isSelf = member.user_id === whoami?.principal.id;
  const remove = $api.useMutation('delete', '/v1/members/{user_id}', {
    onSuccess: async () => {
      onClose();
      if (!isSelf) return queries.invalidateQueries({ queryKey: ['get', '/v1/members'] });
      queries.clear();
      await navigate({ to: '/' });
    },
  });
  const words = isSelf ? texts.leave : texts.remove;
  return (
    <Confirm
      title={words.title(member.name)}
      action={words.action}
      isOpen
      isPending={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate({ params: { path: { user_id: member.user_id } } })}
      onClose={onClose}
    >
      <Text size="sm">{words.meaning}</Text>
      {isLastOwner && (
        <Text size="sm" mt="sm" fw={600}>
          {texts.lastOwner}
        </Text>
      )}
    </Confirm>
  );
}
