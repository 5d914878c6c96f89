import { ActionIcon, Button, Menu, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { IconDots, IconDownload, IconRefresh, IconTrash } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { $api, type Schema } from '../../api/client.ts';
import { Confirm } from '../../parts/dialogs/confirm.tsx';
import { useDownload } from '../../parts/download/download.tsx';
import { formatBytes } from '../../parts/format-bytes.ts';
import { useMay } from '../../session/use-session.ts';
import { useLanguage, useTexts } from '../../texts/texts-provider.tsx';
import { CancelExport } from '../cancel-export.tsx';
import { isActive } from '../is-active.ts';
import { readAgain } from '../live/told-export.ts';
import { ExportDialog } from '../order/export-dialog.tsx';
import type { WantedExport } from '../order/export-order.ts';
import { orderOfExport } from './order-of-export.ts';
import { useRerun } from './use-rerun.ts';

/** What one can do with an export: fetch it, have it made again as it was or with changes, stop it, delete its files. */
export function ExportActions({ of: one }: { of: Schema<'Export'> }) {
  const texts = useTexts().exportPage;
  const { locale } = useLanguage();
  const may = useMay();
  const download = useDownload();
  const rerun = useRerun(one.job_id);
  const [isRemoving, removing] = useDisclosure();
  const [wanted, setWanted] = useState<WantedExport>();
  const changed = orderOfExport(one);
  const mayOrder = may('export.order');
  return (
    <>
      <CancelExport of={one} />
      {one.package !== null && (
        <Button
          leftSection={<IconDownload size={16} aria-hidden />}
          onClick={() => void download(one.package!)}
        >
          {texts.downloadAll(formatBytes(one.bytes ?? 0, locale))}
        </Button>
      )}
      {mayOrder && !isActive(one) && (
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon variant="default" size={36} aria-label={texts.more} loading={rerun.isPending}>
              <IconDots size={18} aria-hidden />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconRefresh size={16} aria-hidden />} onClick={rerun.start}>
              {texts.again.action}
              <Text size="xs" c="dimmed">
                {texts.again.hint}
              </Text>
            </Menu.Item>
            {changed !== undefined && (
              <Menu.Item onClick={() => setWanted(changed)}>{texts.again.change}</Menu.Item>
            )}
            {one.package !== null && (
              <>
                <Menu.Divider />
                <Menu.Item
                  color="red"
                  leftSection={<IconTrash size={16} aria-hidden />}
                  onClick={removing.open}
                >
                  {texts.remove.action}
                </Menu.Item>
              </>
            )}
          </Menu.Dropdown>
        </Menu>
      )}
      {wanted !== undefined && <ExportDialog isOpen onClose={() => setWanted(undefined)} order={wanted} />}
      <Remove id={one.job_id} isOpen={isRemoving} onClose={removing.close} />
    </>
  );
}

/** Deletes the files of an export, after asking. */
function Remove({ id, isOpen, onClose }: { id: string; isOpen: boolean; onClose: () => void }) {
  const texts = useTexts().exportPage.remove;
  const queries = useQueryClient();
  const remove = $api.useMutation('delete', '/v1/exports/{id}', {
    onSuccess: () => {
      onClose();
      readAgain(queries, id);
      notifications.show({ message: texts.done });
    },
  });
  return (
    <Confirm
      title={texts.title}
      action={texts.action}
      isOpen={isOpen}
      isPending={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate({ params: { path: { id } } })}
      onClose={onClose}
    >
      <Text size="sm">{texts.what}</Text>
    </Confirm>
  );
}
