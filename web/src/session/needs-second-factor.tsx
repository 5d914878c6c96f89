import { Button, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Page } from '../parts/page.tsx';
import { useTexts } from '../texts/texts-provider.tsx';

/** In place of every page, while the workspace asks for a second factor that the viewer has not. */
export function NeedsSecondFactor({ workspace }: { workspace: string }) {
  const texts = useTexts().session.needsSecondFactor;
  return (
    <Page title={texts.title}>
      <Text maw={560}>{texts.about(workspace)}</Text>
      <div>
        <Button component={Link} to="/account">
          {texts.action}
        </Button>
      </div>
    </Page>
  );
}
