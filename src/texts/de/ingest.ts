import type { Catalogue } from '../catalogue.ts';

/** Lines and files that an ingest does not take, and records that are asked for. */
export const ingest: Catalogue = {
  'Lines of an atomic body cannot be stored. Nothing was stored.':
    'Zeilen eines unteilbaren Inhalts lassen sich nicht speichern. Es wurde nichts gespeichert.',
  'An atomic body has more lines than one transaction takes. Nothing was stored.':
    'Ein unteilbarer Inhalt hat mehr Zeilen, als eine Transaktion fasst. Es wurde nichts gespeichert.',
  'A field does not hold what it takes.': 'In einem Feld steht etwas anderes, als hineingehört.',
  'An id is not one that records can have.': 'Eine Kennung ist keine, die Datensätze haben können.',
  'The line is not one JSON object.': 'Die Zeile ist kein JSON-Objekt.',
  'These two contacts cannot be merged.': 'Diese beiden Kontakte lassen sich nicht zusammenführen.',
  'The line holds a number that would lose digits. Send it as a string.':
    'Die Zeile enthält eine Zahl, die Stellen verlieren würde. Senden Sie sie als Text.',
  'The line holds bytes that are not UTF-8, a NUL or an unpaired surrogate.':
    'Die Zeile enthält Bytes, die kein UTF-8 sind, ein NUL oder ein unvollständiges Surrogatpaar.',
  'The body is larger than one ingest takes. What was committed before that stays; send the rest as another body.':
    'Der Inhalt ist größer, als auf einmal angenommen wird. Was bis dahin gespeichert wurde, bleibt; senden Sie den Rest noch einmal für sich.',
  'A line deletes or merges more records than one atomic body may change. Send it without atomic=true.':
    'Eine Zeile löscht oder vereint mehr Datensätze, als ein unteilbarer Inhalt ändern darf. Senden Sie sie ohne atomic=true.',
  'The body was stored in part only. What was committed stays; send it again from the line that is named.':
    'Der Inhalt wurde nur zum Teil gespeichert. Was gespeichert wurde, bleibt; senden Sie ihn ab der genannten Zeile noch einmal.',
  'The line is longer than 64 MiB.': 'Die Zeile ist länger als 64 MiB.',
  'A field holds more than 16 MiB.': 'In einem Feld stehen mehr als 16 MiB.',
  'The thread belongs to another account. Delete it there first.':
    'Das Gespräch gehört zu einem anderen Konto. Löschen Sie es zuerst dort.',
  'The line nests too many levels or holds too many values.':
    'Die Zeile ist zu tief verschachtelt oder enthält zu viele Werte.',
  'The record that this one belongs to does not exist, and an atomic body does not wait.':
    'Den Datensatz, zu dem dieser gehört, gibt es nicht, und ein unteilbarer Inhalt wartet nicht.',
  'There is no record with this id to patch. Send it whole first.':
    'Es gibt keinen Datensatz mit dieser Kennung, der zu ändern wäre. Senden Sie ihn zuerst ganz.',
  'There is no such type of record.': 'Diese Art von Datensatz gibt es nicht.',
  'You have as many saved views as one can have. Delete one first.':
    'Sie haben so viele gespeicherte Ansichten, wie man haben kann. Löschen Sie zuerst eine.',
  'You have no such saved view.': 'Sie haben keine solche gespeicherte Ansicht.',
  'You already have a view with this name.': 'Sie haben schon eine Ansicht mit diesem Namen.',
  'The bytes are not the ones that were announced, so they were not kept.':
    'Die Bytes sind nicht die angekündigten. Sie wurden deshalb nicht behalten.',
  'The file is known, but its bytes never came, or are gone.':
    'Die Datei ist bekannt, aber ihre Bytes sind nie angekommen oder weg.',
  'There is no such file in this workspace.': 'Diese Datei gibt es in diesem Arbeitsbereich nicht.',
  'The digest header is not of the form `sha-256=:<base64>:` (RFC 9530).':
    'Der Header mit der Prüfsumme hat nicht die Form `sha-256=:<base64>:` (RFC 9530).',
};
