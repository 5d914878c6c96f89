import { Group, Progress, Stack, Text } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../api/client.ts';
import { RefusedError } from '../api/problem.ts';
import { FailureNote } from '../parts/failure-note.tsx';
import { FileDrop } from '../parts/forms/file-drop.tsx';
import { formatBytes } from '../parts/format-bytes.ts';
import { Page } from '../parts/page.tsx';
import { useLanguage, useTexts } from '../texts/texts-provider.tsx';
import { PrepareImport } from './prepare-import.tsx';
import { uploadFile } from './upload-file.ts';

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

interface Upload {
  file: File;
  bytes: number;
}

function ChooseFile() {
  const texts = useTexts().welcome.upload;
  const { language } = useLanguage();
  const navigate = useNavigate();
  const [upload, setUpload] = useState<Upload>();
  const [error, setError] = useState<unknown>();
  const begin = async (file: File) => {
    setError(undefined);
    setUpload({ file, bytes: 0 });
    try {
      const { data } = await api.POST('/v1/imports', { body: { source: 'files' } });
      const { id } = data!;
      try {
        await uploadFile(id, file, { onProgress: (bytes) => setUpload({ file, bytes }) });
      } catch (failed) {
        // What was begun for this file is of no use to anybody.
        await api.DELETE('/v1/imports/{id}', { params: { path: { id } } }).catch(() => undefined);
        throw failed;
      }
      await navigate({ to: '/welcome/upload', search: { import: id, file: file.name } });
    } catch (failed) {
      setError(failed);
    } finally {
      setUpload(undefined);
    }
  };
  return (
    <Stack>
      {error !== undefined &&
        (error instanceof RefusedError ? (
          <FailureNote error={error} />
        ) : (
          <Text role="alert" c="red">
            {texts.failed}
          </Text>
        ))}
      <FileDrop
        title={texts.drop}
        hint={texts.formats}
        action={texts.action}
        isDisabled={upload !== undefined}
        onFiles={([file]) => void (file !== undefined && begin(file))}
      />
      <div aria-live="polite">
        {upload !== undefined && (
          <Stack gap="xs">
            <Group justify="space-between">
              <Text>{texts.uploading(upload.file.name)}</Text>
              <Text size="sm" c="dimmed">
                {texts.progress(formatBytes(upload.bytes, language), formatBytes(upload.file.size, language))}
              </Text>
            </Group>
            <Progress
              size="lg"
              value={upload.file.size === 0 ? 100 : (upload.bytes / upload.file.size) * 100}
              aria-label={texts.uploading(upload.file.name)}
            />
          </Stack>
        )}
      </div>
    </Stack>
  );
}
