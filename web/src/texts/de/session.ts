import type { session as english } from '../en/session.ts';

export const session: typeof english = {
  signIn: {
    title: 'Anmelden',
    email: 'E-Mail-Adresse',
    password: 'Passwort',
    submit: 'Anmelden',
    provider: (name) => `Mit ${name} anmelden`,
    codeTitle: 'Zweiter Faktor',
    code: 'Code',
    codeHint: 'Aus Ihrer Authenticator-App, oder ein Wiederherstellungscode.',
  },
};
