import type { app as english } from '../en/app.ts';

const count = (n: number, one: string, many: string) => `${n.toLocaleString('de')} ${n === 1 ? one : many}`;

export const app: typeof english = {
  app: {
    skip: 'Zum Inhalt springen',
    menu: 'Menü',
    docs: 'Dokumentation',
    signOut: 'Abmelden',
    switchTo: (workspace) => `Zu ${workspace} wechseln`,
    language: 'Sprache',
    cancel: 'Abbrechen',
    close: 'Schließen',
    showPassword: 'Passwort anzeigen',
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
    import: 'Daten hereinholen',
    verify: 'Paket prüfen',
    settings: 'Einstellungen',
    account: 'Mein Konto',
  },
  state: {
    loading: 'Lädt …',
    tryAgain: 'Noch einmal versuchen',
    retryAfter: (seconds) =>
      seconds < 90
        ? `Versuchen Sie es in ${count(seconds, 'Sekunde', 'Sekunden')} noch einmal.`
        : `Versuchen Sie es in ${count(Math.ceil(seconds / 60), 'Minute', 'Minuten')} noch einmal.`,
    nothing: 'Noch nichts da',
    failed: 'Diese Seite ließ sich nicht öffnen',
    notFound: 'Diese Seite gibt es nicht',
    notFoundHint: 'Die Adresse ist vielleicht veraltet oder vertippt.',
    noReply: 'Der Server hat nicht geantwortet. Prüfen Sie die Verbindung und versuchen Sie es noch einmal.',
    code: 'Code',
    requestId: 'Anfrage',
    more: 'Mehr anzeigen',
  },
  roles: {
    owner: 'Besitzer',
    admin: 'Admin',
    editor: 'Redaktion',
    agent: 'Agent',
    viewer: 'Nur lesend',
  },
  may: {
    notThisPage: 'Diese Seite ist nicht für Ihre Rolle',
    notThisPageHint: 'Ihre Rolle öffnet sie nicht',
    yourRole: (role) => `In diesem Arbeitsbereich sind Sie: ${role}.`,
    only: (roles) => `Das dürfen: ${roles.join(', ')}.`,
    nobody: 'Dieser Arbeitsbereich hat es allen Rollen genommen.',
    notInPlan: 'Der Plan dieses Arbeitsbereichs enthält es nicht.',
  },
  unit: {
    records: (n) => count(n, 'Datensatz', 'Datensätze'),
    conversations: (n) => count(n, 'Gespräch', 'Gespräche'),
    messages: (n) => count(n, 'Nachricht', 'Nachrichten'),
  },
};
