import type { download as english } from '../en/download.ts';

export const download: typeof english = {
  asking: 'Die Datei wird angefragt …',
  running: (name) => `${name} wird heruntergeladen`,
  received: (size) => `${size} empfangen`,
  of: (size, all) => `${size} von ${all}`,
  keepOpen: 'Lassen Sie dieses Fenster offen, bis sie da ist.',
  stop: 'Anhalten',
  stopped: 'Angehalten. Es wurde keine Datei gespeichert.',
  done: (name) => `${name} ist gespeichert`,
  size: (size) => `${size}, vollständig`,
  large: 'Diese Datei ist groß',
  largeHint: 'Wählen Sie, wo sie gespeichert wird; sie wird dort geschrieben, während sie ankommt.',
  choose: 'Speicherort wählen',
  handedOver: 'Ihr Browser hat übernommen',
  handedOverHint:
    'Die Datei ist groß. Wie weit sie ist und ob etwas fehlschlägt, steht in der Download-Liste des Browsers.',
  refused: 'Es gibt keine Datei',
  broken: 'Der Download ist abgebrochen',
  brokenHint: 'Was angekommen war, wurde verworfen, damit keine kurze Datei als ganze durchgeht.',
  notSaved: 'Die Datei konnte nicht gespeichert werden',
  notSavedHint:
    'Der gewählte Ort nahm nichts mehr an. Prüfen Sie den freien Platz, oder wählen Sie einen anderen.',
};
