import { Button, Menu, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { $api } from '../api/client.ts';
import { lastFilter } from '../conversations/last-filter.ts';
import { useMay } from '../session/use-session.ts';
import { useTexts } from '../texts/texts-provider.tsx';
import { ExportDialog } from './order/export-dialog.tsx';
import type { WantedExport } from './order/export-order.ts';

/** Asks what is to be exported, and then how; nothing for who may export nothing of it. */
export function NewExport() {
  const { exports: texts } = useTexts();
  const mayOrder = useMay()('export.order');
  const [wanted, setWanted] = useState<WantedExport>();
  const { data } = $api.useQuery('get', '/v1/exports/options', {}, { staleTime: 60_000, enabled: mayOrder });
  const filter = lastFilter();
  const choices: { order: WantedExport; name: string; hint: string }[] = [
    ...(Object.keys(filter).length === 0
      ? []
      : [{ order: { kind: 'conversations', filter } as const, ...texts.new.found }]),
    { order: { kind: 'conversations' }, name: texts.kinds.conversations, hint: texts.new.conversations },
    { order: { kind: 'contacts' }, name: texts.kinds.contacts, hint: texts.new.contacts },
    { order: { kind: 'workspace' }, name: texts.kinds.workspace, hint: texts.new.workspace },
    { order: { kind: 'audit' }, name: texts.kinds.audit, hint: texts.new.audit },
  ];
  const allowed = choices.filter(({ order }) =>
    data?.kinds.some(({ kind, allowed: isAllowed }) => kind === order.kind && isAllowed),
  );
  if (!mayOrder || allowed.length === 0) return null;
  return (
    <>
      <Menu position="bottom-end" width={300} withinPortal={false}>
        <Menu.Target>
          <Button leftSection={<IconPlus size={16} aria-hidden />}>{texts.new.action}</Button>
        </Menu.Target>
        <Menu.Dropdown>
          {allowed.map(({ order, name, hint }) => (
            <Menu.Item key={name} onClick={() => setWanted(order)}>
              {name}
              <Text size="xs" c="dimmed">
                {hint}
              </Text>
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {wanted !== undefined && <ExportDialog isOpen onClose={() => setWanted(undefined)} order={wanted} />}
    </>
  );
}
