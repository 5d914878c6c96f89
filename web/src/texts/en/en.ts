import { app } from './app.ts';
import { account } from './account.ts';
import { contacts } from './contacts.ts';
import { conversations } from './conversations.ts';
import { exports } from './exports.ts';
import { overview } from './overview.ts';
import { schedules } from './schedules.ts';
import { session } from './session.ts';
import { settings } from './settings.ts';
import { verify } from './verify.ts';
import { welcome } from './welcome.ts';

/** Every sentence of the app, in English: what a language has to have. What the server says comes from the server. */
export const en = {
  ...app,
  account,
  contacts,
  conversations,
  exports,
  overview,
  schedules,
  session,
  settings,
  verify,
  welcome,
};

export type Texts = typeof en;
