import { Checkbox, Code, Table, Text, VisuallyHidden } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useTexts } from '../../texts/texts-provider.tsx';
import { alsoLost, has, type Keeping, type PermissionRow, type Role } from './role.ts';

/** Who may do what, role by role; where it can be changed, with boxes to tick. */
export function PermissionTable({
  rows,
  roles,
  keeping,
  onChange,
}: {
  rows: readonly PermissionRow[];
  roles: readonly Role[];
  keeping: Keeping;
  onChange?: (keeping: Keeping) => void;
}) {
  const texts = useTexts().members;
  return (
    <Table.ScrollContainer minWidth={720}>
      <Table verticalSpacing={6} highlightOnHover aria-label={texts.table.title}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{texts.table.may}</Table.Th>
            {roles.map((role) => (
              <Table.Th key={role} scope="col" ta="center" w={96}>
                {texts.roles[role].name}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={row.permission}>
              <Table.Th scope="row" fw={400}>
                <Named row={row} lost={alsoLost(rows, keeping, row.permission)} />
              </Table.Th>
              {roles.map((role) => (
                <Table.Td key={role} ta="center">
                  {onChange === undefined ? (
                    <Has
                      isOwn={has(rows, keeping, row.permission, role)}
                      isTaken={isTaken(row, keeping, role)}
                    />
                  ) : (
                    <Box row={row} role={role} keeping={keeping} onChange={onChange} />
                  )}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

const isTaken = (row: PermissionRow, keeping: Keeping, role: Role) =>
  row.default_roles.includes(role) && !keeping[row.permission]!.includes(role);

/** What it is, in the server's words, and what else it takes. */
function Named({ row, lost }: { row: PermissionRow; lost: readonly Role[] }) {
  const texts = useTexts().members;
  const names = lost.map((role) => texts.roles[role].name).join(', ');
  return (
    <>
      <Text size="sm">{row.doc}</Text>
      <Text size="xs" c="dimmed">
        <Code fz="xs">{row.permission}</Code>
        {row.default_roles.length === 0 && ` · ${texts.table.keysOnly}`}
        {!row.is_in_plan && ` · ${texts.table.notInPlan(row.feature ?? '')}`}
      </Text>
      {lost.length > 0 && <Text size="xs">{texts.table.lost(names, row.needs.join(', '))}</Text>}
    </>
  );
}

function Has({ isOwn, isTaken: taken }: { isOwn: boolean; isTaken: boolean }) {
  const texts = useTexts().members.table;
  if (isOwn)
    return (
      <>
        <IconCheck size={18} aria-hidden />
        <VisuallyHidden>{texts.yes}</VisuallyHidden>
      </>
    );
  if (taken) return <Text size="xs">{texts.taken}</Text>;
  return (
    <>
      <Text component="span" c="dimmed" aria-hidden>
        –
      </Text>
      <VisuallyHidden>{texts.no}</VisuallyHidden>
    </>
  );
}

function Box({
  row,
  role,
  keeping,
  onChange,
}: {
  row: PermissionRow;
  role: Role;
  keeping: Keeping;
  onChange: (keeping: Keeping) => void;
}) {
  const texts = useTexts().members;
  if (!row.default_roles.includes(role)) return <Has isOwn={false} isTaken={false} />;
  const kept = keeping[row.permission]!;
  const toggle = (isKept: boolean) =>
    onChange({
      ...keeping,
      [row.permission]: row.default_roles.filter((one) => (one === role ? isKept : kept.includes(one))),
    });
  return (
    <Checkbox
      checked={kept.includes(role)}
      disabled={row.kept_roles.includes(role)}
      onChange={({ currentTarget }) => toggle(currentTarget.checked)}
      aria-label={`${texts.roles[role].name}: ${row.doc}`}
      display="inline-block"
    />
  );
}
