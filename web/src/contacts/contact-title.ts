import type { Schema } from '../api/client.ts';

/** What to call somebody: the best that is known. */
export function contactTitle({
  id,
  name,
  email,
  phone,
}: Pick<Schema<'Contact'>, 'id' | 'name' | 'email' | 'phone'>) {
  return name ?? email ?? phone ?? id;
}
