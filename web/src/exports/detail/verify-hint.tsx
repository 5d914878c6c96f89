import { Alert, Stack, Text } from '@mantine/core';
import { $api, type Schema } from '../../api/client.ts';
import { CopyText } from '../../parts/copy-text.tsx';
import { RouteAnchor } from '../../parts/route-anchor.tsx';
import { useTexts } from '../../texts/texts-provider.tsx';
import { Section } from '../../parts/section.tsx';

/** How whoever gets the file finds out that it is whole and unchanged. */
export function VerifyHint({
  of: { kept, sha256 },
  contents: { file_name: fileName, signed_by: key },
}: {
  of: Schema<'Export'>;
  contents: Schema<'ExportContents'>;
}) {
  const texts = useTexts().exportPage.verify;
  const keys = $api.useQuery('get', '/.well-known/convey-keys.json');
  if (fileName === null || key === null) return null;
  const isStolen = keys.data?.keys.some(
    ({ fingerprint, status }) => fingerprint === key && status === 'compromised',
  );
  const receipt = kept ? '' : ' --receipt receipt.json';
  return (
    <Section
      title={texts.title}
      hint={texts.hint}
      actions={
        <RouteAnchor to="/verify" size="sm">
          {texts.inBrowser}
        </RouteAnchor>
      }
    >
      {isStolen === true && <Alert color="red">{texts.compromised}</Alert>}
      <Labelled label={texts.command} text={`npx convey verify ${fileName}${receipt} --key ${key}`} isBlock />
      <Labelled label={texts.key} hint={texts.keyHint} text={key} />
      {kept && sha256 !== null && <Labelled label={texts.manifest} text={sha256} />}
    </Section>
  );
}

function Labelled({
  label,
  hint,
  text,
  isBlock = false,
}: {
  label: string;
  hint?: string;
  text: string;
  isBlock?: boolean;
}) {
  return (
    <Stack gap={4}>
      <Text size="sm">
        {label}
        {hint !== undefined && (
          <Text span inherit c="dimmed">
            {' '}
            – {hint}
          </Text>
        )}
      </Text>
      <CopyText text={text} isBlock={isBlock} />
    </Stack>
  );
}
