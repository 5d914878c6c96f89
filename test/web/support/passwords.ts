import { hash } from '@node-rs/bcrypt';
import type { Site } from './site.ts';

/** A password that is good enough, and the next one. */
export const PASSWORD = 'seven zebras quilt at dawn';
export const NEXT = 'eight otters paint a fence';

/** Gives a user the password. */
export async function givePassword({ db }: Site, userId: string): Promise<void> {
  await db.asSuperuser('update users set password_hash = $2 where id = $1', [
    userId,
    await hash(PASSWORD, { cost: 4 }),
  ]);
}
