import { Paper, Stack, Text, Title } from '@mantine/core';
import { $api, type Schema } from '../api/client.ts';
import { Asker } from '../exports/asker.tsx';
import { DataTable } from '../parts/data-table.tsx';
import { formatBytes } from '../parts/format-bytes.ts';
import { Loaded } from '../parts/loaded.tsx';
import { useLanguage, useTexts } from '../texts/texts-provider.tsx';
import { DayChart } from './day-chart.tsx';
import { ExpiringExports } from './export-lists.tsx';
import styles from './overview.module.css';

const DAYS = 30;

/** The exports of the last days: sums, bars a day, who had them made, and whose files end first. */
export function ExportSummary() {
  const query = $api.useQuery('get', '/v1/exports/summary', {
    params: { query: { days: DAYS, time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone } },
  });
  return (
    <Loaded query={query}>
      {(summary) => (
        <>
          <LastDays days={summary.days} />
          <div className={styles['pair']}>
            <People people={summary.people} />
            <ExpiringExports exports={summary.expiring} />
          </div>
        </>
      )}
    </Loaded>
  );
}

function LastDays({ days }: { days: Schema<'ExportSummary'>['days'] }) {
  const texts = useTexts().overview;
  const { locale } = useLanguage();
  const bytesText = (bytes: number) => formatBytes(bytes, locale);
  const countText = (count: number) => count.toLocaleString(locale);
  const sum = (part: 'made' | 'failed' | 'bytes') => days.reduce((all, day) => all + day[part], 0);
  const [made, failed, bytes] = [sum('made'), sum('failed'), sum('bytes')];
  const dates = days.map(({ day }) => day);
  return (
    <Stack component="section" gap="sm" aria-label={texts.charts}>
      <Title order={2} size="h4">
        {texts.charts}
      </Title>
      <div className={styles['tiles']}>
        <Tile name={texts.made} value={countText(made)} />
        <Tile name={texts.handedOut} value={bytesText(bytes)} />
        <Tile name={texts.failures} value={countText(failed)} />
      </div>
      {made + failed === 0 ? (
        <Text size="sm" c="dimmed">
          {texts.quiet}
        </Text>
      ) : (
        <div className={styles['pair']}>
          <DayChart
            title={texts.perDay}
            about={texts.chartOfExports(made, failed)}
            days={dates}
            series={[
              { name: texts.series.made, look: 'made', values: days.map((day) => day.made) },
              { name: texts.series.failed, look: 'failed', values: days.map((day) => day.failed) },
            ]}
            format={countText}
          />
          <DayChart
            title={texts.bytesPerDay}
            about={texts.chartOfBytes(bytesText(bytes))}
            days={dates}
            series={[{ name: texts.series.bytes, look: 'made', values: days.map((day) => day.bytes) }]}
            format={bytesText}
          />
        </div>
      )}
    </Stack>
  );
}

function Tile({ name, value }: { name: string; value: string }) {
  return (
    <Paper withBorder p="md">
      <Text size="sm" c="dimmed">
        {name}
      </Text>
      <Text size="xl" fw={600}>
        {value}
      </Text>
    </Paper>
  );
}

function People({ people }: { people: Schema<'ExportSummary'>['people'] }) {
  const texts = useTexts().overview;
  const { locale } = useLanguage();
  return (
    <Stack component="section" gap="xs" aria-label={texts.people}>
      <Title order={2} size="h4">
        {texts.people}
      </Title>
      {people.length === 0 ? (
        <Text size="sm" c="dimmed">
          {texts.quiet}
        </Text>
      ) : (
        <DataTable
          label={texts.people}
          minWidth={320}
          rows={people}
          keyOf={({ by }) => by.id}
          columns={[
            { title: texts.person, cell: ({ by }) => <Asker by={by} /> },
            { title: texts.exports, isEnd: true, cell: ({ made }) => made.toLocaleString(locale) },
            { title: texts.size, isEnd: true, cell: ({ bytes }) => formatBytes(bytes, locale) },
          ]}
        />
      )}
    </Stack>
  );
}
