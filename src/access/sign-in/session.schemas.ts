import { z } from 'zod';
import type { Database } from '../../database/connect.ts';
import { mailLocales } from '../../notify/mail/templates.ts';
import { ROLES } from '../permissions.ts';
import { getUser, listPlaces } from './users.ts';

/** Longest texts that requests about signing in take; what is longer is refused before any work. */
export const emailField = z.string().max(320).describe('Email address.');
export const passwordField = z.string().max(1024).describe('Password.');
export const newPasswordField = z
  .string()
  .max(1024)
  .describe('New password: at least 10 characters, at most 72 bytes, not easily guessed.');
export const codeField = z
  .string()
  .min(6)
  .max(40)
  .describe('6 digits of the authenticator app, or a recovery code.');
export const localeField = z.enum(mailLocales).describe('Language of mails.');
/** In the body, never in the address: proxies write addresses into their logs. */
export const tokenField = z.string().max(200).describe('What the link holds after “#”.');

/** What the web app knows about who is signed in. */
export const sessionSchema = z
  .object({
    user: z.object({
      id: z.string(),
      email: z.string(),
      name: z.string(),
      locale: z.string().describe('Language of mails.'),
      has_password: z.boolean().describe('False: signs in at another provider.'),
    }),
    second_factor: z
      .enum(['none', 'required'])
      .describe('`required`: the session opens nothing before `POST /v1/session/second-factor`.'),
    second_factor_enabled: z.boolean().describe('The user has set one up.'),
    recovery_codes_left: z
      .int()
      .nullable()
      .describe('Null where there is no second factor, or it is required.'),
    workspace: z.string().nullable().describe('Id of the workspace that the session works in.'),
    workspaces: z
      .array(
        z.object({
          id: z.string(),
          slug: z.string(),
          name: z.string(),
          role: z.enum(ROLES),
          audiences: z.array(z.string()).nullable(),
          requires_second_factor: z.boolean(),
        }),
      )
      .describe('Empty while the second factor is required.'),
  })
  .meta({ id: 'Session' });

/** Describes a session to its user; before the second factor it tells no workspaces. */
export async function describeSession(
  database: Database,
  userId: string,
  { awaitsSecondFactor, workspaceId }: { awaitsSecondFactor: boolean; workspaceId?: string | null },
): Promise<z.infer<typeof sessionSchema>> {
  const { user, codes } = await database.inSystem(async (transaction) => {
    const [row] = await transaction.query<{ codes: number }>(
      'select cardinality(recovery_codes)::int as codes from users where id = $1',
      [userId],
    );
    return { user: await getUser(transaction, userId), codes: row!.codes };
  });
  const places = awaitsSecondFactor ? [] : await listPlaces(database, userId);
  const workspace = workspaceId === undefined ? places[0]?.id : workspaceId;
  return {
    user: {
      id: user.id,
      email: user.email,
      name: user.name,
      locale: user.locale,
      has_password: user.passwordHash !== null,
    },
    second_factor: awaitsSecondFactor ? 'required' : 'none',
    second_factor_enabled: user.hasSecondFactor,
    recovery_codes_left: user.hasSecondFactor && !awaitsSecondFactor ? codes : null,
    workspace: workspace ?? null,
    workspaces: places.map(({ id, slug, name, role, audiences, requiresSecondFactor }) => ({
      id,
      slug,
      name,
      role,
      audiences,
      requires_second_factor: requiresSecondFactor,
    })),
  };
}
