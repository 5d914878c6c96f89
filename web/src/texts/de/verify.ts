import type { verify as english } from '../en/verify.ts';

export const verify: typeof english = {
  title: 'Paket prüfen',
  hint: 'Prüft hier, in Ihrem Browser, ob ein Paket oder eine Datei vollständig und unverändert ist. Nichts wird hochgeladen.',
  drop: 'Paket hierher ziehen oder auswählen',
  formats:
    'Ein Paket (zip oder der entpackte Ordner), eine Datei zusammen mit ihrer Quittung (ihr Name, dann .receipt.json) oder alle Pakete eines inkrementellen Zeitplans auf einmal.',
  action: 'Dateien wählen',
  folder: 'Ordner wählen',
  trust: 'Wessen Unterschrift zählt',
  server: 'Die Schlüssel dieses Servers',
  serverHint: (fingerprint) => `Sein heutiger Schlüssel ist ${fingerprint}.`,
  serverCaution:
    'Das sagt, dass das Paket von diesem Server ist. Um sich darauf zu verlassen, ohne dem Server zu vertrauen, nehmen Sie einen Fingerabdruck, den Sie vom Betreiber auf anderem Weg haben.',
  noKeys:
    'Die Schlüssel des Servers ließen sich nicht abrufen. Verbinden Sie sich einmal, oder geben Sie einen Fingerabdruck ein.',
  own: 'Ein Schlüssel, den ich nenne',
  fingerprint: 'Fingerabdruck oder öffentlicher Schlüssel',
  fingerprintHint: 'sha256: und 64 Ziffern, oder ein öffentlicher Schlüssel in PEM.',
  verify: 'Noch einmal prüfen',
  stop: 'Anhalten',
  checking: (name) => `${name} wird geprüft`,
  chain: (packages) => `${packages} Pakete eines Zeitplans`,
  progress: (done, total) => `${done} von ${total}`,
  ok: 'Vollständig, unverändert und mit einem Schlüssel unterschrieben, dem Sie vertrauen',
  notOk: 'Nicht bestätigt',
  failed: 'Es ließ sich nicht prüfen',
  report: 'Was gefunden wurde, in den Worten von convey verify',
  needsReceipt: (name) =>
    `${name} ist kein Paket. Nehmen Sie die Quittung dazu: ${name}.receipt.json, die mit der Datei kam oder auf der Seite des Exports liegt.`,
  tooMany: 'Wählen Sie ein Paket, eine Datei mit ihrer Quittung oder nur Pakete.',
  outside: 'Dieselbe Prüfung außerhalb dieses Browsers',
  outsideHint:
    'Mit Conveys Befehlszeile, oder mit dem Prüfer in einer einzigen Datei, der nichts als Node.js braucht:',
};
