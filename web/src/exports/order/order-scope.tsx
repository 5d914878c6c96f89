import { Stack, Text } from '@mantine/core';
import { FilterWords } from '../../parts/filter-words.tsx';
import { useTexts } from '../../texts/texts-provider.tsx';
import type { WantedExport } from './export-order.ts';

/** What is exported, in words. */
export function OrderScope({ wanted }: { wanted: WantedExport }) {
  const texts = useTexts().order;
  const { kind, ids, filter } = wanted;
  const isFiltered = kind === 'conversations' && ids === undefined && Object.keys(filter ?? {}).length > 0;
  return (
    <Stack gap={6}>
      <Text size="sm" fw={600}>
        {texts.scope}
      </Text>
      {kind !== 'conversations' && <Text size="sm">{texts.scopes[kind]}</Text>}
      {kind === 'conversations' && ids !== undefined && <Text size="sm">{texts.scopes.ids(ids.length)}</Text>}
      {kind === 'conversations' && ids === undefined && !isFiltered && (
        <Text size="sm">{texts.scopes.allConversations}</Text>
      )}
      {isFiltered && (
        <>
          <Text size="sm">{texts.scopes.filter}</Text>
          <FilterWords filter={filter!} />
        </>
      )}
    </Stack>
  );
}
