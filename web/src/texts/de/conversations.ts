import type { conversations as english } from '../en/conversations.ts';

export const conversations: typeof english = {};
