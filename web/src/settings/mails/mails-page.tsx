import { Alert, Anchor, Badge, Button, Modal, Text } from '@mantine/core';
import { IconMail } from '@tabler/icons-react';
import { useState } from 'react';
import { $api, type Schema } from '../../api/client.ts';
import { cursorPages, moreOf } from '../../parts/cursor-pages.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Moment } from '../../parts/moment.tsx';
import { Page } from '../../parts/page.tsx';
import { useTexts } from '../../texts/texts-provider.tsx';
import { MailText } from './mail-text.tsx';

type Mail = Schema<'Mail'>;

const COLORS: Record<Mail['status'], string> = {
  queued: 'blue',
  sent: 'teal',
  kept: 'yellow',
  failed: 'red',
};

/** The mails about the workspace; where no server for them is set, what is to be handed over by other means. */
export function MailsPage() {
  const texts = useTexts();
  const words = texts.mails;
  const [shown, setShown] = useState<Mail>();
  const init = { params: { query: { limit: 50 } } };
  const query = $api.useInfiniteQuery('get', '/v1/mails', init, cursorPages);
  const columns: Column<Mail>[] = [
    { title: words.subject, cell: ({ subject }) => subject },
    { title: words.to, cell: ({ recipient }) => recipient },
    { title: words.status, cell: (mail) => <State mail={mail} /> },
    { title: words.at, cell: ({ created_at: at }) => <Moment at={at} /> },
    {
      title: words.actions,
      isEnd: true,
      cell: (mail) =>
        mail.text !== null && (
          <Button
            variant="subtle"
            size="compact-sm"
            onClick={() => setShown(mail)}
            aria-label={words.showOf(mail.subject, mail.recipient)}
          >
            {words.show}
          </Button>
        ),
    },
  ];
  return (
    <Page title={texts.settings.pages.mails.name} hint={words.hint}>
      <Loaded query={query}>
        {({ pages }) => {
          const mails = pages.flatMap((page) => page.mails);
          return (
            <>
              {pages[0]?.is_sending === false && (
                <Alert color="yellow" title={words.kept}>
                  {words.keptHint}{' '}
                  <Anchor href="/docs/mail.md" size="sm">
                    {words.howToSet}
                  </Anchor>
                </Alert>
              )}
              {mails.length === 0 ? (
                <Empty icon={IconMail} title={words.nothing}>
                  {words.nothingHint}
                </Empty>
              ) : (
                <DataTable
                  label={texts.settings.pages.mails.name}
                  columns={columns}
                  rows={mails}
                  keyOf={({ id }) => id}
                  more={moreOf(query)}
                  minWidth={760}
                />
              )}
            </>
          );
        }}
      </Loaded>
      {shown !== undefined && (
        <Modal opened onClose={() => setShown(undefined)} title={shown.subject} size="lg" centered>
          <MailText mail={shown} />
        </Modal>
      )}
    </Page>
  );
}

function State({ mail: { status, attempts, last_error: error } }: { mail: Mail }) {
  const texts = useTexts().mails;
  return (
    <>
      <Badge variant="light" color={COLORS[status]} miw="max-content">
        {texts.statuses[status]}
      </Badge>
      {error !== null && (
        <Text size="xs" c="dimmed">
          {texts.tries(attempts)}: {error}
        </Text>
      )}
    </>
  );
}
