import { Page } from '../parts/page.tsx';
import { useTexts } from '../texts/texts-provider.tsx';
import { ExportTable } from '../exports/export-table.tsx';

/** What was exported last, and what is running. */
export function OverviewPage() {
  const texts = useTexts();
  return (
    <Page title={texts.nav.overview}>
      <ExportTable limit={5} />
    </Page>
  );
}
