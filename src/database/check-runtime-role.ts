import { ConveyError } from '../errors.ts';
import type { Database } from './connect.ts';
import { unsafeRole } from './database.errors.ts';

interface RoleFacts {
  role: string;
  is_superuser: boolean;
  can_bypass: boolean;
  owned: string | null;
}

/**
 * Refuses to serve with a role that row-level security does not hold: a superuser, one with BYPASSRLS, one
 * that owns a table (it could switch the policies off) or is a member of such a role.
 */
export async function checkRuntimeRole(database: Database): Promise<void> {
  const [facts] = await database.inSystem((transaction) =>
    transaction.query<RoleFacts>(
      `select current_user as role,
              bool_or(r.rolsuper) as is_superuser,
              bool_or(r.rolbypassrls) as can_bypass,
              (select min(c.relname) from pg_class c
                where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
                  and pg_has_role(current_user, c.relowner, 'member')) as owned
         from pg_roles r where pg_has_role(current_user, r.oid, 'member')`,
    ),
  );
  if (facts === undefined) throw new Error('the database does not know its own role');
  const why = facts.is_superuser
    ? 'is a superuser'
    : facts.can_bypass
      ? 'has BYPASSRLS'
      : facts.owned !== null
        ? `owns the table ${facts.owned}`
        : undefined;
  if (why !== undefined) {
    throw new ConveyError(
      unsafeRole,
      `DATABASE_URL's role “${facts.role}” (or a role it belongs to) ${why}. Name a plain role there, and the owner in DATABASE_ADMIN_URL.`,
    );
  }
}
