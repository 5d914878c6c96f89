import { Button, Group, List, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { $api } from '../../api/client.ts';
import { Confirm } from '../../parts/dialogs/confirm.tsx';
import { useTexts } from '../../texts/texts-provider.tsx';
import styles from './rights-form.module.css';
import { PermissionTable } from '../permissions/permission-table.tsx';
import {
  exportsForOwners,
  type Keeping,
  keepingOf,
  type PermissionRow,
  type Role,
  tighteningOf,
} from '../permissions/role.ts';

/** Takes rights from roles and gives them back, box by box or all exports at once; names the changes before saving. */
export function RightsForm({
  rows,
  roles,
  tightening,
}: {
  rows: readonly PermissionRow[];
  roles: readonly Role[];
  tightening: Readonly<Record<string, readonly string[]>>;
}) {
  const texts = useTexts().general.rights;
  const queries = useQueryClient();
  const before = keepingOf(rows, tightening);
  const [keeping, setKeeping] = useState(before);
  const [isAsking, setAsking] = useState(false);
  const changes = useChanges(rows, before, keeping);
  const change = $api.useMutation('patch', '/v1/settings', {
    onSuccess: () => queries.invalidateQueries(), // it may be oneself, and then everything looks different
  });
  const close = () => {
    setAsking(false);
    change.reset();
  };
  return (
    <>
      <Text size="sm" c="dimmed">
        {texts.hint}
      </Text>
      <Group gap="sm" className={styles['bar']}>
        <Button variant="default" size="xs" onClick={() => setKeeping(exportsForOwners(rows, keeping))}>
          {texts.ownersOnly}
        </Button>
        <Button variant="default" size="xs" onClick={() => setKeeping(keepingOf(rows, {}))}>
          {texts.usual}
        </Button>
        <Button size="xs" onClick={() => setAsking(true)} disabled={changes.length === 0} ml="auto">
          {texts.save}
        </Button>
        {changes.length > 0 && (
          <Button variant="subtle" size="xs" onClick={() => setKeeping(before)}>
            {texts.discard}
          </Button>
        )}
      </Group>
      <PermissionTable rows={rows} roles={roles} keeping={keeping} onChange={setKeeping} />
      <Confirm
        title={texts.question}
        action={texts.action}
        isOpen={isAsking}
        isPending={change.isPending}
        error={change.error}
        onConfirm={() => change.mutate({ body: { tightening: tighteningOf(rows, keeping) } })}
        onClose={close}
      >
        <List size="sm">
          {changes.map((text) => (
            <List.Item key={text}>{text}</List.Item>
          ))}
        </List>
      </Confirm>
    </>
  );
}

/** What saving would change, in sentences. */
function useChanges(rows: readonly PermissionRow[], before: Keeping, after: Keeping): string[] {
  const { general, members } = useTexts();
  const names = (roles: readonly Role[]) => roles.map((role) => members.roles[role].name).join(', ');
  return rows.flatMap(({ permission, doc }) => {
    const [had, keeps] = [before[permission]!, after[permission]!];
    const taken = had.filter((role) => !keeps.includes(role));
    const given = keeps.filter((role) => !had.includes(role));
    return [
      ...(taken.length === 0 ? [] : [general.rights.takes(names(taken), doc)]),
      ...(given.length === 0 ? [] : [general.rights.gives(names(given), doc)]),
    ];
  });
}
