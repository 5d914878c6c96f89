const count = (n: number, one: string, many: string) => `${n.toLocaleString('en')} ${n === 1 ? one : many}`;

export const app = {
  app: {
    skip: 'Skip to content',
    menu: 'Menu',
    docs: 'Docs',
    signOut: 'Sign out',
    switchTo: (workspace: string) => `Go to ${workspace}`,
    language: 'Language',
    cancel: 'Cancel',
    close: 'Close',
    showPassword: 'Show the password',
    copy: 'Copy',
    copied: 'Copied',
    save: 'Save',
    delete: 'Delete',
  },
  scheme: { label: 'Appearance', auto: 'As the system', light: 'Light', dark: 'Dark' },
  nav: {
    overview: 'Overview',
    conversations: 'Conversations',
    contacts: 'Contacts',
    exports: 'Exports',
    schedules: 'Schedules',
    import: 'Bring data in',
    verify: 'Verify a package',
    settings: 'Settings',
    account: 'My account',
  },
  state: {
    loading: 'Loading …',
    tryAgain: 'Try again',
    retryAfter: (seconds: number) =>
      seconds < 90
        ? `Try again in ${count(seconds, 'second', 'seconds')}.`
        : `Try again in ${count(Math.ceil(seconds / 60), 'minute', 'minutes')}.`,
    nothing: 'Nothing here yet',
    failed: 'This page could not be opened',
    notFound: 'There is no such page',
    notFoundHint: 'The address may be old, or mistyped.',
    noReply: 'The server did not answer. Check your connection, then try again.',
    code: 'Code',
    requestId: 'Request',
    more: 'Show more',
  },
  roles: { owner: 'Owner', admin: 'Admin', editor: 'Editor', agent: 'Agent', viewer: 'Viewer' },
  may: {
    notThisPage: 'This page is not for your role',
    notThisPageHint: 'Your role does not open it',
    yourRole: (role: string) => `In this workspace you are: ${role}.`,
    only: (roles: readonly string[]) => `This is for: ${roles.join(', ')}.`,
    nobody: 'This workspace has taken it from every role.',
    notInPlan: 'The plan of this workspace does not include it.',
  },
  unit: {
    records: (n: number) => count(n, 'record', 'records'),
    conversations: (n: number) => count(n, 'conversation', 'conversations'),
    messages: (n: number) => count(n, 'message', 'messages'),
  },
};
