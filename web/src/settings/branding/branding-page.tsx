import { $api, type Schema } from '../../api/client.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { Page } from '../../parts/page.tsx';
import { useTexts } from '../../texts/texts-provider.tsx';
import { BrandForm } from './brand-form.tsx';
import { LogoField } from './logo-field.tsx';
import { RealTranscript } from './real-transcript.tsx';

/** How transcripts look: name, colour, logo, and a preview of them. */
export function BrandingPage() {
  const texts = useTexts();
  const query = $api.useQuery('get', '/v1/settings/brand', {});
  return (
    <Page title={texts.settings.pages.branding.name} hint={texts.branding.hint}>
      <Loaded query={query}>
        {(brand) => (
          <>
            <BrandForm key={keyOf(brand)} brand={brand} />
            <LogoField brand={brand} />
            <RealTranscript />
          </>
        )}
      </Loaded>
    </Page>
  );
}

/** What was saved elsewhere meanwhile is shown; a new logo alone throws nothing away that was typed. */
const keyOf = ({ name, color }: Schema<'Brand'>) => JSON.stringify([name, color]);
