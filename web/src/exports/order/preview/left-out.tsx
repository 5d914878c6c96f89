import { Text } from '@mantine/core';
import type { Schema } from '../../../api/client.ts';
import styles from './counted.module.css';

/** What somebody might miss in an export, and why it is not there: the server's own words, and in its language. */
export function LeftOut({
  title,
  of: leftOut,
  isOpen = false,
}: {
  title: string;
  of: Schema<'ExportPreview'>['left_out'];
  isOpen?: boolean;
}) {
  if (leftOut.length === 0) return null;
  return (
    <details open={isOpen}>
      <summary className={styles['summary']}>
        <Text span size="sm" fw={600}>
          {title}
        </Text>
      </summary>
      <Text size="xs" component="ul" className={styles['leftOut']}>
        {leftOut.map(({ what, why }) => (
          <li key={what + why}>
            {what} <Text span inherit c="dimmed">{`(${why})`}</Text>
          </li>
        ))}
      </Text>
    </details>
  );
}
