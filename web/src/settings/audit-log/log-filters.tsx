import { Button, Group, Select, TextInput } from '@mantine/core';
import { type FormEvent } from 'react';
import { $api } from '../../api/client.ts';
import { textOf } from '../../parts/forms/form-text.ts';
import { useTexts } from '../../texts/texts-provider.tsx';
import { usePeople } from '../use-people.ts';
import type { AuditSearch, Outcome } from './audit-search.ts';

/** Narrows the log: who, what, on what, how it ended, when. Joined by “and”, kept in the address. */
export function LogFilters({
  search,
  onChange,
}: {
  search: AuditSearch;
  onChange: (search: AuditSearch) => void;
}) {
  const texts = useTexts().audit;
  const set = (name: keyof AuditSearch, value: string | null) => {
    const { [name]: _, event: __, ...rest } = search;
    onChange(value === null || value === '' ? rest : { ...rest, [name]: value });
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const target = textOf(event.currentTarget)('target').trim();
    if (target !== (search.target ?? '')) set('target', target); // merely left: the open event stays open
  };
  const outcomes = Object.entries(texts.outcomes).map(([value, label]) => ({ value, label }));
  const isNarrowed = Object.keys(search).some((name) => name !== 'event');
  return (
    <form onSubmit={submit} role="search" aria-label={texts.filter.label}>
      <Group gap="sm" align="flex-end">
        <Select
          label={texts.filter.actor}
          placeholder={texts.filter.anybody}
          data={useActors(search.actor)}
          value={search.actor ?? null}
          onChange={(value) => set('actor', value)}
          searchable
          clearable
          w={200}
        />
        <Select
          label={texts.filter.action}
          placeholder={texts.filter.anything}
          data={useActions()}
          value={search.action ?? null}
          onChange={(value) => set('action', value)}
          searchable
          clearable
          w={240}
        />
        <Select
          label={texts.filter.outcome}
          placeholder={texts.filter.any}
          data={outcomes}
          value={search.outcome ?? null}
          onChange={(value) => set('outcome', value as Outcome | null)}
          clearable
          w={150}
        />
        <TextInput
          key={search.target}
          name="target"
          label={texts.filter.target}
          placeholder="con_…"
          defaultValue={search.target}
          onBlur={({ currentTarget }) => currentTarget.form?.requestSubmit()}
          // A form of several fields without a button is not sent by Enter alone.
          onKeyDown={({ key, currentTarget }) => key === 'Enter' && currentTarget.form?.requestSubmit()}
          w={150}
        />
        {(['from', 'to'] as const).map((name) => (
          <TextInput
            key={name}
            type="date"
            label={texts.filter[name]}
            value={search[name] ?? ''}
            onChange={({ currentTarget }) => set(name, currentTarget.value)}
            w={150}
          />
        ))}
        {isNarrowed && (
          <Button variant="subtle" onClick={() => onChange({})}>
            {texts.filter.clear}
          </Button>
        )}
      </Group>
    </form>
  );
}

/** Who can have acted: members, keys, the operator, the server; and whoever the address names. */
function useActors(chosen: string | undefined) {
  const { members, keys } = usePeople();
  const { actors, filter } = useTexts().audit;
  const itemsOf = (names: Map<string, string>) => [...names].map(([value, label]) => ({ value, label }));
  const others = Object.entries(actors).map(([value, label]) => ({ value, label }));
  const groups = [
    { group: filter.members, items: itemsOf(members) },
    { group: filter.keys, items: itemsOf(keys) },
    { group: filter.others, items: others },
  ];
  const isKnown =
    chosen === undefined || groups.some(({ items }) => items.some(({ value }) => value === chosen));
  return isKnown ? groups : [{ value: chosen, label: chosen }, ...groups];
}

/** Every action, by kind of thing; each kind as a whole comes first. */
function useActions() {
  const texts = useTexts().audit;
  const { data } = $api.useQuery('get', '/v1/audit-log/actions', {}, { staleTime: Infinity });
  const groups = new Map<string, { value: string; label: string }[]>();
  for (const { action } of data?.actions ?? []) {
    const kind = action.slice(0, action.indexOf('.'));
    const all = { value: `${kind}.*`, label: texts.filter.allOf(`${kind}.*`) };
    groups.set(kind, [...(groups.get(kind) ?? [all]), { value: action, label: action }]);
  }
  return [...groups].map(([group, items]) => ({ group, items }));
}
