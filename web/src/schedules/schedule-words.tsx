import { Badge, Group, Text } from '@mantine/core';
import type { Schema } from '../api/client.ts';
import type { Order } from '../exports/order/export-order.ts';
import { useLanguage, useTexts } from '../texts/texts-provider.tsx';
import { rhythmOf, weekdayName } from './rhythm.ts';

/** What a schedule exports: the body of an order. */
export const requestOf = ({ request }: Schema<'Schedule'>) => request as Order;

/** What is exported, and as what. */
export function WhatWords({ request: { kind, format } }: { request: Order }) {
  const texts = useTexts().exports;
  return format === undefined ? texts.kinds[kind] : `${texts.kinds[kind]} · ${texts.formats[format]}`;
}

/** When it runs, in words where it is simple, and where the clock stands. */
export function RhythmWords({
  schedule: { cron, time_zone: zone },
}: {
  schedule: { cron: string; time_zone: string };
}) {
  const texts = useTexts().schedules.rhythm;
  const { locale } = useLanguage();
  const rhythm = rhythmOf(cron);
  const words =
    rhythm.every === 'cron'
      ? texts.cron(cron)
      : rhythm.every === 'day'
        ? texts.day(rhythm.time)
        : rhythm.every === 'week'
          ? texts.week(weekdayName(rhythm.day, locale), rhythm.time)
          : texts.month(String(rhythm.date), rhythm.time);
  return (
    <>
      {words}{' '}
      <Text span size="xs" c="dimmed">
        {zone}
      </Text>
    </>
  );
}

/** Where the packages go beside being kept. */
export function DestinationWords({ destination }: { destination: Schema<'Schedule'>['destination'] }) {
  const texts = useTexts().schedules;
  switch (destination.type) {
    case 'mail':
      return texts.mailedTo(destination.to.join(', '));
    case 's3':
      return texts.copiedTo([destination.destination, destination.prefix].filter(Boolean).join('/'));
    default:
      return texts.destinations.link;
  }
}

/** Whether it runs, or why not. */
export function ScheduleState({
  schedule: { paused_at: at, paused_reason: reason },
}: {
  schedule: Schema<'Schedule'>;
}) {
  const texts = useTexts().schedules;
  if (at === null)
    return (
      <Badge variant="light" color="teal" tt="none">
        {texts.active}
      </Badge>
    );
  return (
    <Group gap={6}>
      <Badge variant="light" color={reason === 'by_hand' ? 'gray' : 'red'} tt="none">
        {texts.paused}
      </Badge>
      {reason !== null && (
        <Text size="xs" c="dimmed">
          {texts.pausedReasons[reason]}
        </Text>
      )}
    </Group>
  );
}
