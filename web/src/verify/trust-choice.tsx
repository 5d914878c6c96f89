import { Radio, Stack, Text, Textarea } from '@mantine/core';
import { useTexts } from '../texts/texts-provider.tsx';
import type { useServerKeys } from './use-server-keys.ts';

/** Whose signature counts. */
export interface Trust {
  by: 'server' | 'own';
  /** Used with `own`. */
  fingerprint: string;
}

/** Asks which keys to trust: those of this server, or one that was got in another way. */
export function TrustChoice({
  trust,
  keys,
  problem,
  onChange,
}: {
  trust: Trust;
  keys: ReturnType<typeof useServerKeys>;
  /** Why the key that was named is none. */
  problem: string | undefined;
  onChange: (trust: Trust) => void;
}) {
  const texts = useTexts().verify;
  return (
    <Radio.Group
      label={texts.trust}
      value={trust.by}
      onChange={(by) => onChange({ ...trust, by: by as Trust['by'] })}
    >
      <Stack gap="sm" mt="xs">
        <Radio
          value="server"
          label={texts.server}
          description={keys.data?.current !== undefined && texts.serverHint(keys.data.current)}
          styles={{ description: { overflowWrap: 'anywhere' } }}
        />
        {trust.by === 'server' && (
          <Text size="sm" c="dimmed" maw={720}>
            {texts.serverCaution}
          </Text>
        )}
        {keys.isError && trust.by === 'server' && <Text c="red">{texts.noKeys}</Text>}
        <Radio value="own" label={texts.own} />
        {trust.by === 'own' && (
          <Textarea
            label={texts.fingerprint}
            description={texts.fingerprintHint}
            error={problem}
            value={trust.fingerprint}
            onChange={({ currentTarget }) => onChange({ ...trust, fingerprint: currentTarget.value })}
            autosize
            minRows={1}
            maxRows={4}
            maw={720}
            spellCheck={false}
          />
        )}
      </Stack>
    </Radio.Group>
  );
}
