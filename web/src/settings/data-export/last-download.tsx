import { Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { Schema } from '../../api/client.ts';
import { formatBytes } from '../../parts/format-bytes.ts';
import { Moment } from '../../parts/moment.tsx';
import { useLanguage, useTexts } from '../../texts/texts-provider.tsx';

/** When somebody last had all of an export of a kind, and who; it follows what happens. */
export function LastDownload({ last }: { last: Schema<'LastExport'> | undefined }) {
  const texts = useTexts().settingsData.dataExport;
  const { locale } = useLanguage();
  // Not known yet: the line keeps its place.
  if (last === undefined) return <Text size="sm">{'\u00A0'}</Text>;
  const { downloaded } = last;
  return (
    <Text size="sm" role="status">
      {downloaded === null ? (
        texts.never
      ) : (
        <>
          {texts.lastDownloaded}{' '}
          <Link to="/exports/$id" params={{ id: downloaded.job_id }}>
            <Moment at={downloaded.at} />
          </Link>{' '}
          {downloaded.by !== null && texts.by(downloaded.by.name)} (
          {texts.allOfIt(formatBytes(downloaded.bytes, locale))})
        </>
      )}
    </Text>
  );
}
