import { Page } from '../parts/page.tsx';
import { useTexts } from '../texts/texts-provider.tsx';
import { ExportTable } from './export-table.tsx';

/** Every export within reach. */
export function ExportsPage() {
  const texts = useTexts();
  return (
    <Page title={texts.nav.exports} hint={texts.exports.hint}>
      <ExportTable limit={50} />
    </Page>
  );
}
