import { Badge, Group, Paper, Stack, Tabs, Text, Title } from '@mantine/core';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { $api, type Schema } from '../api/client.ts';
import { DetailColumns } from '../parts/detail-columns.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Page } from '../parts/page.tsx';
import { useMay } from '../session/use-session.ts';
import { useTexts } from '../texts/texts-provider.tsx';
import { ContactFacts } from './contact-facts.tsx';
import { ContactFiles } from './contact-files.tsx';
import { contactTitle } from './contact-title.ts';
import { ContactConversations, ContactTickets } from './contact-lists.tsx';
import { contactTabs, type ContactTab } from './contacts.routes.ts';
import styles from './contacts.module.css';
import { ExportContactMenu } from './export-contact-menu.tsx';

const LISTS: Record<ContactTab, (props: { id: string }) => React.ReactNode> = {
  conversations: ContactConversations,
  tickets: ContactTickets,
  files: ContactFiles,
};

/** One person: who they are, what they said, and a copy of all of it. */
export function ContactPage() {
  const { id } = useParams({ from: '/signed-in/contacts/$id' });
  const { contacts: texts, nav } = useTexts();
  const query = $api.useQuery('get', '/v1/contacts/{id}', { params: { path: { id } } });
  if (query.data === undefined)
    return (
      <Page title={nav.contacts}>
        <Loaded query={query}>{() => null}</Loaded>
      </Page>
    );
  const contact = query.data;
  return (
    <Page
      title={contactTitle(contact)}
      hint={
        <Group gap="xs" component="span">
          <Badge component="span" variant="light" color="gray" tt="none">
            {texts.kinds[contact.kind]}
          </Badge>
          {contact.email !== contactTitle(contact) && contact.email}
        </Group>
      }
      actions={<ExportContactMenu contact={contact} />}
    >
      <DetailColumns>
        <Records id={id} />
        <Stack component="aside" aria-label={texts.facts}>
          <Notes contact={contact} />
          <ContactFacts contact={contact} />
        </Stack>
      </DetailColumns>
    </Page>
  );
}

/** What they take part in, a tab each. */
function Records({ id }: { id: string }) {
  const texts = useTexts().contacts;
  const { tab = 'conversations' } = useSearch({ from: '/signed-in/contacts/$id' });
  const navigate = useNavigate({ from: '/contacts/$id' });
  if (!useMay()('conversations.read')) return <div />;
  return (
    <Tabs
      value={tab}
      keepMounted={false}
      onChange={(next) => void navigate({ search: { tab: next as ContactTab }, replace: true })}
    >
      <Tabs.List>
        {contactTabs.map((one) => (
          <Tabs.Tab key={one} value={one}>
            {texts.tabs[one]}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {contactTabs.map((one) => {
        const List = LISTS[one];
        return (
          <Tabs.Panel key={one} value={one} pt="md">
            <List id={id} />
          </Tabs.Panel>
        );
      })}
    </Tabs>
  );
}

function Notes({ contact: { notes } }: { contact: Schema<'Contact'> }) {
  const texts = useTexts().contacts;
  if (notes === undefined || notes === null || notes === '') return null;
  return (
    <Paper withBorder p="md">
      <Title order={2} size="h5" mb="xs">
        {texts.notes}
      </Title>
      <Text size="sm" className={styles['notes'] ?? ''}>
        {notes}
      </Text>
    </Paper>
  );
}
