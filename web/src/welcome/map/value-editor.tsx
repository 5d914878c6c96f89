import { Autocomplete, Code, Group, NativeSelect, Text, TextInput } from '@mantine/core';
import { useTexts } from '../../texts/texts-provider.tsx';
import {
  columnValue,
  type FieldOf,
  type FromColumn,
  type ImportMap,
  kindOf,
  newValue,
  type Source,
  type ValueKind,
  type ValueSpec,
  withColumn,
} from './import-map.ts';
import { ReadAs } from './read-as.tsx';

type Joins = NonNullable<ImportMap['joins']>;

/** Says where one value of a record comes from. What the form cannot show stays as it is. */
export function ValueEditor({
  label,
  value,
  field,
  source,
  joins,
  onChange,
}: {
  /** The field, for whoever does not see what stands beside. */
  label: string;
  value: ValueSpec;
  /** What it fills; missing: an id, or an attribute of one's own. */
  field?: FieldOf | undefined;
  source: Source;
  joins: Joins;
  onChange: (value: ValueSpec) => void;
}) {
  const texts = useTexts().welcome.map;
  const kind = kindOf(value);
  const names = Object.keys(joins);
  const kinds: ValueKind[] = ['column', 'template', 'constant'];
  if (names.length > 0 || kind === 'join') kinds.push('join');
  if (kind === 'other') kinds.push('other');
  const { columns } = source;
  const begin = (next: ValueKind) =>
    next === 'column'
      ? columnValue(field, columns[0] ?? '', source)
      : newValue(next, { column: columns[0] ?? '', join: names[0] ?? '' });
  return (
    <Group gap="xs" wrap="wrap" align="flex-start" flex={1}>
      <NativeSelect
        aria-label={`${label}: ${texts.from}`}
        w={180}
        value={kind}
        data={kinds.map((one) => ({ value: one, label: texts.kinds[one] }))}
        onChange={({ currentTarget }) => onChange(begin(currentTarget.value as ValueKind))}
      />
      {kind === 'column' && <ColumnValue {...{ label, value, field, source, onChange }} />}
      {kind === 'template' && (
        <TextInput
          flex={1}
          miw={180}
          aria-label={`${label}: ${texts.template}`}
          placeholder={texts.templateHint}
          value={typeof value === 'string' ? value : (value as { template: string }).template}
          onChange={({ currentTarget: { value: template } }) =>
            onChange(typeof value === 'string' ? template : { ...(value as { template: string }), template })
          }
        />
      )}
      {kind === 'constant' && (
        <TextInput
          flex={1}
          miw={180}
          aria-label={`${label}: ${texts.constant}`}
          value={String((value as { constant: unknown }).constant)}
          onChange={({ currentTarget }) => onChange({ constant: currentTarget.value })}
        />
      )}
      {kind === 'join' && <JoinValue {...{ label, value, columns, names, onChange }} />}
      {kind === 'other' && (
        <Text size="sm" c="dimmed" flex={1}>
          <Code>{JSON.stringify(value)}</Code> {texts.inJson}
        </Text>
      )}
    </Group>
  );
}

type Part = { label: string; value: ValueSpec; onChange: (value: ValueSpec) => void };

function ColumnValue({
  label,
  value,
  field,
  source,
  onChange,
}: Part & { field: FieldOf | undefined; source: Source }) {
  const texts = useTexts().welcome.map;
  const spec = value as FromColumn;
  return (
    <>
      <Autocomplete
        flex={1}
        miw={180}
        aria-label={`${label}: ${texts.column}`}
        data={[...source.columns]}
        value={spec.from}
        onChange={(from) => onChange(withColumn(spec, from, field, source))}
      />
      <ReadAs label={label} value={spec} onChange={onChange} />
    </>
  );
}

type FromJoin = Extract<ValueSpec, { join: string }>;

function JoinValue({
  label,
  value,
  columns,
  names,
  onChange,
}: Part & { columns: readonly string[]; names: readonly string[] }) {
  const texts = useTexts().welcome.map;
  const spec = value as FromJoin;
  return (
    <>
      <NativeSelect
        w={150}
        aria-label={`${label}: ${texts.join}`}
        value={spec.join}
        data={[...names]}
        onChange={({ currentTarget }) => onChange({ ...spec, join: currentTarget.value })}
      />
      <Autocomplete
        flex={1}
        miw={130}
        aria-label={`${label}: ${texts.joinOn}`}
        placeholder={texts.joinOn}
        data={[...columns]}
        value={spec.on}
        onChange={(on) => onChange({ ...spec, on })}
      />
      <TextInput
        flex={1}
        miw={130}
        aria-label={`${label}: ${texts.joinTake}`}
        placeholder={texts.joinTake}
        value={spec.take}
        onChange={({ currentTarget }) => onChange({ ...spec, take: currentTarget.value })}
      />
      <ReadAs label={label} value={spec} onChange={onChange} />
    </>
  );
}
