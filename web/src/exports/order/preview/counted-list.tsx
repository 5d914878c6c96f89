import { Text } from '@mantine/core';
import styles from './counted.module.css';

/** Names at the start of a line, amounts at its end. */
export function CountedList({ items }: { items: readonly (readonly [name: string, amount: string])[] }) {
  return (
    <dl className={styles['counts']}>
      {items.map(([name, amount]) => (
        <div key={name}>
          <Text component="dt" size="sm" c="dimmed">
            {name}
          </Text>
          <Text component="dd" size="sm" m={0}>
            {amount}
          </Text>
        </div>
      ))}
    </dl>
  );
}
