import type { app as english } from '../en/app.ts';

const count = (n: number, one: string, many: string) => `${n.toLocaleString('de')} ${n === 1 ? one : many}`;

export const app: typeof english = {
  app: {
    skip: 'Zum Inhalt springen',
    menu: 'Menü',
    docs: 'Dokumentation',
    signOut: 'Abmelden',
    language: 'Sprache',
    cancel: 'Abbrechen',
    copy: 'Kopieren',
    copied: 'Kopiert',
    save: 'Speichern',
    delete: 'Löschen',
  },
  scheme: { label: 'Darstellung', auto: 'Wie das System', light: 'Hell', dark: 'Dunkel' },
  nav: {
    overview: 'Übersicht',
    conversations: 'Gespräche',
    contacts: 'Kontakte',
    exports: 'Exporte',
    schedules: 'Zeitpläne',
    verify: 'Paket prüfen',
    settings: 'Einstellungen',
    account: 'Mein Konto',
  },
  state: {
    loading: 'Lädt …',
    tryAgain: 'Noch einmal versuchen',
    nothing: 'Noch nichts da',
    notFound: 'Diese Seite gibt es nicht',
    notFoundHint: 'Die Adresse ist vielleicht veraltet oder vertippt.',
    noReply: 'Der Server hat nicht geantwortet. Prüfen Sie die Verbindung und versuchen Sie es noch einmal.',
    code: 'Code',
    requestId: 'Anfrage',
    more: 'Mehr anzeigen',
  },
  unit: {
    records: (n) => count(n, 'Datensatz', 'Datensätze'),
    conversations: (n) => count(n, 'Gespräch', 'Gespräche'),
    messages: (n) => count(n, 'Nachricht', 'Nachrichten'),
  },
};
