import { Button, Group, Stack, Text } from '@mantine/core';
import { $api, type Schema } from '../../api/client.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { Moment } from '../../parts/moment.tsx';
import { useMay } from '../../session/use-session.ts';
import { useTexts } from '../../texts/texts-provider.tsx';
import { MailText } from '../mails/mail-text.tsx';

/** What became of an invitation: a mail is on its way, or its text is to be handed over by other means. */
export function Invited({ invitation, onClose }: { invitation: Schema<'Invitation'>; onClose: () => void }) {
  const texts = useTexts().members.invite;
  const may = useMay();
  return (
    <Stack>
      <Text>{texts.done(invitation.email)}</Text>
      <Text size="sm" c="dimmed">
        {texts.until} <Moment at={invitation.expires_at} />
      </Text>
      {may('mails.read') && <Mail to={invitation} />}
      <Group justify="flex-end">
        <Button onClick={onClose}>{texts.close}</Button>
      </Group>
    </Stack>
  );
}

/** Newest first, and as new as the invitation. */
function Mail({ to }: { to: Schema<'Invitation'> }) {
  const texts = useTexts().members.invite;
  const page = { params: { query: { limit: 10 } } };
  const query = $api.useQuery('get', '/v1/mails', page, { staleTime: 0 });
  return (
    <Loaded query={query}>
      {({ mails }) => {
        const mail = mails.find(({ recipient }) => recipient === to.email);
        if (mail?.status !== 'kept') return <Text size="sm">{texts.mailed}</Text>;
        return (
          <>
            <Text size="sm">{texts.handOver}</Text>
            <MailText mail={mail} />
          </>
        );
      }}
    </Loaded>
  );
}
