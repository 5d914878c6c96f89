import {
  IconAddressBook,
  IconCalendarTime,
  IconDatabaseImport,
  IconHome,
  IconMessages,
  IconPackageExport,
  IconSettings,
  IconShieldCheck,
} from '@tabler/icons-react';
import type { Permission } from '../../session/use-session.ts';
import { settingsPages } from '../../settings/settings-pages.ts';
import type { Texts } from '../../texts/en/en.ts';

/** A place in the menu: shown to whoever has one of its permissions. */
export interface NavItem {
  to: string;
  text: keyof Texts['nav'];
  icon: typeof IconHome;
  needs: readonly Permission[];
}

/** The menu, in order. */
export const navItems: readonly NavItem[] = [
  { to: '/', text: 'overview', icon: IconHome, needs: ['self.read'] },
  { to: '/conversations', text: 'conversations', icon: IconMessages, needs: ['conversations.read'] },
  { to: '/contacts', text: 'contacts', icon: IconAddressBook, needs: ['contacts.read'] },
  { to: '/exports', text: 'exports', icon: IconPackageExport, needs: ['export.read'] },
  { to: '/schedules', text: 'schedules', icon: IconCalendarTime, needs: ['schedules.manage'] },
  { to: '/welcome', text: 'import', icon: IconDatabaseImport, needs: ['records.import'] },
  { to: '/verify', text: 'verify', icon: IconShieldCheck, needs: ['self.read'] },
  {
    to: '/settings',
    text: 'settings',
    icon: IconSettings,
    needs: [...new Set(settingsPages.flatMap(({ needs }) => needs))],
  },
];
