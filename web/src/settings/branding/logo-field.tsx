import { Button, FileButton, Group, Stack, Text, Title } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { $api, type Schema } from '../../api/client.ts';
import { Confirm } from '../../parts/dialogs/confirm.tsx';
import { FailureNote } from '../../parts/failure-note.tsx';
import { useTexts } from '../../texts/texts-provider.tsx';
import styles from './branding.module.css';
import { logoAddress } from './logo-address.ts';

/** The logo: shown, chosen, taken away. A file is sent as it is; what it is the server finds out. */
export function LogoField({ brand }: { brand: Schema<'Brand'> }) {
  const texts = useTexts().branding;
  const queries = useQueryClient();
  const [isRemoving, setRemoving] = useState(false);
  const keep = (saved: Schema<'Brand'>) =>
    queries.setQueryData($api.queryOptions('get', '/v1/settings/brand', {}).queryKey, saved);
  const put = $api.useMutation('put', '/v1/settings/brand/logo', { onSuccess: keep });
  const remove = $api.useMutation('delete', '/v1/settings/brand/logo', {
    onSuccess: (saved) => {
      keep(saved);
      setRemoving(false);
    },
  });
  const send = (file: File | null) => {
    if (file === null) return;
    const type = file.type === 'image/jpeg' ? file.type : 'image/png';
    const bytes = file as unknown as string; // the document knows bodies of bytes as texts
    put.mutate({ body: bytes, bodySerializer: (body) => body, headers: { 'content-type': type } });
  };
  return (
    <Stack component="section" gap="sm" aria-labelledby="logo">
      <Title order={2} size="h5" id="logo">
        {texts.logo}
      </Title>
      <Text size="sm" c="dimmed">
        {texts.logoHint}
      </Text>
      {brand.logo !== null && (
        <div className={styles['logo']}>
          <img src={logoAddress(brand.logo)} alt={texts.logo} />
        </div>
      )}
      <div aria-live="polite">{put.error !== null && <FailureNote error={put.error} />}</div>
      <Group>
        <FileButton onChange={send} accept="image/png,image/jpeg">
          {(props) => (
            <Button {...props} variant="default" loading={put.isPending}>
              {brand.logo === null ? texts.choose : texts.replace}
            </Button>
          )}
        </FileButton>
        {brand.logo !== null && (
          <Button variant="subtle" color="red" onClick={() => setRemoving(true)}>
            {texts.remove}
          </Button>
        )}
      </Group>
      <Confirm
        title={texts.removeTitle}
        action={texts.remove}
        isOpen={isRemoving}
        isPending={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate({})}
        onClose={() => setRemoving(false)}
      >
        <Text size="sm">{texts.removeMeaning}</Text>
      </Confirm>
    </Stack>
  );
}
