import type { Asker } from '../exports/request-export.ts';

/** The person at the command line of this machine: whoever may run it may do everything. */
export const operator: Asker = {
  type: 'operator',
  id: 'operator',
  name: 'Operator',
  interface: 'cli',
  includeInternal: true,
};
