const count = (n: number, one: string, many: string) => `${n.toLocaleString('en')} ${n === 1 ? one : many}`;

/** Every sentence of the app, in English: what a language has to have. What the server says comes from the server. */
export const en = {
  app: { skip: 'Skip to content', menu: 'Menu', docs: 'Docs', signOut: 'Sign out', language: 'Language' },
  scheme: { label: 'Appearance', auto: 'As the system', light: 'Light', dark: 'Dark' },
  nav: {
    overview: 'Overview',
    conversations: 'Conversations',
    contacts: 'Contacts',
    exports: 'Exports',
    schedules: 'Schedules',
    verify: 'Verify a package',
    settings: 'Settings',
    account: 'My account',
  },
  state: {
    loading: 'Loading …',
    tryAgain: 'Try again',
    nothing: 'Nothing here yet',
    notFound: 'There is no such page',
    notFoundHint: 'The address may be old, or mistyped.',
    noReply: 'The server did not answer. Check your connection, then try again.',
    code: 'Code',
    requestId: 'Request',
    more: 'Show more',
  },
  signIn: {
    title: 'Sign in',
    email: 'Email address',
    password: 'Password',
    submit: 'Sign in',
    provider: (name: string) => `Sign in with ${name}`,
    codeTitle: 'Second factor',
    code: 'Code',
    codeHint: 'From your authenticator app, or a recovery code.',
  },
  exports: {
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
  },
  unit: {
    records: (n: number) => count(n, 'record', 'records'),
    conversations: (n: number) => count(n, 'conversation', 'conversations'),
    messages: (n: number) => count(n, 'message', 'messages'),
  },
};

export type Texts = typeof en;
