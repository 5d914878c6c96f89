import { Stack } from '@mantine/core';
import { Loaded } from '../parts/loaded.tsx';
import { Page } from '../parts/page.tsx';
import { useSession } from '../session/use-session.ts';
import { useTexts } from '../texts/texts-provider.tsx';
import { PasswordSection } from './password/password-section.tsx';
import { ProfileSection } from './profile/profile-section.tsx';
import { SecondFactorSection } from './second-factor/second-factor-section.tsx';
import { SessionsSection } from './sessions/sessions-section.tsx';
import { WorkspacesSection } from './workspaces/workspaces-section.tsx';

/** One’s own account: who one is here, and what protects it. */
export function AccountPage() {
  const texts = useTexts();
  const session = useSession();
  return (
    <Page title={texts.nav.account} hint={texts.account.hint}>
      <Loaded query={session}>
        {(told) => (
          <Stack gap="lg" maw={860}>
            <ProfileSection user={told.user} />
            <PasswordSection hasPassword={told.user.has_password} />
            <SecondFactorSection session={told} />
            <SessionsSection />
            <WorkspacesSection session={told} />
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}
