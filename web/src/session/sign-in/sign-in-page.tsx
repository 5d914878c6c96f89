import { Alert } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import { useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTexts } from '../../texts/texts-provider.tsx';
import { FrontPage } from '../front-page.tsx';
import { useEnter } from '../use-session.ts';
import { ProviderButton } from './provider-button.tsx';
import { ProviderFailure } from './provider-failure.tsx';
import { SignInForm } from './sign-in-form.tsx';

/** Signing in: with a password and the second factor where there is one, or at another provider. */
export function SignInPage() {
  const texts = useTexts().session.signIn;
  const { next = '/', error, told } = useSearch({ from: '/sign-in' });
  const enter = useEnter();
  const [needsCode, setNeedsCode] = useState(false);
  return (
    <FrontPage title={needsCode ? texts.codeTitle : texts.title}>
      {!needsCode && told !== undefined && (
        <Alert role="status" icon={<IconInfoCircle aria-hidden />}>
          {texts.told[told]}
        </Alert>
      )}
      {!needsCode && error !== undefined && <ProviderFailure code={error} />}
      <SignInForm onCodeAsked={setNeedsCode} onDone={() => enter(next)} />
      {!needsCode && <ProviderButton next={next} />}
    </FrontPage>
  );
}
