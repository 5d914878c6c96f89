import { ActionIcon, Menu, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconDotsVertical } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { $api, type Schema } from '../api/client.ts';
import { Confirm } from '../parts/dialogs/confirm.tsx';
import { FailureNote } from '../parts/failure-note.tsx';
import { useTexts } from '../texts/texts-provider.tsx';

/** “⋯” of a schedule: run, pause or resume, start anew, edit, delete. */
export function ScheduleMenu({ schedule }: { schedule: Schema<'Schedule'> }) {
  const texts = useTexts().schedules;
  const { id, name, paused_at: pausedAt, incremental } = schedule;
  const [asks, setAsks] = useState<'restart' | 'delete' | null>(null);
  const { run, pause, resume, restart, remove } = useScheduleActs();
  const path = { params: { path: { id } } };
  const close = () => setAsks(null);
  return (
    <>
      <Menu position="bottom-end" width={240}>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={texts.menu(name)}>
            <IconDotsVertical size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => run.mutate(path)}>{texts.run}</Menu.Item>
          {pausedAt === null ? (
            <Menu.Item onClick={() => pause.mutate(path)}>{texts.pause}</Menu.Item>
          ) : (
            <Menu.Item onClick={() => resume.mutate(path)}>{texts.resume}</Menu.Item>
          )}
          <Menu.Item
            component="a"
            renderRoot={(props) => <Link {...props} to="/schedules/$id/edit" params={{ id }} />}
          >
            {texts.edit}
          </Menu.Item>
          {incremental && <Menu.Item onClick={() => setAsks('restart')}>{texts.restart}</Menu.Item>}
          <Menu.Divider />
          <Menu.Item color="red" onClick={() => setAsks('delete')}>
            {texts.delete}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Confirm
        title={texts.restartTitle(name)}
        action={texts.restartAction}
        isOpen={asks === 'restart'}
        isPending={restart.isPending}
        error={restart.error}
        onConfirm={() => restart.mutate(path, { onSuccess: close })}
        onClose={close}
      >
        <Text size="sm">{texts.restartHint}</Text>
      </Confirm>
      <Confirm
        title={texts.deleteTitle(name)}
        action={texts.deleteAction}
        isOpen={asks === 'delete'}
        isPending={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate(path, { onSuccess: close })}
        onClose={close}
      >
        <Text size="sm">{texts.deleteHint}</Text>
      </Confirm>
    </>
  );
}

/** What can be done to a schedule. What is done at once tells by itself why it could not be. */
export function useScheduleActs() {
  const texts = useTexts().schedules;
  const queries = useQueryClient();
  const navigate = useNavigate();
  const again = () =>
    queries.invalidateQueries({
      predicate: ({ queryKey: [, path] }) => typeof path === 'string' && path.startsWith('/v1/schedules'),
    });
  const onError = (error: unknown) =>
    notifications.show({
      title: texts.notDone,
      message: <FailureNote error={error} />,
      color: 'red',
      withBorder: true,
      autoClose: false,
    });
  const atOnce = { onSuccess: again, onError };
  return {
    run: $api.useMutation('post', '/v1/schedules/{id}/run', {
      onError,
      onSuccess: async () => {
        notifications.show({ message: texts.ran, withBorder: true });
        await again();
      },
    }),
    pause: $api.useMutation('post', '/v1/schedules/{id}/pause', atOnce),
    resume: $api.useMutation('post', '/v1/schedules/{id}/resume', atOnce),
    restart: $api.useMutation('post', '/v1/schedules/{id}/restart', { onSuccess: again }),
    remove: $api.useMutation('delete', '/v1/schedules/{id}', {
      onSuccess: async () => {
        // What is gone is not read again: first away from its page.
        await navigate({ to: '/schedules' });
        await again();
      },
    }),
  };
}
