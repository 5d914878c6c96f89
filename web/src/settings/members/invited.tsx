import { Button, Group, Stack, Text } from '@mantine/core';
import type { Schema } from '../../api/client.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { Moment } from '../../parts/moment.tsx';
import { RouteAnchor } from '../../parts/route-anchor.tsx';
import { useMay } from '../../session/use-session.ts';
import { useTexts } from '../../texts/texts-provider.tsx';
import { MailText } from '../mails/mail-text.tsx';
import { useLastMails } from './use-last-mails.ts';

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

/** The mail is the newest to this address. */
function Mail({ to }: { to: Schema<'Invitation'> }) {
  const texts = useTexts();
  const words = texts.members.invite;
  const query = useLastMails();
  return (
    <Loaded query={query}>
      {({ mails, is_sending: isSending }) => {
        const mail = mails.find(({ recipient }) => recipient === to.email);
        if (typeof mail?.text === 'string')
          return (
            <>
              <Text size="sm">{words.handOver}</Text>
              <MailText mail={mail} />
            </>
          );
        if (isSending) return <Text size="sm">{words.mailed}</Text>;
        return (
          <Text size="sm">
            {words.kept}{' '}
            <RouteAnchor to="/settings/mails" size="sm">
              {texts.settings.pages.mails.name}
            </RouteAnchor>
          </Text>
        );
      }}
    </Loaded>
  );
}
