import type { Catalogue } from '../catalogue.ts';

/** What the permissions allow; each completes the sentence “darf …”. */
export const permissions: Catalogue = {
  'see who one is and what one may do': 'sehen, wer man ist und was man darf',
  'write records': 'Datensätze schreiben',
  'write the bytes of a file': 'die Bytes einer Datei schreiben',
  'bring records in as files, and load the sample data':
    'Datensätze als Dateien hereinholen und die Beispieldaten laden',
  'read contacts': 'Kontakte lesen',
  'read conversations and their messages': 'Gespräche und ihre Nachrichten lesen',
  'see internal notes and events, wherever conversations are read or exported':
    'interne Notizen und Ereignisse sehen, wo immer Gespräche gelesen oder exportiert werden',
  'export the whole workspace': 'den ganzen Arbeitsbereich exportieren',
  'export all contacts': 'alle Kontakte exportieren',
  'export conversations in bulk': 'mehrere Gespräche auf einmal exportieren',
  'export one conversation': 'ein einzelnes Gespräch exportieren',
  'export one person': 'eine einzelne Person exportieren',
  'export one person for the workspace’s record, notes included, instead of for that person':
    'eine einzelne Person für die Akten des Arbeitsbereichs exportieren, mit Notizen, statt für die Person selbst',
  'have exports made and withdraw them': 'Exporte bestellen und zurückziehen',
  'see one’s exports and fetch their files': 'die eigenen Exporte sehen und ihre Dateien holen',
  'see and fetch others’ exports, as far as one’s own reach covers them':
    'Exporte anderer sehen und holen, so weit die eigene Reichweite sie umfasst',
  'share saved choices of fields with the workspace, and change those that are shared':
    'gespeicherte Feldauswahlen mit dem Arbeitsbereich teilen und geteilte ändern',
  'make links that open an export without a sign-in; taken from everybody, all such links end':
    'Links machen, die einen Export ohne Anmeldung öffnen; wird es allen genommen, enden alle solchen Links',
  'have exports made again and again, and see what became of each':
    'Exporte nach Zeitplan machen lassen und sehen, was aus jedem wurde',
  'read the audit log': 'das Protokoll lesen',
  'export the audit log': 'das Protokoll exportieren',
  'see the members of the workspace': 'die Mitglieder des Arbeitsbereichs sehen',
  'invite members, change their roles, remove them':
    'Mitglieder einladen, ihre Rollen ändern und sie entfernen',
  'create, list and revoke API keys': 'API-Schlüssel anlegen, auflisten und widerrufen',
  'set up webhooks, and see and repeat their deliveries':
    'Webhooks einrichten, ihre Zustellungen sehen und wiederholen',
  'see the mails that the workspace sent or keeps':
    'die Mails sehen, die der Arbeitsbereich verschickt hat oder aufbewahrt',
  'change the workspace’s settings and tighten this table':
    'die Einstellungen des Arbeitsbereichs ändern und Rollen Rechte dieser Tabelle nehmen',
  'make others owners and end their ownership': 'andere zu Besitzern machen und ihren Besitz beenden',
  'see and end one’s own sessions, change one’s password and second factor':
    'die eigenen Sitzungen sehen und beenden, das eigene Passwort und den zweiten Faktor ändern',
};
