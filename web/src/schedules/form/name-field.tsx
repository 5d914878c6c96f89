import { TextInput } from '@mantine/core';
import scheduleSchema from 'virtual:api-schema/Schedule';
import { useTexts } from '../../texts/texts-provider.tsx';

/** The most characters that the server takes. */
const MOST = scheduleSchema.properties['name']!.maxLength!;

/** What people call a schedule. What is too long is told while it is typed, and never cut. */
export function NameField({
  value,
  onChange,
  error,
}: {
  value: string;
  onChange: (name: string) => void;
  /** What the server says of it. */
  error: string | undefined;
}) {
  const texts = useTexts().schedules;
  const tooLong = value.length > MOST ? texts.nameTooLong(value.length, MOST) : undefined;
  return (
    <TextInput
      label={texts.name}
      description={texts.nameHint(MOST)}
      value={value}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
      error={tooLong ?? error}
      required
    />
  );
}
