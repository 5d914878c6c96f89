import {
  Anchor,
  Button,
  FileButton,
  Group,
  SegmentedControl,
  Stack,
  Text,
  Textarea,
  Title,
} from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTexts } from '../../texts/texts-provider.tsx';
import { type ImportMap, type RecordType, type Source, suggestRule } from './import-map.ts';
import { JoinsEditor } from './joins-editor.tsx';
import { RuleEditor } from './rule-editor.tsx';

/** Says what rows become: as a form, or as the JSON that the command line takes. */
export function MapEditor({
  importId,
  map,
  types,
  source,
  onChange,
}: {
  importId: string;
  map: ImportMap;
  types: readonly RecordType[];
  source: Source;
  onChange: (map: ImportMap) => void;
}) {
  const texts = useTexts().welcome.map;
  const [view, setView] = useState('form');
  const known = types.length > 0 && map.emit.every(({ type }) => types.some((one) => one.type === type));
  const joins = map.joins ?? {};
  const setRules = (emit: ImportMap['emit']) => onChange({ ...map, emit });
  return (
    <Stack>
      <Group justify="space-between">
        <div>
          <Title order={2} size="h4">
            {texts.title}
          </Title>
          <Text size="sm" c="dimmed">
            {texts.hint}
          </Text>
        </div>
        <SegmentedControl
          aria-label={texts.title}
          value={view}
          onChange={setView}
          data={[
            { value: 'form', label: texts.form },
            { value: 'json', label: texts.json },
          ]}
        />
      </Group>
      {view === 'json' || !known ? (
        <MapText map={map} onChange={onChange} />
      ) : (
        <>
          {map.emit.map((rule, index) => (
            <RuleEditor
              // Rules have no names; they are only added at the end.
              key={index}
              title={texts.record(index + 1)}
              rule={rule}
              types={types}
              source={source}
              joins={joins}
              onChange={(changed) => setRules(map.emit.with(index, changed))}
              onRemove={
                map.emit.length > 1 ? () => setRules(map.emit.filter((_one, at) => at !== index)) : undefined
              }
            />
          ))}
          <Group>
            <Button
              variant="default"
              leftSection={<IconPlus size={16} aria-hidden />}
              onClick={() => {
                const next = types.find(({ type }) => type === 'message') ?? types[0]!;
                setRules([...map.emit, suggestRule(next, source)]);
              }}
            >
              {texts.addRecord}
            </Button>
          </Group>
          <JoinsEditor
            importId={importId}
            joins={joins}
            onChange={(changed) => {
              const { joins: _before, ...rest } = map;
              onChange(Object.keys(changed).length === 0 ? rest : { ...rest, joins: changed });
            }}
          />
        </>
      )}
    </Stack>
  );
}

/** The map as text; what is not JSON is kept here until it is. */
function MapText({ map, onChange }: { map: ImportMap; onChange: (map: ImportMap) => void }) {
  const texts = useTexts().welcome.map;
  const [text, setText] = useState(() => JSON.stringify(map, undefined, 2));
  const [isBad, setBad] = useState(false);
  const take = (changed: string) => {
    setText(changed);
    const parsed = readMap(changed);
    setBad(parsed === undefined);
    if (parsed !== undefined) onChange(parsed);
  };
  const save = () => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
    link.download = 'map.json';
    link.click();
    URL.revokeObjectURL(link.href);
  };
  return (
    <Stack gap="xs">
      <Textarea
        label={texts.jsonLabel}
        description={texts.jsonHint}
        error={isBad && texts.badJson}
        value={text}
        onChange={({ currentTarget }) => take(currentTarget.value)}
        autosize
        minRows={12}
        maxRows={30}
        ff="monospace"
        spellCheck={false}
      />
      <Group>
        <FileButton accept=".json" onChange={(file) => void file?.text().then(take)}>
          {(props) => (
            <Button {...props} variant="default">
              {texts.load}
            </Button>
          )}
        </FileButton>
        <Button variant="default" onClick={save} disabled={isBad}>
          {texts.save}
        </Button>
        <Anchor href="/docs/ingest.md">{texts.docs}</Anchor>
      </Group>
    </Stack>
  );
}

/** A map as far as the form needs it to be one; the server checks the rest and says what is wrong. */
function readMap(text: string): ImportMap | undefined {
  try {
    const map = JSON.parse(text) as ImportMap | null;
    const rules = map?.emit as unknown;
    if (!Array.isArray(rules)) return undefined;
    const isRule = (rule: unknown) => typeof (rule as { fields?: unknown } | null)?.fields === 'object';
    return rules.every(isRule) ? (map as ImportMap) : undefined;
  } catch {
    return undefined;
  }
}
