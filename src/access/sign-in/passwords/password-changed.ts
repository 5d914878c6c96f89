import type { User } from '../users.ts';

/** The mail that tells somebody that their password is another one from now on, or none. */
export function passwordChanged({ email, locale, name }: User) {
  const values = { name, at: new Date().toISOString() };
  return { to: email, template: 'password_changed', locale, values } as const;
}
