import type { branding as english } from '../en/branding.ts';

export const branding: typeof english = {
  hint: 'Wie Niederschriften aussehen, die PDF- und HTML-Dateien von Gesprächen, und wie exportierte Dateien heißen. Schon gemachte Exporte bleiben, wie sie sind.',
  name: 'Name über Niederschriften und in Dateinamen',
  nameHint: (usual) => `Leer: „${usual}“.`,
  color: 'Farbe',
  colorHint: 'Ist sie zu hell, um auf Weiß lesbar zu sein, wird ein dunklerer Ton verwendet.',
  colorShape: 'Als #rrggbb, etwa #2f5d8a',
  pick: 'Farbe auswählen',
  usualColor: 'Übliche Farbe',
  save: 'Speichern',
  saved: 'Gespeichert.',
  logo: 'Logo',
  logoHint:
    'PNG oder JPEG, bis 1 MB und 2.000 mal 2.000 Bildpunkte. Es wird neu gezeichnet, höchstens 800 mal 200, damit nichts Verstecktes aus der Datei bleibt.',
  choose: 'Datei wählen',
  replace: 'Andere wählen',
  remove: 'Entfernen',
  removeTitle: 'Das Logo entfernen?',
  removeMeaning: 'Neue Niederschriften haben dann keines. Die Datei wird gelöscht.',
  preview: 'Vorschau',
  files: 'Dateien heißen zum Beispiel:',
  previewHint:
    'So sieht eine HTML-Seite nach dem Speichern aus; ein PDF hat Name und Logo auf Weiß, über einer Linie in der Farbe. Daten und Texte sind erfunden.',
  title: 'Frage zu meiner Bestellung',
  page: 'Seite 1 von 3',
  visitor: 'Nora',
  visitorText: 'Hallo! Wann kommt meine Bestellung an?',
  agent: 'Sam',
  agentText: 'Sie ist unterwegs und sollte morgen bei Ihnen sein.',
  real: 'Eine echte ansehen',
  realHint:
    'Lädt das neueste Gespräch im gespeicherten Aussehen herunter. Es ist ein Export wie jeder andere und steht im Protokoll.',
};
