import { ActionIcon, Indicator, Popover, VisuallyHidden } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconBell } from '@tabler/icons-react';
import { lazy, Suspense } from 'react';
import { useTexts } from '../../texts/texts-provider.tsx';
import { useNotices } from './use-notices.ts';

const NoticesList = lazy(async () => ({ default: (await import('./notices-list.tsx')).NoticesList }));

/** How many notices are unread, and what they say. */
export function NoticesBell() {
  const texts = useTexts().session.notices;
  const [isOpen, { toggle, open, close }] = useDisclosure();
  const { data } = useNotices();
  const unread = data?.pages[0]?.unread ?? 0;
  return (
    <Popover
      opened={isOpen}
      onChange={(isNow) => (isNow ? open() : close())}
      position="bottom-end"
      width={340}
      trapFocus
      returnFocus
    >
      <Indicator label={unread} disabled={unread === 0} size={16} offset={6}>
        <Popover.Target>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            onClick={toggle}
            aria-label={texts.open(unread)}
          >
            <IconBell size={20} stroke={1.6} aria-hidden />
          </ActionIcon>
        </Popover.Target>
      </Indicator>
      <VisuallyHidden role="status">{unread > 0 && texts.open(unread)}</VisuallyHidden>
      <Popover.Dropdown p={0} aria-label={texts.title}>
        <Suspense>
          <NoticesList onLeave={close} />
        </Suspense>
      </Popover.Dropdown>
    </Popover>
  );
}
