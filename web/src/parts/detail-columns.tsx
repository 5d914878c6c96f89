import type { ReactNode } from 'react';
import styles from './detail-columns.module.css';

/** The page of one thing: what it is about, and what is known besides, in two columns. */
export function DetailColumns({ children }: { children: ReactNode }) {
  return <div className={styles['columns']}>{children}</div>;
}
