import { useState } from 'react';
import { CodeForm } from './code-form.tsx';
import { PasswordForm } from './password-form.tsx';

/** Address and password, then the code of a second factor where there is one. */
export function SignInForm({
  email,
  onCodeAsked,
  onDone,
}: {
  /** The only address that will do. */
  email?: string;
  /** The password was right, and now it takes a code. */
  onCodeAsked?: (isAsked: boolean) => void;
  onDone: () => void | Promise<void>;
}) {
  const [needsCode, setNeedsCode] = useState(false);
  const askCode = (isAsked: boolean) => {
    setNeedsCode(isAsked);
    onCodeAsked?.(isAsked);
  };
  return needsCode ? (
    <CodeForm onDone={onDone} onBack={() => askCode(false)} />
  ) : (
    <PasswordForm
      email={email}
      onDone={(session) => (session.second_factor === 'required' ? askCode(true) : onDone())}
    />
  );
}
