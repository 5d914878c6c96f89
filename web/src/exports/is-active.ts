import type { Schema } from '../api/client.ts';

/** Whether an export waits or runs: everything else has ended. */
export function isActive({ status }: Pick<Schema<'Export'>, 'status'>): boolean {
  return status === 'queued' || status === 'running';
}
