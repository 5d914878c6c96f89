import { Switch, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { $api, type Schema } from '../../api/client.ts';
import { Confirm } from '../../parts/dialogs/confirm.tsx';
import { useTexts } from '../../texts/texts-provider.tsx';

/** Whether everybody needs a second factor; asked again before it changes. */
export function SecondFactorSwitch({ settings }: { settings: Schema<'Settings'> }) {
  const texts = useTexts().general.secondFactor;
  const queries = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const isOn = settings.requires_second_factor;
  const change = $api.useMutation('patch', '/v1/settings', {
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['get', '/v1/settings'] });
      setAsking(false);
    },
  });
  const close = () => {
    setAsking(false);
    change.reset();
  };
  return (
    <>
      <Switch checked={isOn} onChange={() => setAsking(true)} label={texts.label} description={texts.hint} />
      <Confirm
        title={isOn ? texts.offTitle : texts.onTitle}
        action={isOn ? texts.offAction : texts.onAction}
        isOpen={isAsking}
        isPending={change.isPending}
        error={change.error}
        onConfirm={() => change.mutate({ body: { requires_second_factor: !isOn } })}
        onClose={close}
      >
        <Text size="sm">{isOn ? texts.offMeaning : texts.onMeaning}</Text>
      </Confirm>
    </>
  );
}
