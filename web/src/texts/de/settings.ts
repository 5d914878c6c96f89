import type { settings as english } from '../en/settings.ts';

export const settings: typeof english = {
  title: 'Einstellungen',
  menu: 'Einstellungen',
  nothing:
    'Mit Ihrer Rolle ändern Sie keine Einstellungen dieses Arbeitsbereichs. Ihr eigenes Konto finden Sie im Menü bei Ihrem Namen.',
  groups: {
    workspace: 'Arbeitsbereich',
    security: 'Sicherheit',
    developers: 'Entwicklung',
  },
  pages: {
    general: { name: 'Allgemein', about: 'Name, zweiter Faktor für alle, wer was darf.' },
    dataExport: { name: 'Datenexport', about: 'Alle Kontakte, Gespräche oder alles als Datei.' },
    dataPrivacy: { name: 'Daten & Datenschutz', about: 'Der ganze Arbeitsbereich, zum Mitnehmen.' },
    members: { name: 'Mitglieder', about: 'Wer hier ist und als was; Einladungen.' },
    branding: { name: 'Erscheinungsbild', about: 'Name, Farbe und Logo der Niederschriften.' },
    auditLog: { name: 'Protokoll', about: 'Was getan wurde, von wem; und ob das Protokoll das noch sagt.' },
    apiKeys: { name: 'API-Schlüssel', about: 'Zugang für Ihre Programme, so eng wie möglich.' },
    webhooks: { name: 'Webhooks', about: 'Adressen, die erfahren, was hier geschieht.' },
    mails: { name: 'Mails', about: 'Was verschickt wurde, und was Sie selbst weitergeben müssen.' },
  },
};
