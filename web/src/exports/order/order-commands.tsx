import { Stack, Text } from '@mantine/core';
import { CopyText } from '../../parts/copy-text.tsx';
import { useTexts } from '../../texts/texts-provider.tsx';
import { cliOf, curlOf } from './command-lines.ts';
import type { Order, OrderField } from './export-order.ts';
import styles from './order-form.module.css';

/** The same order for programs: as a request, and as a command. */
export function OrderCommands({
  order,
  workspace,
  fields,
  rerunOf,
}: {
  order: Order;
  /** Its short name. */
  workspace: string;
  fields: readonly OrderField[] | undefined;
  rerunOf: string | undefined;
}) {
  const texts = useTexts().order;
  const command = cliOf(order, { workspace, fields });
  return (
    <details>
      <summary className={styles['summary']}>
        <Text span size="sm" fw={600}>
          {texts.script}
        </Text>
      </summary>
      <Stack gap="sm" mt="sm">
        <div>
          <Text size="sm" fw={600}>
            {texts.curl}
          </Text>
          <Text size="xs" c="dimmed" mb={4}>
            {texts.curlHint}
          </Text>
          <CopyText isBlock text={curlOf(order, { origin: location.origin, rerunOf })} />
        </div>
        <div>
          <Text size="sm" fw={600} mb={4}>
            {texts.cli}
          </Text>
          {command === undefined ? (
            <Text size="sm" c="dimmed">
              {texts.cliNotSo}
            </Text>
          ) : (
            <CopyText isBlock text={command} />
          )}
        </div>
      </Stack>
    </details>
  );
}
