import { Alert, Button, Group, Modal, NativeSelect, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { $api } from '../../../api/client.ts';
import { CopyText } from '../../../parts/copy-text.tsx';
import { DialogButtons } from '../../../parts/dialogs/dialog-buttons.tsx';
import { FailureNote } from '../../../parts/failure-note.tsx';
import { useTexts } from '../../../texts/texts-provider.tsx';

/** Makes a link and shows it, once. */
export function CreateLink({
  exportId,
  isOpen,
  onClose,
}: {
  exportId: string;
  isOpen: boolean;
  onClose: () => void;
}) {
  const texts = useTexts();
  return (
    <Modal opened={isOpen} onClose={onClose} title={texts.exportPage.links.createTitle} centered size="lg">
      {/* Made anew each time: a link that was shown is gone with it. */}
      {isOpen && <LinkForm exportId={exportId} onClose={onClose} />}
    </Modal>
  );
}

function LinkForm({ exportId, onClose }: { exportId: string; onClose: () => void }) {
  const texts = useTexts();
  const { links } = texts.exportPage;
  const queries = useQueryClient();
  const [hours, setHours] = useState('24');
  const create = $api.useMutation('post', '/v1/exports/{id}/links', {
    onSuccess: () => queries.invalidateQueries({ queryKey: ['get', '/v1/exports/{id}/links'] }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate({ params: { path: { id: exportId } }, body: { hours: Number(hours) } });
  };
  if (create.data !== undefined)
    return (
      <Stack>
        <Alert color="teal" role="status">
          {links.made}
        </Alert>
        <CopyText text={create.data.url} isBlock />
        <Group justify="flex-end">
          <Button onClick={onClose}>{links.close}</Button>
        </Group>
      </Stack>
    );
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text size="sm">{links.hint}</Text>
        <NativeSelect
          label={links.works}
          description={links.notLonger}
          value={hours}
          onChange={(event) => setHours(event.currentTarget.value)}
          data={Object.entries(links.choices).map(([value, label]) => ({ value, label }))}
          data-autofocus
        />
        {create.error !== null && <FailureNote error={create.error} />}
        <DialogButtons action={links.create} isPending={create.isPending} onClose={onClose} />
      </Stack>
    </form>
  );
}
