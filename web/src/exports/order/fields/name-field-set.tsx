import { Button, Checkbox, Group, Paper, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { Schema } from '../../../api/client.ts';
import { FailureNote } from '../../../parts/failure-note.tsx';
import { useMay } from '../../../session/use-session.ts';
import { useTexts } from '../../../texts/texts-provider.tsx';

/** Asks for the name of a saved choice, and whether it is for everybody. */
export function NameFieldSet({
  before,
  saving,
  onSave,
  onClose,
}: {
  /** What it was; undefined: a new one. */
  before: Schema<'FieldSet'> | undefined;
  saving: { isPending: boolean; error: unknown };
  onSave: (given: { name: string; shared: boolean }) => void;
  onClose: () => void;
}) {
  const { app, order } = useTexts();
  const may = useMay();
  const [name, setName] = useState(before?.name ?? '');
  const [isShared, setShared] = useState(before?.shared ?? false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSave({ name: name.trim(), shared: isShared });
  };
  return (
    <Paper withBorder p="sm">
      <form onSubmit={submit}>
        <Stack gap="sm">
          <TextInput
            label={order.sets.name}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            required
            autoFocus
          />
          {may('export.share_fields') && (
            <Checkbox
              label={order.sets.share}
              checked={isShared}
              onChange={(event) => setShared(event.currentTarget.checked)}
            />
          )}
          {saving.error !== null && <FailureNote error={saving.error} />}
          <Group gap="xs">
            <Button type="submit" size="xs" loading={saving.isPending}>
              {app.save}
            </Button>
            <Button variant="default" size="xs" onClick={onClose}>
              {app.cancel}
            </Button>
          </Group>
        </Stack>
      </form>
    </Paper>
  );
}
