import { NativeSelect, TextInput } from '@mantine/core';
import { useTexts } from '../../texts/texts-provider.tsx';
import type { FromColumn, ValueSpec } from './import-map.ts';

/** Beside the conversions of a map: its `split`. */
const LIST = 'list';

type Read = FromColumn | Extract<ValueSpec, { join: string }>;

/** Says what the text of a cell is read as: a number, JSON, a list that is split somewhere. */
export function ReadAs<Value extends Read>({
  label,
  value,
  onChange,
}: {
  label: string;
  value: Value;
  onChange: (value: Value) => void;
}) {
  const texts = useTexts().welcome.map;
  const { as, split } = value;
  const conversions = Object.entries(texts.conversions).map(([name, text]) => ({ value: name, label: text }));
  const choose = (chosen: string) => {
    const { as: _as, split: _split, ...rest } = value;
    const reading =
      chosen === LIST ? { split: ';' } : chosen === '' ? {} : { as: chosen as NonNullable<Read['as']> };
    onChange({ ...rest, ...reading } as unknown as Value);
  };
  return (
    <>
      <NativeSelect
        w={170}
        aria-label={`${label}: ${texts.as}`}
        value={split === undefined ? (as ?? '') : LIST}
        data={[{ value: '', label: texts.asIs }, ...conversions, { value: LIST, label: texts.list }]}
        onChange={({ currentTarget }) => choose(currentTarget.value)}
      />
      {split !== undefined && (
        <TextInput
          w={72}
          aria-label={`${label}: ${texts.splitAt}`}
          value={split}
          error={split === ''}
          onChange={({ currentTarget }) => onChange({ ...value, split: currentTarget.value })}
        />
      )}
    </>
  );
}
