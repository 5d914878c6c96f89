import type { Texts } from './en.ts';

const count = (n: number, one: string, many: string) => `${n.toLocaleString('de')} ${n === 1 ? one : many}`;

/** Every sentence of the app, in German. */
export const de: Texts = {
  app: {
    skip: 'Zum Inhalt springen',
    menu: 'Menü',
    docs: 'Dokumentation',
    signOut: 'Abmelden',
    language: 'Sprache',
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
  signIn: {
    title: 'Anmelden',
    email: 'E-Mail-Adresse',
    password: 'Passwort',
    submit: 'Anmelden',
    provider: (name) => `Mit ${name} anmelden`,
    codeTitle: 'Zweiter Faktor',
    code: 'Code',
    codeHint: 'Aus Ihrer Authenticator-App, oder ein Wiederherstellungscode.',
  },
  exports: {
    hint: 'Alles, was exportiert wurde, von wem, und was daraus wurde.',
    what: 'Was',
    status: 'Stand',
    by: 'Bestellt von',
    at: 'Wann',
    size: 'Größe',
    statuses: {
      queued: 'Wartet',
      running: 'Läuft',
      ready: 'Fertig',
      failed: 'Fehlgeschlagen',
      cancelled: 'Abgebrochen',
      expired: 'Abgelaufen',
    },
  },
  unit: {
    records: (n) => count(n, 'Datensatz', 'Datensätze'),
    conversations: (n) => count(n, 'Gespräch', 'Gespräche'),
    messages: (n) => count(n, 'Nachricht', 'Nachrichten'),
  },
};
