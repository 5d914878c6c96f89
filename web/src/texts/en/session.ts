export const session = {
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
};
