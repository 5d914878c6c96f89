import type { Catalogue } from '../catalogue.ts';

/** The audit log: refusals, and what checking its chain finds. */
export const audit: Catalogue = {
  'A file in this format cannot be verified alone. Export the log as CSV or NDJSON and verify that.':
    'Eine Datei in diesem Format lässt sich nicht allein prüfen. Exportieren Sie das Protokoll als CSV oder NDJSON und prüfen Sie diese.',
  'The act cannot be written to the audit log as it stands, so it was not done.':
    'Was geschehen sollte, lässt sich so nicht ins Protokoll schreiben. Es wurde deshalb nicht getan.',
  'The audit log agrees with what was noted last: there is nothing to accept.':
    'Das Protokoll stimmt mit dem zuletzt Notierten überein: Es gibt nichts anzuerkennen.',
  'The audit log is not the one that was noted before, so no checkpoint is signed until the operator accepts that.':
    'Das Protokoll ist nicht das, was vorher notiert wurde. Bis der Betreiber das anerkennt, wird kein Prüfpunkt signiert.',
  'The audit log is sent while it is read, which HTTP/1.0 cannot show to be whole. Ask with HTTP/1.1 or newer.':
    'Das Protokoll wird gesendet, während es gelesen wird; HTTP/1.0 kann nicht zeigen, dass es vollständig ankam. Fragen Sie mit HTTP/1.1 oder neuer.',
  'The checkpoints cannot be used: they must be the lines that the server wrote, unchanged.':
    'Die Prüfpunkte sind nicht brauchbar: Es müssen die unveränderten Zeilen sein, die der Server geschrieben hat.',
  'There is no checkpoint of this workspace there, so nothing was compared.':
    'Dort ist kein Prüfpunkt dieses Arbeitsbereichs. Es wurde nichts verglichen.',
  'An event with the number {number} was put in before the first one.':
    'Vor dem ersten wurde ein Ereignis mit der Nummer {number} eingefügt.',
  'Event {number} is missing.': 'Ereignis {number} fehlt.',
  'Events {first} to {last} are missing.': 'Die Ereignisse {first} bis {last} fehlen.',
  'It does not say what was recorded: it was changed afterwards.':
    'Es sagt nicht, was aufgezeichnet wurde: Es wurde nachträglich geändert.',
  'It is not the first event that was recorded.': 'Es ist nicht das erste Ereignis, das aufgezeichnet wurde.',
  'It names the same predecessor as event {number} does: the log was forked here.':
    'Es nennt denselben Vorgänger wie Ereignis {number}: Das Protokoll wurde hier gespalten.',
  'It was not recorded after event {number} as that stands now: one of them was changed, put in or moved.':
    'Es wurde nicht nach Ereignis {number} aufgezeichnet, wie das jetzt dasteht: Eines der beiden wurde geändert, eingefügt oder verschoben.',
  'It was recorded without a personal part and has one now.':
    'Es wurde ohne personenbezogenen Teil aufgezeichnet und hat jetzt einen.',
  'Its hash is not the one that was noted before: the log was rewritten at or before this event.':
    'Sein Hash ist nicht der, der vorher notiert wurde: Das Protokoll wurde bei diesem Ereignis oder davor umgeschrieben.',
  'Its personal part is not the one that was recorded: it was changed afterwards.':
    'Sein personenbezogener Teil ist nicht der aufgezeichnete: Er wurde nachträglich geändert.',
  'The checkpoint of this event is not signed by a key of this server: it was changed or put in.':
    'Der Prüfpunkt dieses Ereignisses ist nicht mit einem Schlüssel dieses Servers signiert: Er wurde geändert oder eingefügt.',
  'The folder of checkpoints cannot be compared with it. {why}':
    'Der Ordner mit den Prüfpunkten lässt sich nicht damit vergleichen. {why}',
  'The log ends after {events} events, but event {noted} was noted before: the end was cut off.':
    'Das Protokoll endet nach {events} Ereignissen, notiert war aber schon Ereignis {noted}: Das Ende wurde abgeschnitten.',
};
