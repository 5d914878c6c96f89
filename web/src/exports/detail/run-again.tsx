import { Button } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useMay } from '../../session/use-session.ts';
import { useTexts } from '../../texts/texts-provider.tsx';
import { useRerun } from './use-rerun.ts';

/** The way back to the data of an export that has none, or none any more. */
export function RunAgain({ id }: { id: string }) {
  const texts = useTexts().exportPage.again;
  const may = useMay();
  const { start, isPending } = useRerun(id);
  if (!may('export.order')) return null;
  return (
    <Button size="xs" leftSection={<IconRefresh size={14} aria-hidden />} onClick={start} loading={isPending}>
      {texts.action}
    </Button>
  );
}
