import type { Catalogue } from '../catalogue.ts';

/** Files that are imported: what is wrong with them, with their rows or with the map. */
export const imports: Catalogue = {
  'The table breaks the CSV rules (RFC 4180) in a way that hides where its rows end.':
    'Die Tabelle verletzt die CSV-Regeln (RFC 4180) so, dass nicht zu erkennen ist, wo ihre Zeilen enden.',
  'The header line of the table cannot be used.': 'Die Kopfzeile der Tabelle ist nicht brauchbar.',
  'A side file that the map joins cannot be used.':
    'Eine Nebendatei, auf die sich die Zuordnung bezieht, ist nicht brauchbar.',
  'The line or element is not one JSON object.': 'Die Zeile oder das Element ist kein JSON-Objekt.',
  'The map is not valid.': 'Die Zuordnung ist nicht gültig.',
  'The package is not what its signed manifest says, so nothing was taken from it. Get a fresh copy.':
    'Das Paket ist nicht, was sein signiertes Manifest sagt. Es wurde nichts daraus übernommen. Besorgen Sie eine neue Kopie.',
  'A value cannot be turned into what the map asks for.':
    'Aus einem Wert lässt sich nicht machen, was die Zuordnung verlangt.',
  'The file is damaged or cut short; get a fresh copy and import it again.':
    'Die Datei ist beschädigt oder abgeschnitten. Besorgen Sie eine neue Kopie und importieren Sie sie noch einmal.',
  'The file is empty: there is nothing to import.': 'Die Datei ist leer: Es gibt nichts zu importieren.',
  'One line, row or element is longer than the limit.': 'Eine Zeile oder ein Element ist länger als erlaubt.',
  'This format needs a map that says which column is what (--map FILE).':
    'Dieses Format braucht eine Zuordnung, die sagt, welche Spalte was ist (--map DATEI).',
  'The convey format holds finished records and takes no map.':
    'Conveys eigenes Format enthält fertige Datensätze und braucht keine Zuordnung.',
  'The map names a column that the table does not have.':
    'Die Zuordnung nennt eine Spalte, die es in der Tabelle nicht gibt.',
  'A value that the record needs is missing or empty.':
    'Ein Wert, den der Datensatz braucht, fehlt oder ist leer.',
  'The side file has no row with this key.': 'Die Nebendatei hat keine Zeile mit diesem Schlüssel.',
  'The package holds no *.ndjson file, neither at its root nor in data/.':
    'Das Paket enthält keine *.ndjson-Datei, weder zuoberst noch in data/.',
  'There is no such file to import.': 'Diese Datei gibt es nicht.',
  'No rule of the map takes this row, and no "skip" says so.':
    'Keine Regel der Zuordnung nimmt diese Zeile, und kein "skip" lässt sie aus.',
  'The row has more or fewer cells than the header.':
    'Die Zeile hat mehr oder weniger Zellen als die Kopfzeile.',
  'The row has a quote inside a cell that is not quoted (RFC 4180).':
    'In der Zeile steht ein Anführungszeichen in einer Zelle, die nicht in Anführungszeichen steht (RFC 4180).',
  'The file unpacks to more than this server takes.':
    'Ausgepackt ist die Datei größer, als dieser Server annimmt.',
  'The map remembers more ids ("once": true) than the limit allows; sort the source by that id and say "once": "consecutive".':
    'Die Zuordnung merkt sich mehr Kennungen ("once": true) als erlaubt. Sortieren Sie die Quelle nach der Kennung und sagen Sie "once": "consecutive".',
  "A value is not in the map's table of values.": 'Ein Wert steht nicht in der Wertetabelle der Zuordnung.',
  'A path in the package points outside of it or is ambiguous, so the package is refused.':
    'Ein Pfad im Paket zeigt aus ihm hinaus oder ist mehrdeutig. Das Paket wird deshalb abgelehnt.',
  'The zip uses a feature that is not supported; pack it again without encryption, with deflate or stored entries.':
    'Die zip-Datei verwendet etwas, das nicht unterstützt wird. Packen Sie sie noch einmal ohne Verschlüsselung, mit Deflate oder ungepackt.',
  'The file is not in the format that was named.': 'Die Datei hat nicht das angegebene Format.',
  'A file name takes 1 to 200 bytes, no slash, backslash or control character, and does not begin with a dot.':
    'Ein Dateiname hat 1 bis 200 Bytes, keinen Schrägstrich, keinen Rückstrich, kein Steuerzeichen und beginnt nicht mit einem Punkt.',
  'Another import of this workspace is running. Wait until it has ended, or stop it.':
    'In diesem Arbeitsbereich läuft ein anderer Import. Warten Sie, bis er endet, oder brechen Sie ihn ab.',
  'Somebody stopped it. What had been taken by then stays.':
    'Jemand hat ihn abgebrochen. Was bis dahin übernommen wurde, bleibt.',
  'The server stopped while it ran. What had been taken stays; import the file again, which is safe.':
    'Der Server wurde währenddessen angehalten. Was übernommen wurde, bleibt; importieren Sie die Datei noch einmal, das ist gefahrlos.',
  'No file of this name was uploaded to this import.':
    'Zu diesem Import wurde keine Datei dieses Namens hochgeladen.',
  'The sample data is for an empty workspace, and this one has records.':
    'Die Beispieldaten sind für einen leeren Arbeitsbereich, und dieser hat schon Datensätze.',
  'There is no such import.': 'Diesen Import gibt es nicht.',
  'This import has begun already. Begin another one for other files.':
    'Dieser Import hat schon begonnen. Beginnen Sie für andere Dateien einen neuen.',
  'Too many imports of this workspace were begun and not started. Withdraw one first.':
    'In diesem Arbeitsbereich wurden zu viele Importe begonnen und nicht gestartet. Verwerfen Sie zuerst einen.',
  'An import has at most ten files.': 'Ein Import hat höchstens zehn Dateien.',
};
