import { AccessDenied } from '../access.errors.ts';
import { type ApiKeyScope, permissionNames, permissionOf, scopesFor } from '../permissions.ts';
import { isAllowed, type Principal } from '../principal.ts';

/**
 * Refuses scopes that would let a key do what its maker may not, by the table as the workspace tightened it.
 * What no role has by default (writing records) is for keys alone, and whoever manages keys may give it.
 * Throws `access.forbidden` naming every permission that is lacking.
 */
export function ensureMayGive(principal: Principal, scopes: readonly ApiKeyScope[]): void {
  for (const scope of scopes) {
    const lacking = permissionNames.filter(
      (name) =>
        scopesFor(name).includes(scope) && permissionOf(name).roles.length > 0 && !isAllowed(principal, name),
    );
    const [first] = lacking;
    if (first === undefined) continue;
    const names = lacking.map((name) => `“${name}”`).join(', ');
    throw new AccessDenied(first, `To give the scope “${scope}” you need ${names} yourself.`);
  }
}
