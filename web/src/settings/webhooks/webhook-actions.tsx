import { ActionIcon, Button, Menu, Text } from '@mantine/core';
import { IconDots, IconSend } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { notifications } from '@mantine/notifications';
import { $api, type Schema } from '../../api/client.ts';
import { Confirm } from '../../parts/dialogs/confirm.tsx';
import { FailureNote } from '../../parts/failure-note.tsx';
import { useTexts } from '../../texts/texts-provider.tsx';
import { ChangeWebhook } from './change-webhook.tsx';
import { NewSecret } from './new-secret.tsx';

type Asked = 'change' | 'rotate' | 'switch' | 'delete';

/** What one can do about a webhook: test it, change it, switch it off and on, rotate its secret, delete it. */
export function WebhookActions({ webhook }: { webhook: Schema<'Webhook'> }) {
  const texts = useTexts().webhooks;
  const queries = useQueryClient();
  const [asked, setAsked] = useState<Asked>();
  const isOff = webhook.disabled_at !== null;
  const close = () => setAsked(undefined);
  const test = $api.useMutation('post', '/v1/webhooks/{id}/test', {
    onSuccess: () => queries.invalidateQueries({ queryKey: ['get', '/v1/webhooks/{id}/deliveries'] }),
    onError: (error) =>
      notifications.show({ title: texts.notSent, message: <FailureNote error={error} />, color: 'red' }),
  });
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconSend size={16} aria-hidden />}
        onClick={() => test.mutate({ params: { path: { id: webhook.id } } })}
        loading={test.isPending}
        disabled={isOff}
      >
        {texts.test}
      </Button>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="default" size={36} aria-label={texts.more}>
            <IconDots size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => setAsked('change')}>{texts.change}</Menu.Item>
          <Menu.Item onClick={() => setAsked('switch')}>
            {isOff ? texts.resume.menu : texts.pause.menu}
          </Menu.Item>
          <Menu.Item onClick={() => setAsked('rotate')}>{texts.rotate.menu}</Menu.Item>
          <Menu.Divider />
          <Menu.Item color="red" onClick={() => setAsked('delete')}>
            {texts.remove.menu}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {asked === 'change' && <ChangeWebhook webhook={webhook} onClose={close} />}
      {asked === 'switch' && <SwitchWebhook webhook={webhook} onClose={close} />}
      {asked === 'rotate' && <RotateSecret webhook={webhook} onClose={close} />}
      {asked === 'delete' && <DeleteWebhook webhook={webhook} onClose={close} />}
    </>
  );
}

interface Dialog {
  webhook: Schema<'Webhook'>;
  onClose: () => void;
}

/** Everything that was read of webhooks is read again. */
function useRefresh(): () => Promise<void> {
  const queries = useQueryClient();
  return () =>
    queries.invalidateQueries({
      predicate: ({ queryKey: [, path] }) => String(path).startsWith('/v1/webhooks'),
    });
}

function SwitchWebhook({ webhook, onClose }: Dialog) {
  const { webhooks } = useTexts();
  const refresh = useRefresh();
  const isOff = webhook.disabled_at !== null;
  const texts = isOff ? webhooks.resume : webhooks.pause;
  const change = $api.useMutation('patch', '/v1/webhooks/{id}', {
    onSuccess: async () => {
      await refresh();
      onClose();
    },
  });
  const confirm = () => change.mutate({ params: { path: { id: webhook.id } }, body: { disabled: !isOff } });
  return (
    <Confirm
      title={texts.title}
      action={texts.action}
      isOpen
      isPending={change.isPending}
      error={change.error}
      onConfirm={confirm}
      onClose={onClose}
    >
      <Text size="sm">{texts.meaning}</Text>
    </Confirm>
  );
}

function RotateSecret({ webhook, onClose }: Dialog) {
  const texts = useTexts().webhooks.rotate;
  const refresh = useRefresh();
  const rotate = $api.useMutation('post', '/v1/webhooks/{id}/rotate', { onSuccess: refresh });
  if (rotate.data !== undefined) return <NewSecret made={rotate.data} onClose={onClose} />;
  return (
    <Confirm
      title={texts.title}
      action={texts.action}
      isOpen
      isPending={rotate.isPending}
      error={rotate.error}
      onConfirm={() => rotate.mutate({ params: { path: { id: webhook.id } } })}
      onClose={onClose}
    >
      <Text size="sm">{texts.meaning}</Text>
    </Confirm>
  );
}

function DeleteWebhook({ webhook, onClose }: Dialog) {
  const texts = useTexts().webhooks.remove;
  const queries = useQueryClient();
  const navigate = useNavigate();
  const remove = $api.useMutation('delete', '/v1/webhooks/{id}', {
    onSuccess: async () => {
      await navigate({ to: '/settings/webhooks' });
      await queries.invalidateQueries({ queryKey: ['get', '/v1/webhooks'] });
    },
  });
  return (
    <Confirm
      title={texts.title}
      action={texts.action}
      isOpen
      isPending={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate({ params: { path: { id: webhook.id } } })}
      onClose={onClose}
    >
      <Text size="sm">{texts.meaning}</Text>
    </Confirm>
  );
}
