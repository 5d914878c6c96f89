import { TextInput } from '@mantine/core';
import { useTexts } from '../../texts/texts-provider.tsx';
import styles from './branding.module.css';

/** Asks for a colour: typed, or chosen with what the browser has for it. */
export function ColorField({
  usual,
  value,
  onChange,
}: {
  /** Stands where none is chosen. */
  usual: string;
  value: string;
  onChange: (color: string) => void;
}) {
  const texts = useTexts().branding;
  return (
    <TextInput
      label={texts.color}
      description={texts.colorHint}
      placeholder={usual}
      value={value}
      onChange={({ currentTarget }) => onChange(currentTarget.value.trim())}
      pattern="#[0-9a-fA-F]{6}"
      title={texts.colorShape}
      rightSection={
        <input
          type="color"
          className={styles['picker']}
          aria-label={texts.pick}
          value={/^#[0-9a-f]{6}$/i.test(value) ? value : usual}
          onChange={({ currentTarget }) => onChange(currentTarget.value)}
        />
      }
    />
  );
}
