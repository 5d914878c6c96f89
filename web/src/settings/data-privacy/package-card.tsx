import { Button, Group, Paper, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPackageExport } from '@tabler/icons-react';
import { ExportDialog } from '../../exports/order/export-dialog.tsx';
import { useTexts } from '../../texts/texts-provider.tsx';

/** The workspace as a signed package that is kept for some days, with files if wanted: opens the dialog. */
export function PackageCard({ days }: { days: number }) {
  const texts = useTexts().settingsData.dataPrivacy.package;
  const [isOpen, { open, close }] = useDisclosure();
  return (
    <Paper withBorder p="md" component="section" aria-label={texts.title}>
      <Group justify="space-between">
        <div>
          <Title order={3} size="h5">
            {texts.title}
          </Title>
          <Text size="sm" c="dimmed" maw={560}>
            {texts.hint(days)}
          </Text>
        </div>
        <Button variant="default" leftSection={<IconPackageExport size={16} aria-hidden />} onClick={open}>
          {texts.action}
        </Button>
      </Group>
      {isOpen && <ExportDialog isOpen onClose={close} order={{ kind: 'workspace' }} />}
    </Paper>
  );
}
