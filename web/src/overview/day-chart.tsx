import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { DataTable } from '../parts/data-table.tsx';
import { useLanguage, useTexts } from '../texts/texts-provider.tsx';
import styles from './overview.module.css';

export interface Series {
  name: string;
  look: 'made' | 'failed';
  /** One value a day. */
  values: readonly number[];
}

/** Units of the drawing, which is stretched to the room there is. */
const HEIGHT = 100;
const DAY_WIDTH = 10;
const BAR_WIDTH = 7;
/** What is there at all is to be seen. */
const LEAST_BAR = 2;

/** Bars, one a day, what belongs to one day on top of one another; or the same as a table. */
export function DayChart({
  title,
  about,
  days,
  series,
  format,
}: {
  title: string;
  /** What it shows, for whoever does not see it. */
  about: string;
  /** `2026-03-01` */
  days: readonly string[];
  series: readonly Series[];
  format: (value: number) => string;
}) {
  const texts = useTexts().overview;
  const { locale } = useLanguage();
  const [isTable, { toggle }] = useDisclosure();
  const dayText = (day: string) =>
    new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' }).format(new Date(day));
  const totals = days.map((_, index) => series.reduce((sum, { values }) => sum + values[index]!, 0));
  const most = Math.max(...totals);
  return (
    <Paper withBorder p="md">
      <Stack gap="sm">
        <Group justify="space-between" gap="xs">
          <Title order={3} size="h5">
            {title}
          </Title>
          <Button variant="subtle" size="compact-xs" onClick={toggle}>
            {isTable ? texts.asChart : texts.asTable}
          </Button>
        </Group>
        {isTable ? (
          <DataTable
            label={title}
            minWidth={240}
            rows={days.map((day, index) => ({ day, index })).toReversed()}
            keyOf={({ day }) => day}
            columns={[
              { title: texts.day, cell: ({ day }) => dayText(day) },
              ...series.map(({ name, values }) => ({
                title: name,
                isEnd: true,
                cell: ({ index }: { index: number }) => format(values[index]!),
              })),
            ]}
          />
        ) : (
          <>
            <Bars
              about={about}
              most={most}
              series={series}
              titles={days.map(
                (day, index) =>
                  `${dayText(day)}: ${series.map(({ name, values }) => `${name} ${format(values[index]!)}`).join(', ')}`,
              )}
            />
            <Group justify="space-between" gap="xs">
              <Text size="xs" c="dimmed">
                {dayText(days[0]!)} – {dayText(days.at(-1)!)}
              </Text>
              {most > 0 && (
                <Text size="xs" c="dimmed">
                  {texts.peak(format(most), dayText(days[totals.indexOf(most)]!))}
                </Text>
              )}
            </Group>
            {series.length > 1 && <Legend series={series} />}
          </>
        )}
      </Stack>
    </Paper>
  );
}

function Bars({
  about,
  most,
  series,
  titles,
}: {
  about: string;
  most: number;
  series: readonly Series[];
  titles: readonly string[];
}) {
  return (
    <svg
      className={styles['chart']}
      viewBox={`0 0 ${titles.length * DAY_WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={about}
    >
      {titles.map((title, index) => {
        let top = HEIGHT;
        return (
          <g key={title} className={styles['column']}>
            <title>{title}</title>
            <rect className={styles['day']} x={index * DAY_WIDTH} y={0} width={DAY_WIDTH} height={HEIGHT} />
            {series.map(({ name, look, values }) => {
              const value = values[index]!;
              if (value === 0) return null;
              const height = Math.max(LEAST_BAR, (value / most) * HEIGHT);
              top = Math.max(0, top - height);
              const x = index * DAY_WIDTH + (DAY_WIDTH - BAR_WIDTH) / 2;
              return (
                <rect key={name} className={styles[look]} x={x} y={top} width={BAR_WIDTH} height={height} />
              );
            })}
          </g>
        );
      })}
    </svg>
  );
}

function Legend({ series }: { series: readonly Series[] }) {
  return (
    <Group gap="md">
      {series.map(({ name, look }) => (
        <Group key={name} gap={6}>
          <svg className={styles['mark']} viewBox="0 0 1 1" aria-hidden>
            <rect className={styles[look]} width={1} height={1} />
          </svg>
          <Text size="xs">{name}</Text>
        </Group>
      ))}
    </Group>
  );
}
