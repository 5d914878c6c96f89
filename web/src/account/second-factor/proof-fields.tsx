import { TextInput } from '@mantine/core';
import { PasswordField } from '../../parts/forms/password-field.tsx';
import { useTexts } from '../../texts/texts-provider.tsx';

/** Asks for the present password, as `password`. It comes first where it is asked for. */
export function PresentPassword() {
  const texts = useTexts().account.password;
  return (
    <PasswordField
      name="password"
      label={texts.current}
      autoComplete="current-password"
      data-autofocus
      required
      withAsterisk={false}
    />
  );
}

/** Asks for a code of the second factor, or a recovery code, as `code`. */
export function PresentCode({ isFirst = false }: { isFirst?: boolean }) {
  const texts = useTexts().session.signIn;
  return (
    <TextInput
      name="code"
      label={texts.code}
      description={texts.codeHint}
      autoComplete="one-time-code"
      {...(isFirst && { 'data-autofocus': true })}
      required
      withAsterisk={false}
    />
  );
}
