import type { Texts } from '../en/en.ts';
import { app } from './app.ts';
import { account } from './account.ts';
import { apiKeys } from './api-keys.ts';
import { audit } from './audit.ts';
import { branding } from './branding.ts';
import { contacts } from './contacts.ts';
import { conversations } from './conversations.ts';
import { download } from './download.ts';
import { exportPage } from './export-page.ts';
import { exports } from './exports.ts';
import { filter } from './filter.ts';
import { general } from './general.ts';
import { mails } from './mails.ts';
import { members } from './members.ts';
import { order } from './order.ts';
import { overview } from './overview.ts';
import { schedules } from './schedules.ts';
import { session } from './session.ts';
import { settings } from './settings.ts';
import { settingsData } from './settings-data.ts';
import { verify } from './verify.ts';
import { webhooks } from './webhooks.ts';
import { welcome } from './welcome.ts';

/** Every sentence of the app, in German. */
export const de: Texts = {
  ...app,
  account,
  apiKeys,
  audit,
  branding,
  contacts,
  conversations,
  download,
  exportPage,
  exports,
  filter,
  general,
  mails,
  members,
  order,
  overview,
  schedules,
  session,
  settings,
  settingsData,
  verify,
  webhooks,
  welcome,
};
