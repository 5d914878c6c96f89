import {
  ActionIcon,
  Autocomplete,
  Button,
  Checkbox,
  Fieldset,
  Group,
  NativeSelect,
  Stack,
  Text,
} from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { useTexts } from '../../texts/texts-provider.tsx';
import {
  columnValue,
  type ImportMap,
  type RecordType,
  type Rule,
  type Source,
  suggestRule,
} from './import-map.ts';
import styles from './rule-editor.module.css';
import { ValueEditor } from './value-editor.tsx';

/** One record that each row becomes: what it is, its id, and where its fields come from. */
export function RuleEditor({
  title,
  rule,
  types,
  source,
  joins,
  onChange,
  onRemove,
}: {
  title: string;
  rule: Rule;
  types: readonly RecordType[];
  source: Source;
  joins: NonNullable<ImportMap['joins']>;
  onChange: (rule: Rule) => void;
  /** Missing: it is the only one. */
  onRemove?: (() => void) | undefined;
}) {
  const texts = useTexts().welcome.map;
  const type = types.find((one) => one.type === rule.type)!;
  const fieldOf = (name: string) => type.fields.find((one) => one.name === name);
  const lacking = type.fields.filter(({ name, required }) => required && !(name in rule.fields));
  return (
    <Fieldset legend={title}>
      <Stack>
        <Group align="flex-end" justify="space-between">
          <NativeSelect
            label={texts.type}
            description={type.doc}
            inputWrapperOrder={['label', 'input', 'description']}
            value={rule.type}
            data={types.map((one) => one.type)}
            onChange={({ currentTarget: { value } }) =>
              onChange(suggestRule(types.find((one) => one.type === value)!, source))
            }
          />
          {onRemove !== undefined && (
            <Button variant="subtle" color="red" onClick={onRemove}>
              {texts.removeRecord}
            </Button>
          )}
        </Group>
        <Row name="id" doc={texts.idHint}>
          <ValueEditor
            label="id"
            value={rule.id}
            source={source}
            joins={joins}
            onChange={(id) => onChange({ ...rule, id })}
          />
        </Row>
        {Object.entries(rule.fields).map(([name, value]) => (
          <Row key={name} name={name} doc={fieldOf(name)?.doc}>
            <ValueEditor
              label={name}
              value={value}
              field={fieldOf(name)}
              source={source}
              joins={joins}
              onChange={(changed) => onChange({ ...rule, fields: { ...rule.fields, [name]: changed } })}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              size="lg"
              aria-label={texts.removeField(name)}
              onClick={() => {
                const { [name]: _gone, ...fields } = rule.fields;
                onChange({ ...rule, fields });
              }}
            >
              <IconTrash size={16} aria-hidden />
            </ActionIcon>
          </Row>
        ))}
        {lacking.length > 0 && (
          <Text size="sm" c="red">
            {texts.required}: {lacking.map(({ name }) => name).join(', ')}
          </Text>
        )}
        <AddField
          names={type.fields.map(({ name }) => name).filter((name) => !(name in rule.fields))}
          onAdd={(name) => {
            const value = columnValue(fieldOf(name), source.columns[0] ?? '', source);
            onChange({ ...rule, fields: { ...rule.fields, [name]: value } });
          }}
        />
        <Checkbox
          label={texts.rest}
          checked={rule.rest !== undefined}
          onChange={({ currentTarget: { checked } }) => {
            const { rest: _before, ...others } = rule;
            onChange(checked ? { ...others, rest: 'attributes' } : others);
          }}
        />
        <Checkbox
          label={texts.once}
          checked={rule.once !== undefined}
          onChange={({ currentTarget: { checked } }) => {
            const { once: _before, ...others } = rule;
            onChange(checked ? { ...others, once: true } : others);
          }}
        />
      </Stack>
    </Fieldset>
  );
}

function Row({ name, doc, children }: { name: string; doc: string | undefined; children: ReactNode }) {
  return (
    <Group gap="sm" align="flex-start" wrap="wrap">
      <div className={styles['name']}>
        <Text size="sm" fw={600} ff="monospace">
          {name}
        </Text>
        {doc !== undefined && (
          <Text size="xs" c="dimmed">
            {doc}
          </Text>
        )}
      </div>
      <Group gap="xs" flex={1} miw={220} align="flex-start">
        {children}
      </Group>
    </Group>
  );
}

function AddField({ names, onAdd }: { names: readonly string[]; onAdd: (name: string) => void }) {
  const texts = useTexts().welcome.map;
  const [name, setName] = useState('');
  const add = () => {
    if (name.trim() === '') return;
    onAdd(name.trim());
    setName('');
  };
  return (
    <Group align="flex-end" gap="xs">
      <Autocomplete
        label={texts.addField}
        description={texts.addFieldHint}
        data={[...names]}
        value={name}
        onChange={setName}
        onKeyDown={(event) => {
          if (event.key === 'Enter') add();
        }}
        flex={1}
        maw={420}
      />
      <Button variant="default" leftSection={<IconPlus size={16} aria-hidden />} onClick={add}>
        {texts.addField}
      </Button>
    </Group>
  );
}
