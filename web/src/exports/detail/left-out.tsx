import { Code, List, Text } from '@mantine/core';
import type { Schema } from '../../api/client.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { useLanguage, useTexts } from '../../texts/texts-provider.tsx';
import { Section } from '../../parts/section.tsx';

type Contents = Schema<'ExportContents'>;

/** What is not in an export, as it says itself: left out, without contents, masked. */
export function LeftOut({ contents }: { contents: Contents }) {
  const texts = useTexts().exportPage;
  return (
    <>
      <Section
        title={texts.leftOut.title}
        hint={
          contents.signed_by === null ? texts.leftOut.hint : `${texts.leftOut.hint} ${texts.leftOut.signed}`
        }
      >
        {contents.left_out.length === 0 ? (
          <Text size="sm">{texts.leftOut.nothing}</Text>
        ) : (
          <List size="sm" spacing={4}>
            {contents.left_out.map(({ what, why }) => (
              <List.Item key={what}>
                {what}{' '}
                <Text span inherit c="dimmed">
                  – {why}
                </Text>
              </List.Item>
            ))}
          </List>
        )}
      </Section>
      <Missing of={contents.missing_files} />
      {contents.anonymized !== null && <Masked contents={contents} says={contents.anonymized} />}
    </>
  );
}

/** Files of which only the list is there, and why. */
function Missing({ of: { total, files } }: { of: Contents['missing_files'] }) {
  const texts = useTexts().exportPage.missing;
  if (total === 0) return null;
  return (
    <Section title={texts.title}>
      <DataTable
        label={texts.title}
        rows={files}
        keyOf={({ ref }) => ref}
        minWidth={420}
        columns={[
          { title: texts.file, cell: ({ id, ref }) => <Code>{id ?? ref}</Code> },
          { title: texts.why, cell: ({ reason }) => reason },
        ]}
      />
      {total > files.length && (
        <Text size="sm" c="dimmed">
          {texts.more(total - files.length)}
        </Text>
      )}
    </Section>
  );
}

/** What anonymising did here, and what it cannot promise. */
function Masked({ contents: { redactions }, says }: { contents: Contents; says: string }) {
  const texts = useTexts().exportPage.masked;
  const { locale } = useLanguage();
  return (
    <Section title={texts.title} hint={says}>
      {redactions.length === 0 ? (
        <Text size="sm">{texts.nothing}</Text>
      ) : (
        <DataTable
          label={texts.table}
          rows={byPlace(redactions)}
          keyOf={([place]) => place}
          minWidth={360}
          columns={[
            { title: texts.place, cell: ([place]) => <Code>{place}</Code> },
            {
              title: texts.what,
              cell: ([, reasons]) =>
                reasons.map(({ reason, count }) => `${reason} × ${count.toLocaleString(locale)}`).join(', '),
            },
          ]}
        />
      )}
    </Section>
  );
}

type Redaction = Contents['redactions'][number];

/** What was masked at each place; they come in the order of their places. */
function byPlace(redactions: readonly Redaction[]): [place: string, reasons: Redaction[]][] {
  const places = new Map<string, Redaction[]>();
  for (const redaction of redactions)
    places.set(redaction.path, [...(places.get(redaction.path) ?? []), redaction]);
  return [...places];
}
