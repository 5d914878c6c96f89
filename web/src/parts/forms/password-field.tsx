import { PasswordInput, type PasswordInputProps } from '@mantine/core';
import { useTexts } from '../../texts/texts-provider.tsx';

/** A password, which can be looked at while it is typed. */
export function PasswordField(props: PasswordInputProps) {
  const texts = useTexts();
  return (
    <PasswordInput
      visibilityToggleFocusable
      visibilityToggleButtonProps={{ 'aria-label': texts.app.showPassword }}
      {...props}
    />
  );
}
