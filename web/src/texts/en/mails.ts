import type { Schema } from '../../api/client.ts';

const statuses: Record<Schema<'Mail'>['status'], string> = {
  queued: 'Waiting',
  sent: 'Sent',
  kept: 'Kept here',
  failed: 'Failed',
};

export const mails = {
  hint: 'The mails of the last 30 days about this workspace. Those about passwords are nobody’s to read.',
  nothing: 'No mail yet',
  nothingHint: 'Invitations and news of exports come here.',
  kept: 'This server sends no mails',
  keptHint:
    'No mail server is set, so that mails are kept here. Hand over what they say yourself, or have whoever runs the server set one.',
  howToSet: 'How to set one',
  to: 'To',
  subject: 'Subject',
  status: 'State',
  at: 'Written',
  actions: 'Actions',
  statuses,
  tries: (n: number) => (n === 1 ? '1 try' : `${n.toLocaleString('en')} tries`),
  show: 'Show',
  showOf: (subject: string, recipient: string) => `Show “${subject}” to ${recipient}`,
  text: 'What it says',
  textHint: 'Whoever has the link can use it: give it only to whom the mail is for.',
};
