import { useLanguage, useTexts } from '../../../texts/texts-provider.tsx';
import { CountedList } from './counted-list.tsx';

/** How many records of each sort there are; sorts without any are left out. */
export function RecordCounts({ of: counts }: { of: Readonly<Record<string, number>> }) {
  const { datasets } = useTexts().exports;
  const { locale } = useLanguage();
  const items = Object.entries(counts)
    .filter(([, n]) => n > 0)
    .map(([name, n]) => [datasets[name] ?? name.replaceAll('_', ' '), n.toLocaleString(locale)] as const);
  return <CountedList items={items} />;
}
