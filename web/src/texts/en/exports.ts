export const exports = {
  hint: 'Everything that was exported, by whom, and what became of it.',
  what: 'What',
  status: 'State',
  by: 'Asked for by',
  at: 'When',
  size: 'Size',
  statuses: {
    queued: 'Waiting',
    running: 'Running',
    ready: 'Ready',
    failed: 'Failed',
    cancelled: 'Cancelled',
    expired: 'Expired',
  },
};
