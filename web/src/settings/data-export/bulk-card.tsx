import { Button, Group, Paper, Stack, Text, ThemeIcon, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import {
  IconAddressBook,
  IconAdjustmentsHorizontal,
  IconBuilding,
  IconLock,
  IconMessages,
} from '@tabler/icons-react';
import type { Schema } from '../../api/client.ts';
import { ExportDialog } from '../../exports/order/export-dialog.tsx';
import type { KindOptions } from '../../exports/order/export-order.ts';
import { WhoMay } from '../../session/who-may.tsx';
import { useMay } from '../../session/use-session.ts';
import { useTexts } from '../../texts/texts-provider.tsx';
import type { BulkKind } from './bulk-exports.ts';
import { DirectButtons } from './direct-buttons.tsx';
import styles from './data-export.module.css';
import { LastDownload } from './last-download.tsx';

const ICONS: Record<BulkKind, typeof IconMessages> = {
  contacts: IconAddressBook,
  conversations: IconMessages,
  workspace: IconBuilding,
};

/** One bulk export: what it holds, when it was last downloaded, and how to get it; or who may. */
export function BulkCard({
  name,
  options,
  last,
}: {
  name: BulkKind;
  options: KindOptions;
  last: Schema<'LastExport'> | undefined;
}) {
  const texts = useTexts().settingsData.dataExport;
  const may = useMay();
  const [isOpen, { open, close }] = useDisclosure();
  const Icon = ICONS[name];
  const { title, hint } = texts.kinds[name];
  return (
    <Paper withBorder p="md" component="section" aria-label={title}>
      <Group align="flex-start" wrap="nowrap">
        <ThemeIcon variant="light" size={36} color={options.allowed ? 'brand' : 'gray'} visibleFrom="xs">
          <Icon size={20} stroke={1.6} aria-hidden />
        </ThemeIcon>
        <Stack gap="sm" flex={1} miw={0}>
          <Group gap="xs" justify="space-between" align="flex-start">
            <div className={styles['what']}>
              <Title order={2} size="h4">
                {title}
              </Title>
              <Text size="sm" c="dimmed">
                {hint}
              </Text>
            </div>
            {options.allowed && may('export.order') && (
              <Button
                variant="subtle"
                leftSection={<IconAdjustmentsHorizontal size={16} aria-hidden />}
                onClick={open}
                aria-label={texts.moreOf(title)}
              >
                {texts.more}
              </Button>
            )}
          </Group>
          {options.allowed ? (
            <>
              <LastDownload last={last} />
              <Group gap="xs">
                <DirectButtons name={name} options={options} />
              </Group>
            </>
          ) : (
            <Group gap={6} wrap="nowrap">
              <IconLock size={16} aria-hidden />
              <Text size="sm">
                <WhoMay anyOf={[options.permission]} />
              </Text>
            </Group>
          )}
        </Stack>
      </Group>
      {isOpen && <ExportDialog isOpen onClose={close} order={{ kind: name }} />}
    </Paper>
  );
}
