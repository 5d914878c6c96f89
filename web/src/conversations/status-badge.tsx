import { Badge } from '@mantine/core';
import { memo } from 'react';
import type { FilterStatus } from '../parts/filter-words.tsx';
import { useTexts } from '../texts/texts-provider.tsx';

const COLORS: Record<FilterStatus, string> = {
  open: 'blue',
  claimed: 'cyan',
  assigned: 'cyan',
  waiting: 'yellow',
  escalated: 'red',
  snoozed: 'grape',
  resolved: 'teal',
  archived: 'gray',
};

/** The state of a conversation. */
export const StatusBadge = memo(function StatusBadge({ status }: { status: FilterStatus }) {
  const texts = useTexts().filter.statuses;
  return (
    <Badge variant="light" color={COLORS[status]} tt="none" fw={500} autoContrast>
      {texts[status]}
    </Badge>
  );
});
