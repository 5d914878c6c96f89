import type { settingsData as english } from '../en/settings-data.ts';

export const settingsData: typeof english = {
  dataExport: {
    title: 'Datenexport',
    hint: 'Alle Kontakte, alle Gespräche oder alles, als eine Datei, die sofort kommt. CSV-Dateien öffnen sich mit einem Doppelklick im Tabellenprogramm.',
    kinds: {
      contacts: {
        title: 'Kontakte',
        hint: 'Eine Zeile je Kontakt, Interessent, früherem Kunden und Besucher.',
      },
      conversations: {
        title: 'Gespräche und Nachrichten',
        hint: 'JSON hat jedes Gespräch mit Nachrichten, Antworten und Notizen. CSV hat eine Zeile je Gespräch oder je Nachricht.',
      },
      workspace: {
        title: 'Ganzer Arbeitsbereich',
        hint: 'Alles als JSON. CSV ist ein Zip mit Kontakten und Gesprächen.',
      },
    },
    modes: { conversations: 'Gespräche', messages: 'Nachrichten' },
    rows: (format, rows) => `${format}, ${rows}`,
    downloadOf: (what, format) => `${format}: ${what} herunterladen`,
    more: 'Mehr Auswahl …',
    moreOf: (what) => `Mehr Auswahl … für ${what}`,
    never: 'Noch nicht heruntergeladen',
    lastDownloaded: 'Zuletzt heruntergeladen',
    by: (name) => `von ${name}`,
    allOfIt: (size) => `alles davon, ${size}`,
    single:
      'Ein einzelner Kontakt oder ein einzelnes Gespräch wird auf der eigenen Seite exportiert und ändert diese Zeiten nicht.',
    allExports: 'Alle Exporte',
  },
  dataPrivacy: {
    title: 'Daten & Datenschutz',
    hint: 'Die Daten dieses Arbeitsbereichs mitnehmen.',
    workspace: 'Arbeitsbereich exportieren',
    workspaceHint:
      'Eine Datei, zu einem einzigen Zeitpunkt gelesen, vor ihrem Ende gegen die Datenbank geprüft und im Protokoll vermerkt.',
    files: {
      json: {
        title: 'JSON',
        hint: 'Vollständig: Kontakte, Gespräche, Nachrichten, Wissen, Abläufe und das Protokoll.',
      },
      csv: {
        title: 'CSV',
        hint: 'Für Tabellenprogramme: ein Zip nur mit den Tabellen der Kontakte und der Gespräche.',
      },
    },
    about: (size) => `Etwa ${size}`,
    leftOut: 'Was nicht dabei ist',
    download: (format) => `${format} herunterladen`,
    package: {
      title: 'Als signiertes Paket',
      hint: (days) =>
        `Auf Wunsch mit den Inhalten der Dateien, in jedem Format, im Hintergrund erstellt und ${days === 1 ? 'einen Tag' : `${days.toLocaleString('de')} Tage`} aufbewahrt. Wer es bekommt, kann es prüfen.`,
      action: 'Auswählen und exportieren …',
    },
    past: 'Frühere Exporte des Arbeitsbereichs',
  },
};
