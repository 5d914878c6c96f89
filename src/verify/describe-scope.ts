import type { Manifest } from '../packages/manifest.ts';
import type { Verification } from './verify-package.ts';

/** Of a condition's values and of the whole sentence, so that what follows it is still read. */
const MAX_VALUES_TOLD = 5;
const MAX_TOLD = 300;

/** `[one, several]` as a person says it. Kinds and members that are not here are told by their names. */
const KINDS: Readonly<Record<string, readonly [all: string, some: string]>> = {
  contacts: ['all contacts', 'contacts'],
  conversations: ['all conversations', 'conversations'],
  conversation: ['all conversations', 'one conversation'],
  contact: ['all contacts', 'one person'],
};

/** Members of the filter, by what stands before their values. */
const CONDITIONS: Readonly<Record<string, string>> = {
  ids: 'id is ',
  contact_id: 'contact is ',
  email: 'the contact’s email is ',
  assignee: 'assignee is ',
  any_tag: 'tag is ',
  since: 'it began at or after ',
  until: 'it began before ',
  updated_since: 'it last changed at or after ',
  updated_until: 'it last changed before ',
  resolved_since: 'it was resolved at or after ',
  resolved_until: 'it was resolved before ',
  q: 'one of its messages has the words ',
  csat: 'its rating is ',
  csat_min: 'its rating is at least ',
  csat_max: 'its rating is at most ',
  has_csat: 'that it has a rating is ',
  has_files: 'that it has files is ',
};

/**
 * What an export is of, in words, from its manifest: “conversations of acme where status is resolved”. “Everything”
 * is only said where nothing narrows it: no filter, no audience, no format that holds less.
 */
export function describeScope({ export: asked, workspace, filter, audience }: Verification): string {
  if (asked === null || workspace === null || filter === null) return 'nothing that could be read';
  const conditions = Object.entries(filter).map(([member, value]) => describeCondition(member, value));
  const limits = describeAudience(audience);
  const of = ` of ${workspace.slug}`;
  const where = conditions.length === 0 ? '' : ` where ${conditions.join(' and ')}`;
  const whole = `${describeWhat(asked, conditions.length + limits.length > 0)}${of}${where}`;
  const told = whole.length > MAX_TOLD ? `${whole.slice(0, MAX_TOLD)}… (its manifest has it whole)` : whole;
  return [told, ...describeRows(asked), ...limits].join(', ');
}

function describeWhat({ kind, format }: Manifest['export'], isNarrowed: boolean): string {
  if (kind === 'workspace') {
    if (format === 'csv') return 'contacts and conversations as tables';
    if (format === 'xlsx') return 'contacts, conversations and messages as tables';
    return isNarrowed ? 'the workspace in part' : 'everything';
  }
  const words = Object.hasOwn(KINDS, kind) ? KINDS[kind]! : [kind, kind];
  return words[isNarrowed ? 1 : 0]!;
}

function describeRows({ format, mode }: Manifest['export']): string[] {
  if (format === 'chat-jsonl') return ['roles and texts alone'];
  if ((format !== 'csv' && format !== 'xlsx') || mode === undefined) return [];
  return [
    `one row per ${mode === 'messages' ? 'message' : mode === 'conversations' ? 'conversation' : mode}`,
  ];
}

function describeAudience(audience: Manifest['audience'] | null): string[] {
  if (audience === null) return [];
  const { internal, audiences = null } = audience;
  return [
    ...(audiences === null
      ? []
      : [audiences.length === 0 ? 'of no audience' : `only of audience ${tell(audiences, ' or ')}`]),
    ...(internal ? [] : ['without internal notes and events']),
  ];
}

function describeCondition(member: string, value: unknown): string {
  const begin = Object.hasOwn(CONDITIONS, member) ? CONDITIONS[member]! : `${member} is `;
  // A conversation must have all the tags, and one of any other member's values.
  return begin + tell(Array.isArray(value) ? value : [value], member === 'tag' ? ' and ' : ' or ');
}

function tell(values: readonly unknown[], between: string): string {
  const told = values
    .slice(0, MAX_VALUES_TOLD)
    .map((value) => (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, 100));
  const more = values.length > MAX_VALUES_TOLD ? ` (and ${values.length - MAX_VALUES_TOLD} more)` : '';
  return (told.length === 0 ? 'nothing' : told.join(between)) + more;
}
