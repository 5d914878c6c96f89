import type { Catalogue } from '../catalogue.ts';

/** Exports, their formats and their schedules: what is refused, and why one failed. */
export const exportErrors: Catalogue = {
  'The export failed.': 'Der Export ist fehlgeschlagen.',
  'Run it again': 'Noch einmal ausführen',
  'What was asked for does not go together.': 'Was bestellt wurde, passt nicht zusammen.',
  'This export holds conversations of audiences that are not, or no longer, yours.':
    'Dieser Export enthält Gespräche von Zielgruppen, die nicht oder nicht mehr Ihre sind.',
  'The database sent rows in another order than asked for.':
    'Die Datenbank hat Zeilen in anderer Reihenfolge gesendet als verlangt.',
  'The export was cancelled.': 'Der Export wurde abgebrochen.',
  'The export cannot be written there.': 'Dorthin lässt sich der Export nicht schreiben.',
  'The export did not hold what the database holds, so it was not handed over.':
    'Der Export enthielt nicht, was die Datenbank enthält. Er wurde deshalb nicht herausgegeben.',
  'The database broke off while the export was being written.':
    'Die Verbindung zur Datenbank riss ab, während der Export geschrieben wurde.',
  'The export ended without files.': 'Der Export endete ohne Dateien.',
  'The files of this export were deleted. Ask for the export again.':
    'Die Dateien dieses Exports wurden gelöscht. Bestellen Sie ihn noch einmal.',
  'You already have a choice of fields with this name.':
    'Sie haben schon eine Auswahl von Feldern mit diesem Namen.',
  'The server stopped while the export was being written.':
    'Der Server wurde angehalten, während der Export geschrieben wurde.',
  'An export cannot be kept that long.': 'So lange lässt sich ein Export nicht aufbewahren.',
  'This link does not open the export any more. Ask whoever gave it to you for another one.':
    'Dieser Link öffnet den Export nicht mehr. Bitten Sie die Person, von der Sie ihn haben, um einen neuen.',
  'An export that was sent at once leaves nothing here but its receipt.':
    'Ein sofort gesendeter Export hinterlässt hier nichts als seine Quittung.',
  'A package carries its own manifest and signature; receipts are for exports that were sent at once.':
    'Ein Paket bringt sein eigenes Manifest und seine Signatur mit; Quittungen gibt es für sofort gesendete Exporte.',
  'There is no such record in this workspace.': 'Diesen Datensatz gibt es in diesem Arbeitsbereich nicht.',
  'The export is not finished, so there is nothing to fetch yet.':
    'Der Export ist noch nicht fertig; es gibt noch nichts zu holen.',
  'There is so much to count that a preview would take too long. Start the export: it counts while it runs.':
    'Es ist so viel zu zählen, dass eine Vorschau zu lange dauern würde. Starten Sie den Export: Er zählt, während er läuft.',
  'The process that wrote the export ended early.': 'Der Prozess, der den Export schrieb, endete vorzeitig.',
  'There is no room left to write the export.': 'Es ist kein Platz mehr, um den Export zu schreiben.',
  'This workspace already has as many kept exports running as are allowed. Ask without “handling=strict” to wait in line.':
    'In diesem Arbeitsbereich laufen schon so viele aufbewahrte Exporte wie erlaubt. Fragen Sie ohne „handling=strict“, um sich anzustellen.',
  'You have as many saved choices of fields as one can have. Delete one first.':
    'Sie haben so viele gespeicherte Auswahlen, wie man haben kann. Löschen Sie zuerst eine.',
  'This export has as many open links as are allowed. Withdraw one of them.':
    'Dieser Export hat so viele offene Links wie erlaubt. Ziehen Sie einen davon zurück.',
  'This workspace already has as many direct exports running as are allowed. Wait for one to end.':
    'In diesem Arbeitsbereich laufen schon so viele direkte Exporte wie erlaubt. Warten Sie, bis einer endet.',
  'You already watch as many exports as are allowed. Close one of those streams.':
    'Sie beobachten schon so viele Exporte wie erlaubt. Schließen Sie einen dieser Datenströme.',
  'There is no such export, or no such file in it.':
    'Diesen Export gibt es nicht, oder diese Datei ist nicht darin.',
  'There is no such saved choice of fields.': 'Diese gespeicherte Auswahl von Feldern gibt es nicht.',
  'There is no such link.': 'Diesen Link gibt es nicht.',

  'The database sent a row that does not have the expected form.':
    'Die Datenbank hat eine Zeile gesendet, die nicht die erwartete Form hat.',
  'The fonts of PDFs are not there. Install the package again; in a checkout, run npm install.':
    'Die Schriften für PDFs fehlen. Installieren Sie das Programm noch einmal; in einem Checkout mit npm install.',
  'There is nothing to make a document of: it was deleted meanwhile.':
    'Es gibt nichts, woraus ein Dokument werden könnte: Es wurde inzwischen gelöscht.',
  'A conversation could not be made into a PDF. Its HTML, JSON and CSV are not affected.':
    'Aus einem Gespräch ließ sich kein PDF machen. HTML, JSON und CSV davon sind nicht betroffen.',
  'Making a PDF of a conversation took too long and was ended.':
    'Ein PDF eines Gesprächs zu machen dauerte zu lange und wurde beendet.',
  'Making a PDF of a conversation took more memory than it may, and was ended.':
    'Ein PDF eines Gesprächs zu machen brauchte mehr Speicher als erlaubt und wurde beendet.',
  'This conversation is too long for one PDF. Ask for HTML, or for a bulk export, which makes several of it.':
    'Dieses Gespräch ist zu lang für ein einziges PDF. Nehmen Sie HTML oder einen Export mehrerer Gespräche, der mehrere daraus macht.',

  'The package at the destination is not the one that was sent.':
    'Das Paket am Ziel ist nicht das, was gesendet wurde.',
  'What was asked for does not make a schedule.': 'Aus den Angaben wird kein Zeitplan.',
  'An occurrence of this schedule waits or runs already. Wait for its end.':
    'Ein Termin dieses Zeitplans wartet oder läuft schon. Warten Sie sein Ende ab.',
  'Another server has this occurrence, or the schedule was changed meanwhile.':
    'Ein anderer Server hat diesen Termin, oder der Zeitplan wurde inzwischen geändert.',
  'The workspace has as many schedules as it may have.':
    'Der Arbeitsbereich hat so viele Zeitpläne, wie er haben darf.',
  'There is no such schedule in this workspace.': 'Diesen Zeitplan gibt es in diesem Arbeitsbereich nicht.',
};
