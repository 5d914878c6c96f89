import { ActionIcon, Text } from '@mantine/core';
import { IconDownload, IconMicrophone, IconPaperclip } from '@tabler/icons-react';
import { useDownload } from '../../parts/download/download.tsx';
import { formatBytes } from '../../parts/format-bytes.ts';
import { useLanguage, useTexts } from '../../texts/texts-provider.tsx';
import type { ThreadFile } from './thread-entries.ts';
import classes from './thread.module.css';

/** A file: what it is, how large, to be fetched; a recording can be listened to at once. */
export function FileCard({ file }: { file: ThreadFile }) {
  const texts = useTexts().conversations.files;
  const { locale } = useLanguage();
  const download = useDownload();
  const { id, name, media_type: type, size, content_bytes: stored } = file;
  const href = `/v1/files/${encodeURIComponent(id)}/content`;
  const isSound = type?.startsWith('audio/') === true;
  const bytes = stored ?? size;
  const shown = name ?? texts.unnamed;
  const Icon = isSound ? IconMicrophone : IconPaperclip;
  return (
    <div className={classes['file']}>
      <Icon size={18} stroke={1.6} aria-hidden />
      <div style={{ flex: 1, minWidth: 0 }}>
        <Text size="sm" fw={500} truncate dir="auto" title={shown}>
          {shown}
        </Text>
        <Text size="xs" c="dimmed">
          {[texts.kinds[file.kind], bytes === null ? undefined : formatBytes(bytes, locale)]
            .filter((part) => part !== undefined)
            .join(' · ')}
          {stored === null && ` · ${texts.missing}`}
        </Text>
      </div>
      {stored !== null && (
        <ActionIcon variant="subtle" aria-label={texts.download(shown)} onClick={() => void download(href)}>
          <IconDownload size={18} aria-hidden />
        </ActionIcon>
      )}
      {stored !== null && isSound && <audio controls preload="none" src={href} aria-label={shown} />}
    </div>
  );
}
