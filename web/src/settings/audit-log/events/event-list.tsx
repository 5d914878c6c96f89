import { Button, Center, Stack } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { $api } from '../../../api/client.ts';
import { cursorPages, moreOf } from '../../../parts/cursor-pages.ts';
import { Empty } from '../../../parts/empty.tsx';
import { Loaded } from '../../../parts/loaded.tsx';
import { useTexts } from '../../../texts/texts-provider.tsx';
import { type AuditSearch, logQueryOf } from '../audit-search.ts';
import { EventRow } from './event-row.tsx';
import styles from './event-list.module.css';

const PAGE = 50;

/** The events that the filters leave, newest first; one of them open. */
export function EventList({
  search,
  onChange,
}: {
  search: AuditSearch;
  onChange: (search: AuditSearch) => void;
}) {
  const texts = useTexts();
  const init = { params: { query: { ...logQueryOf(search), limit: PAGE } } };
  const query = $api.useInfiniteQuery('get', '/v1/audit-log', init, cursorPages);
  const more = moreOf(query);
  const { event: open, ...filters } = search;
  return (
    <Loaded query={query}>
      {({ pages }) => {
        const events = pages.flatMap((page) => page?.events ?? []);
        if (events.length === 0)
          return (
            <Empty icon={IconHistory} title={texts.audit.nothing}>
              {texts.audit.nothingHint}
            </Empty>
          );
        return (
          <Stack>
            <ul className={styles['list']} aria-label={texts.settings.pages.auditLog.name}>
              {events.map((event) => (
                <EventRow
                  key={event.seq}
                  event={event}
                  isOpen={event.seq === open}
                  onToggle={() => onChange(event.seq === open ? filters : { ...filters, event: event.seq })}
                  onNarrow={(narrowed) => onChange({ ...filters, ...narrowed })}
                />
              ))}
            </ul>
            {more !== undefined && (
              <Center>
                <Button variant="default" onClick={more.load} loading={more.isPending}>
                  {texts.state.more}
                </Button>
              </Center>
            )}
          </Stack>
        );
      }}
    </Loaded>
  );
}
