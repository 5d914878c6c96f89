/** The made-up company of the sample: Ottervale makes desk lamps, the app Glow and two subscriptions. */
export const products = [
  'Ottervale Reed',
  'Ottervale Pebble',
  'Ottervale Ladder',
  'Ottervale Reed mini',
] as const;
export const plans = ['Glow Plus', 'Glow Studio'] as const;
export const amounts = ['4.90 EUR', '49.00 EUR', '118.95 EUR', '1,249.00 EUR', '0.10 EUR'] as const;

export const STATUSES = [
  'open',
  'claimed',
  'assigned',
  'waiting',
  'escalated',
  'snoozed',
  'resolved',
  'archived',
] as const;
export type Status = (typeof STATUSES)[number];

export const CHANNELS = [
  'widget',
  'email',
  'whatsapp',
  'voice',
  'telegram',
  'slack',
  'discord',
  'sms',
  'intercom',
  'hosted',
  'api',
  'instagram',
  'messenger',
] as const;
/** Channels as often as they are used. */
export const usualChannels = [
  ...Array<(typeof CHANNELS)[number]>(12).fill('widget'),
  ...Array<(typeof CHANNELS)[number]>(7).fill('email'),
  ...Array<(typeof CHANNELS)[number]>(4).fill('whatsapp'),
  ...CHANNELS,
];

export const TAGS = [
  'billing',
  'hardware',
  'app',
  'vip',
  'refund',
  'first-contact',
  'bug',
  'shipping',
  'Übersetzung',
  'a,b',
  'quote"d',
] as const;
export const PRIORITIES = ['normal', 'normal', 'high', 'low', 'urgent', 'P2 (next day)'] as const;

/** Teammates, who answer when the bot does not. */
export const teammates: readonly { id: string; name: string }[] = [
  { id: 'tm-01', name: 'Mirela Dragan' },
  { id: 'tm-02', name: 'Jonas Öberg' },
  { id: 'b7d41c20-5a0e-4c6f-9a11-2f4f0c9be703', name: 'Aoife Ní Bhriain' },
  { id: 'tm-04', name: 'Tomás Arrieta' },
  { id: 'tm-05', name: '中村 渚' },
  { id: '61f0c1d2e3a4b5968778695a', name: 'Yusra Haddad' },
  { id: 'tm-07', name: 'Ola Nordmann-Lie' },
  { id: 'agents/8 (weekend)', name: 'Kasia "Kot" Zaremba' },
];
export const bots: readonly { id: string; name: string }[] = [
  { id: 'bot-ember', name: 'Ember' },
  { id: 'bot-ember-voice', name: 'Ember (phone)' },
];

/** The order number of a conversation. */
export function orderNumber(bits: number): string {
  return `OV-${10_000 + (bits % 89_999)}`;
}
