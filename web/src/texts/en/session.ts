export const session = {
  signIn: {
    title: 'Sign in',
    email: 'Email address',
    password: 'Password',
    submit: 'Sign in',
    forgotten: 'Forgotten your password?',
    locked: 'If you cannot wait, have a link sent to set a new password.',
    or: 'or',
    provider: (name: string) => `Sign in with ${name}`,
    failed: 'You were not signed in',
    codeTitle: 'Second factor',
    code: 'Code',
    codeHint: 'From your authenticator app, or one of your recovery codes.',
    back: 'Start again',
    told: {
      ended: 'Your session has ended. Sign in to go on where you were.',
      password_set: 'Your new password is set. Sign in with it.',
    },
  },
  link: {
    isCut: 'This address lacks its end, so it opens nothing. Copy the whole link from the mail.',
  },
  newPassword: {
    label: 'New password',
    hint: 'Several words that belong to nothing about you are good.',
  },
  join: {
    name: 'Your name',
    nameHint: 'As your colleagues see it.',
  },
  invite: {
    titleUnknown: 'Invitation',
    title: (workspace: string) => `Join ${workspace}`,
    as: (role: string, email: string) => `You were invited as ${email}. Your role: ${role}.`,
    accept: 'Accept the invitation',
    signInFirst: 'You have an account with this address. Sign in to it to accept.',
    asOther: (email: string) =>
      `You are signed in as ${email}, but somebody else was invited. Sign out, then accept as them.`,
  },
  reset: {
    title: 'Set a new password',
    hint: 'We send you a link with which you choose another one.',
    hintByHand:
      'This server sends no mails. It keeps a link for you, with which you choose another one; whoever runs the server hands it to you.',
    send: 'Send the link',
    make: 'Ask for the link',
    keptTitle: 'Ask whoever runs this server',
    kept: 'No mail goes out. If there is an account with this address, whoever runs the server has a link for you (convey mails). It works once, and not for long.',
    sentTitle: 'Look into your mail',
    sent: 'If there is an account with this address, a mail with a link is on its way. The link works once, and not for long.',
    toSignIn: 'Back to sign-in',
    endsSessions: 'All your open sessions end. Then you sign in with the new password.',
    set: 'Set the password',
    another: 'Have another link sent',
  },
  firstOwner: {
    title: 'Become the owner',
    hint: 'You are the first one here. Everybody else comes by your invitation.',
    of: (workspace: string) =>
      `You are the first one here, and become the owner of “${workspace}”. Everybody else comes by your invitation.`,
    workspace: 'Name of the workspace',
    workspaceHint: 'Whose conversations it holds, such as your company.',
    slug: 'Short name',
    slugHint: 'For addresses and the command line.',
    submit: 'Become the owner',
  },
  needsSecondFactor: {
    title: 'Set up a second factor first',
    about: (workspace: string) =>
      `${workspace} asks all its members for one. Until you have it, nothing opens here but your own account.`,
    action: 'Set it up',
  },
  noWorkspace: {
    title: 'No workspace',
    none: 'You are a member of no workspace. Ask an admin to invite you, then open the link of the mail.',
    choose: 'You are no longer in the workspace where you were. Choose another:',
  },
  workspaces: 'Workspaces',
  switchFailed: 'The workspace could not be opened',
  notices: {
    title: 'Notices',
    open: (unread: number) =>
      unread === 0 ? 'Notices' : unread === 1 ? 'Notices, 1 unread' : `Notices, ${unread} unread`,
    none: 'Nothing yet. You are told here when an export of yours is done.',
    readAll: 'Mark all as read',
    unread: 'Unread',
    kinds: {
      'export.ready': 'Your export is ready',
      'export.failed': 'Your export failed',
      'schedule.paused': 'A scheduled export is paused',
    },
  },
};
