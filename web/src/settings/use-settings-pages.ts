import { useMay } from '../session/use-session.ts';
import { type SettingsPage, settingsPages } from './settings-pages.ts';

/** The pages that the viewer may see, by group. */
export function useSettingsPages(): { group: SettingsPage['group']; pages: SettingsPage[] }[] {
  const may = useMay();
  const groups = new Map<SettingsPage['group'], SettingsPage[]>();
  for (const page of settingsPages.filter(({ needs }) => needs.some(may)))
    groups.set(page.group, [...(groups.get(page.group) ?? []), page]);
  return [...groups].map(([group, pages]) => ({ group, pages }));
}
