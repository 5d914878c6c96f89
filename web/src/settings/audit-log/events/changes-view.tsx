import { Stack, Text, VisuallyHidden } from '@mantine/core';
import { useTexts } from '../../../texts/texts-provider.tsx';
import styles from './changes-view.module.css';
import { diffJson, type DiffLine } from './diff-lines.ts';

const MARKS: Record<DiffLine['kind'], string> = { same: ' ', before: '−', after: '+' };
const ELEMENTS = { same: 'span', before: 'del', after: 'ins' } as const;

/** What changed, field by field: as it was and as it became, line by line. */
export function ChangesView({ changes }: { changes: Record<string, unknown> }) {
  return (
    <Stack gap="sm">
      {Object.entries(changes).map(([field, change]) => (
        <FieldChange key={field} field={field} {...sidesOf(change)} />
      ))}
    </Stack>
  );
}

function FieldChange({ field, before, after }: { field: string; before: unknown; after: unknown }) {
  const texts = useTexts().audit.event;
  return (
    <section aria-label={field}>
      <Text size="sm" fw={600} ff="monospace">
        {field}
      </Text>
      <div className={styles['lines']} tabIndex={0} role="group" aria-label={texts.changeOf(field)}>
        {diffJson(before, after).map(({ kind, text }, index) => {
          const Line = ELEMENTS[kind];
          return (
            // oxlint-disable-next-line react/no-array-index-key -- lines have no other name, and never change
            <Line key={index} className={styles[kind]}>
              <span aria-hidden>{MARKS[kind]} </span>
              {kind !== 'same' && <VisuallyHidden>{texts[kind]} </VisuallyHidden>}
              {text}
            </Line>
          );
        })}
      </div>
    </section>
  );
}

/** A change as the log has it; one of another shape is shown as what came of it. */
function sidesOf(change: unknown): { before: unknown; after: unknown } {
  const isChange = typeof change === 'object' && change !== null && ('before' in change || 'after' in change);
  if (!isChange) return { before: null, after: change };
  const { before = null, after = null } = change as { before?: unknown; after?: unknown };
  return { before, after };
}
