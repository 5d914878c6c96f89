import type { Catalogue } from '../catalogue.ts';

/** What is wrong with the server itself: its database, its store, its keys, its settings. */
export const operations: Catalogue = {
  'A place in the order of changes is not one.': 'Eine Stelle in der Folge der Änderungen ist keine.',
  'The database and the catalogue do not agree, so that an export or an erasure could miss something.':
    'Datenbank und Katalog stimmen nicht überein, sodass ein Export oder eine Löschung etwas übersehen könnte.',
  'The command was not used right; see its --help.':
    'Der Befehl wurde nicht richtig verwendet; siehe sein --help.',
  'The home folder cannot be made. Set CONVEY_HOME to a folder that may be written.':
    'Der Heimatordner lässt sich nicht anlegen. Setzen Sie CONVEY_HOME auf einen beschreibbaren Ordner.',
  'The settings are not right, so nothing was started.':
    'Die Einstellungen stimmen nicht. Es wurde nichts gestartet.',
  'The text holds a NUL or an unpaired surrogate.':
    'Der Text enthält ein NUL oder ein unvollständiges Surrogatpaar.',
  'The PostgreSQL that comes with Convey cannot run here: reinstall with optional dependencies, or set DATABASE_URL to a server of your own.':
    'Das mitgelieferte PostgreSQL läuft hier nicht: Installieren Sie noch einmal mit optionalen Abhängigkeiten, oder setzen Sie DATABASE_URL auf einen eigenen Server.',
  'The database files that belong to this home folder are gone or incomplete: restore them from a backup.':
    'Die Datenbankdateien zu diesem Heimatordner sind weg oder unvollständig: Stellen Sie sie aus einer Sicherung wieder her.',
  'This home folder is a copy, and its database still belongs to the original: remove postgres/location.json from the copy to start it empty.':
    'Dieser Heimatordner ist eine Kopie, und seine Datenbank gehört noch zum Original: Entfernen Sie postgres/location.json aus der Kopie, um sie leer zu starten.',
  'Another Convey process is using this home folder.':
    'Ein anderer Prozess von Convey verwendet diesen Heimatordner.',
  'The database files cannot be used by the system user that PostgreSQL runs as: open the folders above them for that user, or start Convey as their owner.':
    'Der Systembenutzer, unter dem PostgreSQL läuft, kann die Datenbankdateien nicht verwenden: Öffnen Sie ihm die Ordner darüber, oder starten Sie Convey als deren Eigentümer.',
  'Somebody holds a table of the database locked, as maintenance does. Try again when that is over.':
    'Jemand hält eine Tabelle der Datenbank gesperrt, wie es bei Wartung geschieht. Versuchen Sie es danach noch einmal.',
  'The database was migrated by a newer or different version of Convey.':
    'Die Datenbank wurde von einer neueren oder anderen Version von Convey migriert.',
  'The database has not this version’s schema. Set DATABASE_ADMIN_URL to the role that owns it and run `convey migrate`.':
    'Die Datenbank hat nicht das Schema dieser Version. Setzen Sie DATABASE_ADMIN_URL auf die Rolle, der sie gehört, und führen Sie `convey migrate` aus.',
  'PostgreSQL refuses to run as root and there is no user "nobody" to run it as: start Convey as an ordinary user, or add that user.':
    'PostgreSQL läuft nicht als root, und es gibt keinen Benutzer "nobody" dafür: Starten Sie Convey als gewöhnlicher Benutzer, oder legen Sie jenen an.',
  'The PostgreSQL that comes with Convey did not start: the log says why.':
    'Das mitgelieferte PostgreSQL ist nicht gestartet: Das Log sagt, warum.',
  'The database cannot be reached just now.': 'Die Datenbank ist gerade nicht erreichbar.',
  'The runtime role could read around row-level security, so the server does not start.':
    'Die Rolle im Betrieb könnte die Zeilensicherheit umgehen. Der Server startet deshalb nicht.',
  'The database files were made by another major version of PostgreSQL: start the Convey release that made them, export, and import here.':
    'Die Datenbankdateien stammen von einer anderen Hauptversion von PostgreSQL: Starten Sie die Version von Convey, die sie angelegt hat, exportieren Sie, und importieren Sie hier.',
  'The worker gave no sign for too long, and another one has taken over.':
    'Der Worker gab zu lange kein Zeichen, und ein anderer hat übernommen.',
  'The file with the master key cannot be used, so nothing can be encrypted or decrypted.':
    'Die Datei mit dem Hauptschlüssel ist nicht brauchbar. Es lässt sich nichts ver- oder entschlüsseln.',
  'A secret in the database cannot be opened: it was changed, or is under another master key.':
    'Ein Geheimnis in der Datenbank lässt sich nicht öffnen: Es wurde geändert oder liegt unter einem anderen Hauptschlüssel.',
  'The key that signs exports cannot be read: what is stored of it was changed.':
    'Der Schlüssel, der Exporte signiert, ist nicht lesbar: Was davon gespeichert ist, wurde geändert.',
  'The master key is gone, and stored files are encrypted under it. Put the file back, or set CONVEY_MASTER_KEY.':
    'Der Hauptschlüssel ist weg, und gespeicherte Dateien sind mit ihm verschlüsselt. Legen Sie die Datei zurück, oder setzen Sie CONVEY_MASTER_KEY.',
  'Another process is rotating the master key. Wait for it, then try again.':
    'Ein anderer Prozess wechselt gerade den Hauptschlüssel. Warten Sie ihn ab und versuchen Sie es dann noch einmal.',
  'No key of this server has that fingerprint. See /.well-known/convey-keys.json.':
    'Kein Schlüssel dieses Servers hat diesen Fingerabdruck. Siehe /.well-known/convey-keys.json.',
  'A stored file is encrypted under a master key that this server does not have. Add it to CONVEY_MASTER_KEY or the key file.':
    'Eine gespeicherte Datei ist mit einem Hauptschlüssel verschlüsselt, den dieser Server nicht hat. Fügen Sie ihn CONVEY_MASTER_KEY oder der Schlüsseldatei hinzu.',
  'The master key is not the one that what is stored is encrypted under. Put the right one into CONVEY_MASTER_KEY or the key file.':
    'Der Hauptschlüssel ist nicht der, mit dem das Gespeicherte verschlüsselt ist. Tragen Sie den richtigen in CONVEY_MASTER_KEY oder die Schlüsseldatei ein.',
  'The folder for the sample already holds something. Name an empty one, or say --force to replace an earlier sample.':
    'Im Ordner für die Beispieldaten ist schon etwas. Nennen Sie einen leeren, oder ersetzen Sie frühere Beispieldaten mit --force.',
  'The name of a stored object is not one that every store can hold.':
    'Der Name eines gespeicherten Objekts ist keiner, den jeder Speicher fasst.',
  'The place for stored files is not one that Convey can use.':
    'Der Ort für gespeicherte Dateien ist keiner, den Convey verwenden kann.',
  'The file does not have the bytes asked for.': 'Die Datei hat die verlangten Bytes nicht.',
  'The file was replaced or deleted while it was being read. Read it again from its beginning.':
    'Die Datei wurde ersetzt oder gelöscht, während sie gelesen wurde. Lesen Sie sie noch einmal von vorn.',
  'A stored file is not what Convey stored: it, its name or its key was changed, cut short or taken away.':
    'Eine gespeicherte Datei ist nicht, was Convey gespeichert hat: Sie, ihr Name oder ihr Schlüssel wurde geändert, gekürzt oder entfernt.',
  'There is no room left in the store. Nothing was kept.':
    'Im Speicher ist kein Platz mehr. Es wurde nichts behalten.',
  'A stored file is not in the format of Convey’s encrypted store, so it is not given out.':
    'Eine gespeicherte Datei hat nicht das Format von Conveys verschlüsseltem Speicher. Sie wird deshalb nicht herausgegeben.',
  'The file is not in the store.': 'Die Datei ist nicht im Speicher.',
  'The file does not have the announced size. Nothing was kept.':
    'Die Datei hat nicht die angekündigte Größe. Es wurde nichts behalten.',
  'The file is larger than allowed. Nothing was kept.':
    'Die Datei ist größer als erlaubt. Es wurde nichts behalten.',
  'The store cannot be used just now.': 'Der Speicher ist gerade nicht verwendbar.',
};
