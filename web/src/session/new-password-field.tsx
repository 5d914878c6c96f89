import { fieldErrorOf } from '../parts/forms/field-error.tsx';
import { PasswordField } from '../parts/forms/password-field.tsx';
import { useTexts } from '../texts/texts-provider.tsx';

/** A password that is being chosen. What it takes is the server's to say, at this field. */
export function NewPasswordField({
  name,
  label,
  error,
  hasFocus = false,
}: {
  /** Of the field, here and in the request. */
  name: string;
  label: string;
  /** Of the request, if it was refused. */
  error: unknown;
  hasFocus?: boolean;
}) {
  const texts = useTexts().session.newPassword;
  return (
    <PasswordField
      name={name}
      label={label}
      description={texts.hint}
      error={fieldErrorOf(error, `/${name}`)}
      autoComplete="new-password"
      autoFocus={hasFocus}
      required
      withAsterisk={false}
    />
  );
}
