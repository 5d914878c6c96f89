import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import styles from './facts.module.css';

export type Fact = readonly [name: string, value: ReactNode];

/** What is known of something: a name and a value each. What is not known is left out. */
export function Facts({
  items,
  isWide = false,
}: {
  items: readonly Fact[];
  /** Values stand beside their names, where there is room. */
  isWide?: boolean;
}) {
  const known = items.filter(([, value]) => value !== null && value !== undefined && value !== '');
  return (
    <dl className={styles['facts']} data-wide={isWide || undefined}>
      {known.map(([name, value]) => (
        <div key={name}>
          <Text component="dt" size={isWide ? 'sm' : 'xs'} c="dimmed">
            {name}
          </Text>
          <Text component="dd" size="sm" m={0} className={styles['value'] ?? ''}>
            {value}
          </Text>
        </div>
      ))}
    </dl>
  );
}
