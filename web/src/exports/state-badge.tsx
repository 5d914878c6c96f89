import { Badge } from '@mantine/core';
import type { Schema } from '../api/client.ts';
import { useTexts } from '../texts/texts-provider.tsx';

type Status = Schema<'Export'>['status'];

const COLORS: Record<Status, string> = {
  queued: 'gray',
  running: 'blue',
  ready: 'teal',
  failed: 'red',
  cancelled: 'gray',
  expired: 'gray',
};

/** How an export is, in a word. */
export function StateBadge({ status }: { status: Status }) {
  const texts = useTexts();
  return (
    <Badge component="span" variant="light" color={COLORS[status]} tt="none" fw={600} miw="max-content">
      {texts.exports.statuses[status]}
    </Badge>
  );
}
