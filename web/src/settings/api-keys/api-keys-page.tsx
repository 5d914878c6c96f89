import { Badge, Button, Code, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconKey } from '@tabler/icons-react';
import { useState } from 'react';
import { $api, type Schema } from '../../api/client.ts';
import { cursorPages, moreOf } from '../../parts/cursor-pages.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Moment } from '../../parts/moment.tsx';
import { Page } from '../../parts/page.tsx';
import { useMay } from '../../session/use-session.ts';
import { useTexts } from '../../texts/texts-provider.tsx';
import { usePeople } from '../use-people.ts';
import { CreateKey } from './create-key.tsx';
import { RevokeKey } from './revoke-key.tsx';

type ApiKey = Schema<'ApiKey'>;

/** The workspace's API keys: what each may, when it was used, and making and revoking them. */
export function ApiKeysPage() {
  const texts = useTexts();
  const may = useMay();
  const [isCreating, creating] = useDisclosure();
  const create = may('keys.manage') && <Button onClick={creating.open}>{texts.apiKeys.create}</Button>;
  const init = { params: { query: { limit: 50 } } };
  const query = $api.useInfiniteQuery('get', '/v1/api-keys', init, cursorPages);
  return (
    <Page title={texts.settings.pages.apiKeys.name} hint={texts.apiKeys.hint} actions={create}>
      <Loaded query={query}>
        {({ pages }) => {
          const keys = pages.flatMap((page) => page.api_keys);
          if (keys.length > 0) return <KeyTable keys={keys} more={moreOf(query)} />;
          return (
            <Empty icon={IconKey} title={texts.apiKeys.nothing}>
              {texts.apiKeys.nothingHint}
            </Empty>
          );
        }}
      </Loaded>
      {isCreating && <CreateKey onClose={creating.close} />}
    </Page>
  );
}

const hasExpired = ({ expires_at: end }: ApiKey) => end !== null && new Date(end).getTime() <= Date.now();
const hasEnded = (key: ApiKey) => key.revoked_at !== null || hasExpired(key);

function KeyTable({ keys, more }: { keys: readonly ApiKey[]; more: ReturnType<typeof moreOf> }) {
  const texts = useTexts();
  const words = texts.apiKeys;
  const { members, keys: names } = usePeople();
  const [revoked, setRevoked] = useState<ApiKey>();
  const [showsEnded, ended] = useDisclosure();
  const endedCount = keys.filter(hasEnded).length;
  const nameOf = (id: string) =>
    members.get(id) ?? names.get(id) ?? (texts.audit.actors as Record<string, string>)[id] ?? id;
  const columns: Column<ApiKey>[] = [
    {
      title: words.name,
      cell: ({ name, hint }) => (
        <Stack gap={0}>
          <Text size="sm" fw={600}>
            {name}
          </Text>
          <Text size="xs" c="dimmed">
            <Code fz="xs">{hint}…</Code>
          </Text>
        </Stack>
      ),
    },
    { title: words.scopes, cell: (key) => <Reach apiKey={key} /> },
    {
      title: words.lastUsed,
      cell: ({ last_used_at: at }) => (at === null ? words.never : <Moment at={at} />),
    },
    {
      title: words.created,
      cell: ({ created_at: at, created_by: by }) => (
        <>
          <Moment at={at} dateOnly />
          <Text size="xs" c="dimmed">
            {words.by} {nameOf(by)}
          </Text>
        </>
      ),
    },
    { title: words.state, cell: (key) => <State apiKey={key} /> },
    {
      title: words.actions,
      isEnd: true,
      cell: (key) =>
        !hasEnded(key) && (
          <Button
            variant="subtle"
            color="red"
            size="compact-sm"
            onClick={() => setRevoked(key)}
            aria-label={words.revokeOf(key.name)}
          >
            {words.revoke}
          </Button>
        ),
    },
  ];
  return (
    <>
      <DataTable
        label={texts.settings.pages.apiKeys.name}
        columns={columns}
        rows={showsEnded ? keys : keys.filter((key) => !hasEnded(key))}
        keyOf={({ id }) => id}
        more={more}
        minWidth={720}
      />
      {endedCount > 0 && (
        <Group>
          <Button variant="subtle" size="compact-sm" onClick={ended.toggle}>
            {showsEnded ? words.hideEnded : words.showEnded(endedCount)}
          </Button>
        </Group>
      )}
      {revoked !== undefined && <RevokeKey apiKey={revoked} onClose={() => setRevoked(undefined)} />}
    </>
  );
}

function Reach({ apiKey: { scopes, allowed_networks: networks } }: { apiKey: ApiKey }) {
  return (
    <Stack gap={4}>
      <Group gap={4}>
        {scopes.map((scope) => (
          <Badge key={scope} variant="default" tt="none" fw={500}>
            {scope}
          </Badge>
        ))}
      </Group>
      {networks.length > 0 && (
        <Text size="xs" c="dimmed">
          {networks.join(', ')}
        </Text>
      )}
    </Stack>
  );
}

function State({ apiKey }: { apiKey: ApiKey }) {
  const texts = useTexts().apiKeys;
  const { revoked_at: revokedAt, expires_at: expiresAt } = apiKey;
  const at = revokedAt ?? expiresAt;
  const word =
    revokedAt !== null
      ? texts.revoked
      : hasExpired(apiKey)
        ? texts.expired
        : expiresAt === null
          ? texts.valid
          : texts.validUntil;
  return (
    <>
      <Text size="sm">{word}</Text>
      {at !== null && (
        <Text size="xs" c="dimmed">
          <Moment at={at} />
        </Text>
      )}
    </>
  );
}
