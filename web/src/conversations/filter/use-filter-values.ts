import { $api } from '../../api/client.ts';
import type { FilterPart } from '../../parts/filter-words.tsx';
import { useWhoami } from '../../session/use-session.ts';
import { useTexts } from '../../texts/texts-provider.tsx';

/** As the filter takes it: nobody is in charge. */
const NOBODY = 'unassigned';

/** A word that can be chosen, and how it is shown. */
export interface Option {
  value: string;
  label: string;
}

/** The words that parts of the filter find something by, as far as the server knows them. */
export function useFilterValues(): (part: FilterPart) => Option[] {
  const texts = useTexts();
  const { data: whoami } = useWhoami();
  const { data } = $api.useQuery('get', '/v1/conversation-values', {}, { staleTime: 300_000 });
  return (part) => {
    if (data === undefined) return [];
    if (part === 'any_tag') return data.tag.map(({ value }) => ({ value, label: value }));
    if (part === 'assignee') {
      // The host product's teammates are not our users; who has the same name is taken for the same person.
      const isMe = (name: string | null) => name !== null && name === whoami?.principal.name;
      const teammates = data.assignee
        .toSorted((a, b) => Number(isMe(b.name)) - Number(isMe(a.name)))
        .map(({ value, name }) => ({
          value,
          label: isMe(name) ? texts.conversations.filter.me(name!) : (name ?? value),
        }));
      return [{ value: NOBODY, label: texts.filter.unassigned }, ...teammates];
    }
    return part in data
      ? data[part as keyof typeof data].map(({ value, name }) => ({ value, label: name ?? value }))
      : [];
  };
}
