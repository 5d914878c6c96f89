import { Button, Group, Modal, NativeSelect, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { $api } from '../../api/client.ts';
import { DialogButtons } from '../../parts/dialogs/dialog-buttons.tsx';
import { FailureNote } from '../../parts/failure-note.tsx';
import { Moment } from '../../parts/moment.tsx';
import { useMay } from '../../session/use-session.ts';
import type { Texts } from '../../texts/en/en.ts';
import { useTexts } from '../../texts/texts-provider.tsx';
import { readAgain } from '../live/told-export.ts';

const HOUR_MS = 3_600_000;

/** How long the files are there still, and how they stay longer. */
export function Expiry({ id, at }: { id: string; at: string }) {
  const texts = useTexts();
  const may = useMay();
  const [isOpen, { open, close }] = useDisclosure();
  return (
    <Group gap="sm">
      <span>
        <Moment at={at} />{' '}
        <Text span inherit c="dimmed">
          {leftInWords(at, texts.exportPage.expiry)}
        </Text>
      </span>
      {may('export.order') && (
        <Button size="compact-xs" variant="default" onClick={open}>
          {texts.exportPage.expiry.extend}
        </Button>
      )}
      <Modal opened={isOpen} onClose={close} title={texts.exportPage.expiry.extendTitle} centered>
        <Extend id={id} onClose={close} />
      </Modal>
    </Group>
  );
}

function Extend({ id, onClose }: { id: string; onClose: () => void }) {
  const texts = useTexts();
  const { expiry } = texts.exportPage;
  const queries = useQueryClient();
  const [days, setDays] = useState('7');
  const extend = $api.useMutation('post', '/v1/exports/{id}/extend', {
    onSuccess: () => {
      onClose();
      readAgain(queries, id);
      notifications.show({ message: expiry.extended });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    extend.mutate({ params: { path: { id } }, body: { days: Number(days) } });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <NativeSelect
          label={expiry.extendBy}
          description={expiry.extendHint}
          value={days}
          onChange={(event) => setDays(event.currentTarget.value)}
          data={Object.entries(expiry.choices).map(([value, label]) => ({ value, label }))}
          data-autofocus
        />
        {extend.error !== null && <FailureNote error={extend.error} />}
        <DialogButtons action={expiry.extend} isPending={extend.isPending} onClose={onClose} />
      </Stack>
    </form>
  );
}

function leftInWords(at: string, texts: Texts['exportPage']['expiry']): string {
  const hours = Math.floor((Date.parse(at) - Date.now()) / HOUR_MS);
  if (hours < 1) return texts.soon;
  return hours < 48 ? texts.hours(hours) : texts.days(Math.round(hours / 24));
}
