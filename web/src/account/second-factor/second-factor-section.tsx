import { Badge, Button, Group, Text } from '@mantine/core';
import { useState } from 'react';
import type { Schema } from '../../api/client.ts';
import { useTexts } from '../../texts/texts-provider.tsx';
import { Section } from '../../parts/section.tsx';
import { RemoveDialog } from './remove-dialog.tsx';
import { RenewCodesDialog } from './renew-codes-dialog.tsx';
import { SetUpDialog } from './set-up-dialog.tsx';

/** So few recovery codes are left that one should make new ones. */
const FEW = 3;

/** Whether a second factor protects the account; setting it up, new recovery codes, taking it away. */
export function SecondFactorSection({ session }: { session: Schema<'Session'> }) {
  const texts = useTexts().account.secondFactor;
  const [dialog, setDialog] = useState<'set-up' | 'renew' | 'remove'>();
  const { second_factor_enabled: isOn, recovery_codes_left: left, user, workspaces } = session;
  const asking = workspaces.filter((one) => one.requires_second_factor).map(({ name }) => name);
  const close = () => setDialog(undefined);
  return (
    <Section
      title={texts.title}
      hint={texts.hint}
      actions={
        isOn ? (
          <Group gap="sm">
            <Button variant="default" onClick={() => setDialog('renew')}>
              {texts.renew.action}
            </Button>
            <Button variant="default" onClick={() => setDialog('remove')}>
              {texts.remove.action}
            </Button>
          </Group>
        ) : (
          <Button onClick={() => setDialog('set-up')}>{texts.setUp.action}</Button>
        )
      }
    >
      <Group gap="sm">
        <Badge variant="light" color={isOn ? 'teal' : 'gray'}>
          {isOn ? texts.on : texts.off}
        </Badge>
        {left !== null && (
          <Text size="sm" {...(left < FEW && { c: 'orange.8' })}>
            {texts.codesLeft(left)}
          </Text>
        )}
      </Group>
      {asking.length > 0 && <Text size="sm">{texts.asked(asking)}</Text>}
      <SetUpDialog isOpen={dialog === 'set-up'} hasPassword={user.has_password} onClose={close} />
      <RenewCodesDialog isOpen={dialog === 'renew'} onClose={close} />
      <RemoveDialog isOpen={dialog === 'remove'} hasPassword={user.has_password} onClose={close} />
    </Section>
  );
}
