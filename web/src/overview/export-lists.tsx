import { Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { $api, type Schema } from '../api/client.ts';
import { type Column, DataTable } from '../parts/data-table.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Moment } from '../parts/moment.tsx';
import { RouteAnchor } from '../parts/route-anchor.tsx';
import { useLanguage, useTexts } from '../texts/texts-provider.tsx';

type Export = Schema<'Export'>;

const FAILED = 5;
const HOUR_MS = 3_600_000;

/** Kept exports whose files end first. */
export function ExpiringExports({ exports }: { exports: Export[] }) {
  const texts = useTexts().overview;
  const { locale } = useLanguage();
  return (
    <Short
      title={texts.expiring}
      nothing={texts.nothingExpires}
      exports={exports}
      column={{
        title: texts.expires,
        cell: ({ expires_at: at }) => (
          <>
            {inWords(new Date(at!).getTime() - Date.now(), locale)}
            <Text size="xs" c="dimmed">
              <Moment at={at!} />
            </Text>
          </>
        ),
      }}
    />
  );
}

/** What failed last, and why; nothing where nothing did. */
export function FailedExports() {
  const texts = useTexts().overview;
  const query = $api.useQuery('get', '/v1/exports', {
    params: { query: { status: ['failed'], limit: FAILED } },
  });
  return (
    <Loaded query={query}>
      {({ exports }) =>
        exports.length === 0 ? null : (
          <Short
            title={texts.failed}
            exports={exports}
            column={{ title: texts.why, cell: ({ error }) => error?.title }}
          />
        )
      }
    </Loaded>
  );
}

/** A few exports, with one thing about each. */
function Short({
  title,
  nothing,
  exports,
  column,
}: {
  title: string;
  /** Said of an empty list. */
  nothing?: string;
  exports: Export[];
  column: Column<Export>;
}): ReactNode {
  const { overview: texts, exports: words } = useTexts();
  return (
    <Stack component="section" gap="xs" aria-label={title}>
      <Title order={2} size="h4">
        {title}
      </Title>
      {exports.length === 0 ? (
        <Text size="sm" c="dimmed">
          {nothing}
        </Text>
      ) : (
        <DataTable
          label={title}
          minWidth={320}
          rows={exports}
          keyOf={({ job_id: id }) => id}
          columns={[
            {
              title: texts.what,
              cell: ({ job_id: id, kind, format, requested_at: at }) => (
                <>
                  <RouteAnchor to="/exports/$id" params={{ id }} size="sm">
                    {words.kinds[kind]} · {words.formats[format]}
                  </RouteAnchor>
                  <Text size="xs" c="dimmed">
                    <Moment at={at} />
                  </Text>
                </>
              ),
            },
            column,
          ]}
        />
      )}
    </Stack>
  );
}

/** “in 3 days”, “in 5 hours”. */
function inWords(ms: number, locale: string): string {
  const hours = Math.max(1, Math.round(ms / HOUR_MS));
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'always' });
  return hours < 48 ? format.format(hours, 'hour') : format.format(Math.round(hours / 24), 'day');
}
