import type { Schema } from '../../api/client.ts';
import { FilterWords } from '../../parts/filter-words.tsx';
import { RouteAnchor } from '../../parts/route-anchor.tsx';
import { type Fact, Facts } from '../../parts/facts.tsx';
import { useTexts } from '../../texts/texts-provider.tsx';
import { Section } from '../../parts/section.tsx';

type Export = Schema<'Export'>;
type Contents = Schema<'ExportContents'>;

/** What somebody asked for: of what, which of it, in which form, and how far that reaches. */
export function Asked({ of: one, contents }: { of: Export; contents: Contents }) {
  const texts = useTexts().exportPage.asked;
  return (
    <Section title={texts.title}>
      <Facts isWide items={[...useScope(one), ...useForm(one), ...useReach(one, contents)]} />
    </Section>
  );
}

/** Of what it is. */
function useScope({ order, rerun_of: repeated }: Export): Fact[] {
  const { exports: words, exportPage } = useTexts();
  const texts = exportPage.asked;
  return [
    [texts.what, `${words.kinds[order.kind]}, ${words.formats[order.format ?? 'json']}`],
    ...(order.kind === 'conversations'
      ? [[texts.which, <FilterWords key="filter" filter={order.filter ?? {}} />] as const]
      : []),
    ...(order.id === undefined ? [] : [[texts.record, <RecordLink key="record" of={order} />] as const]),
    ...(repeated === null
      ? []
      : [
          [
            texts.repeats,
            <RouteAnchor key="repeats" to="/exports/$id" params={{ id: repeated }} inherit>
              {texts.original}
            </RouteAnchor>,
          ] as const,
        ]),
  ];
}

function RecordLink({ of: { kind, id = '' } }: { of: Export['order'] }) {
  const to = kind === 'contact' ? '/contacts/$id' : '/conversations/$id';
  return (
    <RouteAnchor to={to} params={{ id }} inherit>
      {id}
    </RouteAnchor>
  );
}

/** In which form. */
function useForm({ kept, order }: Export): Fact[] {
  const { order: words, exportPage } = useTexts();
  const texts = exportPage.asked;
  const { kind, fields, mode, profile, for: form, files, anonymize } = order;
  const hasFields = kind === 'conversations' || kind === 'conversation';
  return [
    ...(hasFields
      ? [[texts.fields, fields?.map((name) => words.fieldNames[name]).join(', ') ?? texts.allFields] as const]
      : []),
    ...(mode === undefined ? [] : [[texts.rows, words.modes[mode]] as const]),
    ...(profile === undefined ? [] : [[texts.profile, words.profiles[profile][0]] as const]),
    ...(form === undefined ? [] : [[texts.form, words.forms[form][0]] as const]),
    ...(anonymize === true ? [[texts.people, texts.anonymised] as const] : []),
    ...(kept ? [[texts.files, files === true ? texts.withFiles : texts.withoutFiles] as const] : []),
  ];
}

/** How far it reaches. */
function useReach({ order }: Export, { audience, chain }: Contents): Fact[] {
  const texts = useTexts().exportPage.asked;
  const isOfPeople = order.kind !== 'audit' && order.kind !== 'contacts';
  return [
    ...(isOfPeople ? [[texts.notes, audience.internal ? texts.withNotes : texts.withoutNotes] as const] : []),
    ...(isOfPeople ? [[texts.audiences, audience.audiences?.join(', ') ?? texts.allAudiences] as const] : []),
    ...(chain === null ? [] : [[texts.chain, texts.chainOf(chain.sequence)] as const]),
  ];
}
