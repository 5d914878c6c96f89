import type { Schema } from '../../api/client.ts';

type Webhook = Schema<'Webhook'>;
type Delivery = Schema<'WebhookDelivery'>;

const reasons: Record<NonNullable<Webhook['disabled_reason']>, string> = {
  by_hand: 'Switched off by hand,',
  gone: 'The address said it is gone,',
  nothing_arrived: 'Nothing arrived for five days,',
};
const statuses: Record<Delivery['status'], string> = {
  queued: 'On its way',
  delivered: 'Delivered',
  failed: 'Failed',
};
const errors: Record<NonNullable<Delivery['attempts'][number]['error']>, string> = {
  timeout: 'no answer in time',
  address_refused: 'the address is not on the public internet',
  connection_failed: 'nobody answered there',
  tls_failed: 'its certificate was not accepted',
  webhook_disabled: 'the webhook was off',
  replayed: 'sent once more by hand',
};

export const webhooks = {
  hint: 'Addresses of yours that are told what happens here. Messages are signed and hold no personal data.',
  one: 'Webhook',
  create: 'New webhook',
  nothing: 'No webhook yet',
  nothingHint: 'With one your systems learn that an export is ready, was downloaded or has failed.',
  address: 'Address',
  addressHint: 'https, on the public internet.',
  description: 'What for',
  descriptionHint: 'So that you know it again.',
  events: 'Events',
  eventsHint: 'What it is told.',
  state: 'State',
  created: 'Made',
  on: 'On',
  off: 'Off',
  failing: 'Failing',
  since: 'since',
  reasons,
  submit: 'Set it up',
  change: 'Change',
  more: 'More',
  test: 'Send a test',
  notSent: 'No test was sent',
  made: 'Copy the secret now',
  madeHint: 'It is not shown again. Your receiver checks the signatures of messages with it.',
  bothSign: 'For 24 hours messages are signed with the old secret as well.',
  bothUntil: 'The secret before this one signs too until',
  publicKey: 'Public key, for those who check Ed25519 signatures instead:',
  publicKeyHint: 'Or check the Ed25519 signatures, for which no secret is needed. The public key:',
  howToCheck: 'How to check a message',
  done: 'I have it',
  pause: {
    menu: 'Switch off',
    title: 'Switch this webhook off?',
    action: 'Switch off',
    meaning: 'Nothing is sent to it, and what happens meanwhile is not told later.',
  },
  resume: {
    menu: 'Switch on',
    title: 'Switch this webhook on again?',
    action: 'Switch on',
    meaning: 'It is told what happens from now on.',
  },
  rotate: {
    menu: 'New secret',
    title: 'Give it a new secret?',
    action: 'Make a new secret',
    meaning: 'Messages are signed with both for 24 hours. Then the old one signs no more.',
  },
  remove: {
    menu: 'Delete',
    title: 'Delete this webhook?',
    action: 'Delete',
    meaning: 'With it goes what was still to be sent to it, and the list of what was sent.',
  },
  deliveries: 'Messages of the last 30 days',
  filter: 'Show',
  all: 'All',
  statuses,
  errors,
  noDeliveries: 'No message here. Send a test to see one arrive.',
  noAttempt: 'It was not tried yet.',
  attempts: 'Tries',
  answered: (status: number) => `answered ${status}`,
  took: (ms: number) => `(${ms.toLocaleString('en')} ms)`,
  next: 'Next try:',
  payload: 'Body of the message',
  open: 'Details',
  close: 'Close',
  replayOne: 'Send once more',
  replayFailed: 'Send all failed once more',
  replayed: (n: number) =>
    n === 0 ? 'Nothing had failed.' : `${n.toLocaleString('en')} ${n === 1 ? 'is' : 'are'} sent once more.`,
};
