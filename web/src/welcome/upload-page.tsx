import { Alert, Button, Group, Progress, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { RefusedError } from '../api/problem.ts';
import { FailureNote } from '../parts/failure-note.tsx';
import { FileDrop } from '../parts/forms/file-drop.tsx';
import { formatBytes } from '../parts/format-bytes.ts';
import { Page } from '../parts/page.tsx';
import { useLanguage, useTexts } from '../texts/texts-provider.tsx';
import { PrepareImport } from './prepare-import.tsx';
import { useUpload } from './use-upload.ts';

/** A file on its way in: chosen, uploaded, mapped, and then imported. */
export function UploadPage() {
  const texts = useTexts().welcome.upload;
  const { import: importId, file } = useSearch({ from: '/signed-in/welcome/upload' });
  const isChosen = importId !== undefined && file !== undefined;
  return (
    <Page title={isChosen ? file : texts.title} hint={texts.pageHint}>
      {isChosen ? <PrepareImport key={importId + file} importId={importId} file={file} /> : <ChooseFile />}
    </Page>
  );
}

function ChooseFile() {
  const texts = useTexts().welcome.upload;
  const { locale } = useLanguage();
  const navigate = useNavigate();
  const upload = useUpload((importId, file) =>
    navigate({ to: '/welcome/upload', search: { import: importId, file } }),
  );
  const { sending } = upload;
  return (
    <Stack>
      <Failed upload={upload} />
      <FileDrop
        title={texts.drop}
        hint={texts.formats}
        action={texts.action}
        isDisabled={sending !== undefined}
        onFiles={([file]) => void (file !== undefined && upload.send(file))}
      />
      <div aria-live="polite">
        {sending !== undefined && (
          <Stack gap="xs">
            <Group justify="space-between">
              <Text>{texts.uploading(sending.file.name)}</Text>
              <Text size="sm" c="dimmed">
                {texts.progress(formatBytes(sending.bytes, locale), formatBytes(sending.file.size, locale))}
              </Text>
            </Group>
            <Progress
              size="lg"
              value={sending.file.size === 0 ? 100 : (sending.bytes / sending.file.size) * 100}
              aria-label={texts.uploading(sending.file.name)}
            />
            <Group justify="flex-end">
              <Button variant="default" onClick={() => void upload.discard()}>
                {texts.discard}
              </Button>
            </Group>
          </Stack>
        )}
      </div>
    </Stack>
  );
}

/** Why the file did not arrive; where the connection broke, it can be sent again as it is. */
function Failed({ upload: { failed, send, discard } }: { upload: ReturnType<typeof useUpload> }) {
  const texts = useTexts().welcome.upload;
  if (failed === undefined) return null;
  const { error, file } = failed;
  if (error instanceof RefusedError && error.status < 500) return <FailureNote error={error} />;
  return (
    <Alert color="red" role="alert" icon={<IconAlertTriangle aria-hidden />} title={texts.broke(file.name)}>
      <Stack gap="sm">
        <Text size="sm">{texts.brokeHint}</Text>
        <Group gap="xs">
          <Button size="xs" onClick={() => void send(file)}>
            {texts.again}
          </Button>
          <Button size="xs" variant="default" onClick={() => void discard()}>
            {texts.discard}
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}
