import { Button, Group, Select, Stack } from '@mantine/core';
import { useState } from 'react';
import { $api, type Schema } from '../../../api/client.ts';
import { FailureNote } from '../../../parts/failure-note.tsx';
import { useTexts } from '../../../texts/texts-provider.tsx';
import { DeleteFieldSet } from './delete-field-set.tsx';
import type { OrderField } from '../export-order.ts';
import { isSameChoice } from './is-same-choice.ts';
import { NameFieldSet } from './name-field-set.tsx';
import { useSaveFieldSet } from './use-save-field-set.ts';

/** One page is more than one can keep. */
const ALL = 100;

/** Choices of fields that were saved: takes one, keeps the present one, renames, changes and deletes. */
export function FieldSets({
  fields,
  onChoose,
}: {
  /** The present choice. */
  fields: readonly OrderField[];
  onChoose: (fields: readonly OrderField[]) => void;
}) {
  const texts = useTexts().order.sets;
  const [chosenId, setChosenId] = useState<string | null>(null);
  const [doing, setDoing] = useState<'save' | 'rename' | 'delete' | null>(null);
  const { data } = $api.useQuery('get', '/v1/field-sets', { params: { query: { limit: ALL } } });
  const saving = useSaveFieldSet((saved) => {
    setChosenId(saved.id);
    setDoing(null);
  });
  const sets = data?.field_sets ?? [];
  const chosen = sets.find(({ id }) => id === chosenId);
  const isChanged = chosen !== undefined && !isSameChoice(chosen.fields, fields);
  const start = (what: typeof doing) => {
    saving.reset();
    setDoing(what);
  };
  return (
    <Stack gap="xs">
      <Group gap="xs" align="flex-end">
        <Select
          label={texts.label}
          placeholder={texts.none}
          data={grouped(sets, texts)}
          value={chosenId}
          onChange={(id) => {
            setChosenId(id);
            const set = sets.find((one) => one.id === id);
            if (set !== undefined) onChoose(set.fields);
          }}
          disabled={sets.length === 0}
          clearable
          w={220}
        />
        <Button variant="default" onClick={() => start('save')}>
          {texts.save}
        </Button>
        {chosen?.may_change === true && (
          <>
            {isChanged && (
              <Button
                variant="default"
                loading={saving.isPending && doing === null}
                onClick={() => saving.change(chosen.id, { fields: [...fields] })}
              >
                {texts.update}
              </Button>
            )}
            <Button variant="subtle" color="gray" onClick={() => start('rename')}>
              {texts.rename}
            </Button>
            <Button variant="subtle" color="gray" onClick={() => start('delete')}>
              {texts.delete}
            </Button>
          </>
        )}
      </Group>
      {saving.error !== null && doing === null && <FailureNote error={saving.error} />}
      {(doing === 'save' || doing === 'rename') && (
        <NameFieldSet
          key={doing}
          before={doing === 'rename' ? chosen : undefined}
          saving={saving}
          onSave={(given) =>
            doing === 'rename' && chosen !== undefined
              ? saving.change(chosen.id, given)
              : saving.create({ ...given, fields: [...fields] })
          }
          onClose={() => setDoing(null)}
        />
      )}
      {chosen !== undefined && (
        <DeleteFieldSet
          set={chosen}
          isOpen={doing === 'delete'}
          onClose={() => setDoing(null)}
          onDeleted={() => setChosenId(null)}
        />
      )}
    </Stack>
  );
}

function grouped(sets: readonly Schema<'FieldSet'>[], texts: { own: string; shared: string }) {
  const items = (isShared: boolean) =>
    sets.filter(({ shared }) => shared === isShared).map(({ id, name }) => ({ value: id, label: name }));
  return [
    { group: texts.own, items: items(false) },
    { group: texts.shared, items: items(true) },
  ].filter((group) => group.items.length > 0);
}
