import type { contacts as english } from '../en/contacts.ts';

export const contacts: typeof english = {};
