import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
// The one rule for what the names of files begin with, shared with what makes them.
import { productNameOf } from '../../../../src/access/brand/product-name.ts';
import { $api, type Schema } from '../../api/client.ts';
import { FailureNote } from '../../parts/failure-note.tsx';
import { useTexts } from '../../texts/texts-provider.tsx';
import styles from './branding.module.css';
import { BrandPreview } from './brand-preview.tsx';
import { ColorField } from './color-field.tsx';

/** Name and colour, with what comes of them beside it. */
export function BrandForm({ brand }: { brand: Schema<'Brand'> }) {
  const texts = useTexts();
  const words = texts.branding;
  const queries = useQueryClient();
  const [name, setName] = useState(brand.name ?? '');
  const [color, setColor] = useState(brand.color ?? '');
  const change = $api.useMutation('put', '/v1/settings/brand', {
    onSuccess: (saved) =>
      queries.setQueryData($api.queryOptions('get', '/v1/settings/brand', {}).queryKey, saved),
  });
  const wanted = {
    name: name.trim() === '' ? null : name.trim(),
    color: color === '' ? null : color.toLowerCase(),
  };
  const isSaved = wanted.name === brand.name && wanted.color === brand.color;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    change.mutate({ body: wanted });
  };
  return (
    <div className={styles['sides']}>
      <form onSubmit={submit} className={styles['form']}>
        <Stack>
          <TextInput
            label={words.name}
            description={words.nameHint(brand.usual.name)}
            value={name}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
            maxLength={100}
          />
          <ColorField usual={brand.usual.color} value={color} onChange={setColor} />
          {change.error !== null && <FailureNote error={change.error} />}
          <Group>
            <Button type="submit" loading={change.isPending} disabled={isSaved}>
              {words.save}
            </Button>
            {color !== '' && (
              <Button variant="subtle" onClick={() => setColor('')}>
                {words.usualColor}
              </Button>
            )}
            <Text size="sm" role="status">
              {isSaved && change.isSuccess && words.saved}
            </Text>
          </Group>
        </Stack>
      </form>
      <BrandPreview
        name={wanted.name ?? brand.usual.name}
        product={productNameOf(wanted, brand.usual.name)}
        color={wanted.color ?? brand.usual.color}
        logo={brand.logo}
      />
    </div>
  );
}
