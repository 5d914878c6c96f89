import { Button, Group, NativeSelect, Switch } from '@mantine/core';
import { useTexts } from '../texts/texts-provider.tsx';
import type { ExportsSearch } from './exports.routes.ts';

/** Which exports are listed: of one state, one kind, one’s own. */
export function ExportFilter({
  chosen,
  onChoose,
}: {
  chosen: ExportsSearch;
  onChoose: (chosen: ExportsSearch) => void;
}) {
  const texts = useTexts().exports;
  const { status, kind, mine } = chosen;
  const choose = (changed: { [Part in keyof ExportsSearch]?: string | boolean | undefined }) => {
    const next = Object.entries({ ...chosen, ...changed }).filter(
      ([, value]) => value !== '' && value !== false,
    );
    onChoose(Object.fromEntries(next) as ExportsSearch);
  };
  const options = (any: string, words: Readonly<Record<string, string>>) => [
    { value: '', label: any },
    ...Object.entries(words).map(([value, label]) => ({ value, label })),
  ];
  return (
    <Group gap="sm" role="search" aria-label={texts.filter.label}>
      <NativeSelect
        aria-label={texts.status}
        value={status ?? ''}
        data={options(texts.filter.anyStatus, texts.statuses)}
        onChange={(event) => choose({ status: event.currentTarget.value })}
      />
      <NativeSelect
        aria-label={texts.what}
        value={kind ?? ''}
        data={options(texts.filter.anyKind, texts.kinds)}
        onChange={(event) => choose({ kind: event.currentTarget.value })}
      />
      <Switch
        label={texts.filter.mine}
        checked={mine === true}
        onChange={(event) => choose({ mine: event.currentTarget.checked })}
      />
      {Object.keys(chosen).length > 0 && (
        <Button variant="subtle" size="compact-sm" onClick={() => onChoose({})}>
          {texts.filter.clear}
        </Button>
      )}
    </Group>
  );
}
