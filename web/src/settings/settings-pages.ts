import {
  IconBrush,
  IconDatabaseExport,
  IconHistory,
  IconKey,
  IconMail,
  IconSettings,
  IconShieldLock,
  IconUsers,
  IconWebhook,
} from '@tabler/icons-react';
import type { Permission } from '../session/use-session.ts';
import type { Texts } from '../texts/en/en.ts';

/** A page of the settings: listed for whoever has one of its permissions. */
export interface SettingsPage {
  to: string;
  text: keyof Texts['settings']['pages'];
  group: keyof Texts['settings']['groups'];
  icon: typeof IconSettings;
  needs: readonly Permission[];
}

/** The pages, in order; those of a group follow each other. */
export const settingsPages: readonly SettingsPage[] = [
  {
    to: '/settings/general',
    text: 'general',
    group: 'workspace',
    icon: IconSettings,
    needs: ['settings.manage'],
  },
  {
    to: '/settings/data-export',
    text: 'dataExport',
    group: 'workspace',
    icon: IconDatabaseExport,
    needs: ['export.workspace', 'export.contacts', 'export.conversations'],
  },
  {
    to: '/settings/data-privacy',
    text: 'dataPrivacy',
    group: 'workspace',
    icon: IconShieldLock,
    needs: ['export.workspace'],
  },
  {
    to: '/settings/members',
    text: 'members',
    group: 'workspace',
    icon: IconUsers,
    needs: ['members.read'],
  },
  {
    to: '/settings/branding',
    text: 'branding',
    group: 'workspace',
    icon: IconBrush,
    needs: ['settings.manage'],
  },
  {
    to: '/settings/audit-log',
    text: 'auditLog',
    group: 'security',
    icon: IconHistory,
    needs: ['audit.read'],
  },
  { to: '/settings/api-keys', text: 'apiKeys', group: 'developers', icon: IconKey, needs: ['keys.manage'] },
  {
    to: '/settings/webhooks',
    text: 'webhooks',
    group: 'developers',
    icon: IconWebhook,
    needs: ['webhooks.manage'],
  },
  { to: '/settings/mails', text: 'mails', group: 'developers', icon: IconMail, needs: ['mails.read'] },
];
