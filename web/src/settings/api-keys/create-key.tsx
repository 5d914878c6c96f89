import { Modal, Stack, TagsInput, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { $api } from '../../api/client.ts';
import { DialogButtons } from '../../parts/dialogs/dialog-buttons.tsx';
import { FailureNote } from '../../parts/failure-note.tsx';
import { textOf } from '../../parts/forms/form-text.ts';
import { useTexts } from '../../texts/texts-provider.tsx';
import { NewKey } from './new-key.tsx';
import { type Scope, ScopeChoice } from './scope-choice.tsx';

/** Makes an API key, and shows it this once. */
export function CreateKey({ onClose }: { onClose: () => void }) {
  const texts = useTexts();
  const words = texts.apiKeys;
  const queries = useQueryClient();
  const [scopes, setScopes] = useState<Scope[]>([]);
  const [networks, setNetworks] = useState<string[]>([]);
  const create = $api.useMutation('post', '/v1/api-keys', {
    onSuccess: () => queries.invalidateQueries({ queryKey: ['get', '/v1/api-keys'] }),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const text = textOf(event.currentTarget);
    const day = text('expires');
    create.mutate({
      body: {
        name: text('name').trim(),
        scopes,
        allowed_networks: networks,
        expires_at: day === '' ? null : new Date(`${day}T23:59:59`).toISOString(),
      },
    });
  };
  if (create.data !== undefined) return <NewKey text={create.data.key} onClose={onClose} />;
  return (
    <Modal opened onClose={onClose} title={words.create} size="lg" centered>
      <form onSubmit={submit}>
        <Stack>
          <TextInput name="name" label={words.name} description={words.nameHint} required data-autofocus />
          <ScopeChoice chosen={scopes} onChange={setScopes} />
          <TagsInput
            label={words.networks}
            description={words.networksHint}
            value={networks}
            onChange={setNetworks}
            splitChars={[',', ' ']}
          />
          <TextInput
            name="expires"
            type="date"
            label={words.expires}
            description={words.expiresHint}
            w={280}
          />
          {create.error !== null && <FailureNote error={create.error} />}
          <DialogButtons
            action={words.submit}
            isPending={create.isPending}
            disabled={scopes.length === 0}
            onClose={onClose}
          />
        </Stack>
      </form>
    </Modal>
  );
}
