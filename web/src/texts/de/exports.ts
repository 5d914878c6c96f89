import type { exports as english } from '../en/exports.ts';

export const exports: typeof english = {
  hint: 'Alles, was exportiert wurde, von wem, und was daraus wurde.',
  what: 'Was',
  status: 'Stand',
  by: 'Bestellt von',
  at: 'Wann',
  size: 'Größe',
  statuses: {
    queued: 'Wartet',
    running: 'Läuft',
    ready: 'Fertig',
    failed: 'Fehlgeschlagen',
    cancelled: 'Abgebrochen',
    expired: 'Abgelaufen',
  },
};
