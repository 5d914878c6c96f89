import type { Schema } from '../../api/client.ts';

const features: Record<NonNullable<Schema<'Permission'>['feature']>, string> = {
  'audit_export.use': 'Export of the audit log',
};

export const general = {
  hint: 'What holds for everybody in this workspace.',
  name: 'Name of the workspace',
  slug: 'Short name, in addresses and file names:',
  save: 'Save',
  saved: 'Saved.',
  secondFactor: {
    title: 'Second factor',
    label: 'Everybody needs a second factor',
    hint: 'Who has none yet is led to set one up before they can do anything here.',
    onTitle: 'Ask everybody for a second factor?',
    onAction: 'Ask for it',
    onMeaning: 'Members without one can do nothing here until they have set one up.',
    offTitle: 'No longer ask for a second factor?',
    offAction: 'No longer ask',
    offMeaning: 'Members may then take theirs away. A password alone opens the workspace.',
  },
  plan: {
    title: 'Plan',
    hint: 'Whoever runs the server says what the plan holds.',
    features,
    has: 'included',
    lacks: 'not included',
  },
  rights: {
    title: 'Who may do what',
    hint: 'You can take rights from roles; you cannot give more than there is by default. It holds from the next click.',
    ownersOnly: 'Exports by owners only',
    usual: 'As by default',
    discard: 'Discard',
    save: 'Save changes',
    question: 'Change who may do what?',
    action: 'Change it',
    takes: (roles: string, what: string) => `Taken from ${roles}: ${what}`,
    gives: (roles: string, what: string) => `Given back to ${roles}: ${what}`,
  },
};
