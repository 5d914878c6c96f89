import type pg from 'pg';

/**
 * Keeps the process alive when a connection of the pool is lost, at any moment: while it idles (the pool drops it),
 * while it works (its query says so), and in the very packet that ends its start, before anybody who asked for it
 * can listen.
 */
export function outliveConnections(pool: pg.Pool): void {
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
}
