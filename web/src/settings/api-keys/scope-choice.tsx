import { Checkbox, Stack } from '@mantine/core';
import { $api, type Schema } from '../../api/client.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { type Permission, useMay } from '../../session/use-session.ts';
import { useTexts } from '../../texts/texts-provider.tsx';

/** What a key can be given. */
export type Scope = Schema<'ApiKey'>['scopes'][number];

/**
 * Chooses what a key may do. What each scope means is the table of permissions; a scope that means nothing beside
 * what every key has is not offered, and one that holds what the viewer lacks cannot be chosen.
 */
export function ScopeChoice({ chosen, onChange }: { chosen: Scope[]; onChange: (scopes: Scope[]) => void }) {
  const texts = useTexts().apiKeys;
  const may = useMay();
  const query = $api.useQuery('get', '/v1/permissions', {});
  return (
    <Loaded query={query}>
      {({ permissions }) => {
        const scopes = scopesOf(permissions);
        const mostGrants = Math.max(...scopes.map(({ grants }) => grants.length));
        return (
          <Checkbox.Group
            label={texts.scopes}
            description={texts.scopesHint}
            value={chosen}
            onChange={(next) => onChange(next as Scope[])}
            required
          >
            <Stack gap="xs" mt="xs">
              {scopes.map(({ scope, grants }) => {
                const lacking = grants.filter(
                  ({ permission, default_roles: roles }) =>
                    roles.length > 0 && !may(permission as Permission),
                );
                const names = lacking.map(({ permission }) => permission).join(', ');
                const meaning =
                  grants.length === mostGrants ? texts.all : grants.map(({ doc }) => doc).join('; ');
                return (
                  <Checkbox
                    key={scope}
                    value={scope}
                    label={scope}
                    description={lacking.length > 0 ? texts.lacking(names) : meaning}
                    disabled={lacking.length > 0}
                  />
                );
              })}
            </Stack>
          </Checkbox.Group>
        );
      }}
    </Loaded>
  );
}

/** Each scope with the permissions that it grants and not every other scope does too. */
function scopesOf(permissions: readonly Schema<'Permission'>[]) {
  const all = [...new Set(permissions.flatMap(({ scopes }) => scopes))];
  return all
    .map((scope) => ({
      scope,
      grants: permissions.filter(({ scopes }) => scopes.length < all.length && scopes.includes(scope)),
    }))
    .filter(({ grants }) => grants.length > 0);
}
