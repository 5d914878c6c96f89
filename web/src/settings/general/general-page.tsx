import { Badge, Button, Group, Paper, Stack, Text, TextInput, Title } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode } from 'react';
import { $api, type Schema } from '../../api/client.ts';
import { FailureNote } from '../../parts/failure-note.tsx';
import { textOf } from '../../parts/forms/form-text.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { Page } from '../../parts/page.tsx';
import { useTexts } from '../../texts/texts-provider.tsx';
import { RightsForm } from './rights-form.tsx';
import { SecondFactorSwitch } from './second-factor-switch.tsx';

type Settings = Schema<'Settings'>;

/** What holds for everybody in the workspace: its name, the second factor, the plan, who may do what. */
export function GeneralPage() {
  const texts = useTexts();
  const settings = $api.useQuery('get', '/v1/settings', {});
  const table = $api.useQuery('get', '/v1/permissions', {});
  return (
    <Page title={texts.settings.pages.general.name} hint={texts.general.hint}>
      <Loaded query={settings}>
        {(found) => (
          <>
            <Section>
              <NameForm settings={found} />
            </Section>
            <Section title={texts.general.secondFactor.title}>
              <SecondFactorSwitch settings={found} />
            </Section>
            <Loaded query={table}>
              {({ permissions, roles }) => (
                <>
                  <Section title={texts.general.plan.title}>
                    <Plan permissions={permissions} />
                  </Section>
                  <Section title={texts.general.rights.title}>
                    <RightsForm
                      key={JSON.stringify(found.tightening)}
                      rows={permissions}
                      roles={roles}
                      tightening={found.tightening}
                    />
                  </Section>
                </>
              )}
            </Loaded>
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Section({ title, children }: { title?: string; children: ReactNode }) {
  return (
    <Paper withBorder p="md" component="section">
      <Stack gap="sm">
        {title !== undefined && (
          <Title order={2} size="h5">
            {title}
          </Title>
        )}
        {children}
      </Stack>
    </Paper>
  );
}

function NameForm({ settings }: { settings: Settings }) {
  const texts = useTexts().general;
  const queries = useQueryClient();
  const change = $api.useMutation('patch', '/v1/settings', {
    onSuccess: () => queries.invalidateQueries(), // the name stands in the menu, too
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = textOf(event.currentTarget)('name').trim();
    change.mutate({ body: { name } });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <Group align="flex-end">
          <TextInput
            name="name"
            label={texts.name}
            description={`${texts.slug} ${settings.workspace.slug}`}
            defaultValue={settings.name}
            maxLength={100}
            required
            w={360}
            maw="100%"
          />
          <Button type="submit" variant="default" loading={change.isPending}>
            {texts.save}
          </Button>
          <Text size="sm" role="status">
            {change.isSuccess && texts.saved}
          </Text>
        </Group>
        {change.error !== null && <FailureNote error={change.error} />}
      </Stack>
    </form>
  );
}

/** Every feature that some permission needs, and whether the workspace has it. */
function Plan({ permissions }: { permissions: readonly Schema<'Permission'>[] }) {
  const texts = useTexts().general.plan;
  const features = new Map(
    permissions.flatMap(({ feature, is_in_plan: has }) =>
      feature === null ? [] : [[feature, has] as const],
    ),
  );
  return (
    <>
      {[...features].map(([feature, has]) => (
        <Group key={feature} gap="sm">
          <Badge variant="light" color={has ? 'teal' : 'gray'}>
            {has ? texts.has : texts.lacks}
          </Badge>
          <Text size="sm">{texts.features[feature]}</Text>
        </Group>
      ))}
      <Text size="sm" c="dimmed">
        {texts.hint}
      </Text>
    </>
  );
}
