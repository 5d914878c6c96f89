import type { audit as english } from '../en/audit.ts';
import { auditSentences } from './audit-sentences.ts';

export const audit: typeof english = {
  hint: 'Was hier getan wurde, von wem, das Neueste zuerst. Niemand kann einen Eintrag ändern oder löschen.',
  check: 'Protokoll prüfen',
  nothing: 'Kein Ereignis passt',
  nothingHint: 'Nehmen Sie einen Filter weg oder wählen Sie andere Tage.',
  actors: { operator: 'Der Betreiber', system: 'Convey selbst', nobody: 'Jemand Unbekanntes' },
  outcomes: { success: 'Erledigt', denied: 'Abgelehnt', failed: 'Fehlgeschlagen' },
  sentences: auditSentences,
  filter: {
    label: 'Protokoll filtern',
    actor: 'Wer',
    anybody: 'Alle',
    action: 'Handlung',
    anything: 'Alles',
    target: 'Woran (Kennung)',
    outcome: 'Ausgang',
    any: 'Jeder',
    from: 'Von',
    to: 'Bis einschließlich',
    clear: 'Filter leeren',
    members: 'Mitglieder',
    keys: 'API-Schlüssel',
    others: 'Andere',
    allOf: (prefix) => `Alle ${prefix}`,
  },
  export: {
    button: 'Exportieren',
    all: 'Das ganze Protokoll, das Neueste zuerst',
    narrowed: 'Nur was die Filter übrig lassen',
    files: {
      csv: { name: 'CSV', about: 'Eine Zeile je Ereignis; ohne Server prüfbar' },
      spreadsheet: { name: 'CSV für Tabellen', about: 'Dasselbe, gefahrlos mit Doppelklick zu öffnen' },
      json: { name: 'JSON', about: 'Ein Dokument; allein nicht prüfbar' },
      ndjson: { name: 'NDJSON', about: 'Eine Zeile je Ereignis; ohne Server prüfbar' },
      ecs: { name: 'Elastic Common Schema', about: 'NDJSON für Elastic und was damit liest' },
      ocsf: { name: 'OCSF', about: 'NDJSON für Sicherheitssysteme' },
    },
  },
  event: {
    open: 'Einzelheiten',
    close: 'Schließen',
    erased:
      'Der persönliche Teil dieses Ereignisses wurde gelöscht. Was bleibt, ist verkettet und lässt sich weiter prüfen.',
    changeOf: (field) => `Was sich an ${field} geändert hat`,
    before: 'vorher:',
    after: 'nachher:',
    action: 'Handlung',
    actor: 'Wer',
    target: 'Woran',
    at: 'Wann',
    from: 'Von wo',
    number: 'Nummer',
    hash: 'Hash',
    previous: 'Hash des vorigen',
    details: 'Einzelheiten',
    personal: 'Persönliches',
    sameAction: 'andere dieser Art',
    sameActor: 'andere davon',
    sameTarget: 'andere daran',
  },
  chain: {
    title: 'Ist das Protokoll unversehrt?',
    verify: 'Jetzt prüfen',
    how: 'Jedes Ereignis enthält den Hash des vorigen. Beim Prüfen werden alle neu berechnet und mit den signierten Prüfpunkten verglichen; so zeigt sich, was geändert, eingefügt oder entfernt wurde. Auch das Prüfen steht danach im Protokoll.',
    intact: 'Das Protokoll ist unversehrt',
    broken: 'Das Protokoll ist nicht, was aufgezeichnet wurde',
    sound: (n) =>
      n === 1
        ? 'Ein Ereignis sagt, was aufgezeichnet wurde.'
        : `${n.toLocaleString('de')} Ereignisse sagen, was aufgezeichnet wurde.`,
    brokenAt: (seq) =>
      seq === 0
        ? 'Es zeigt sich außerhalb der Ereignisse.'
        : `Es zeigt sich zuerst bei Ereignis ${seq.toLocaleString('de')}.`,
    erased: (n) =>
      n === 1
        ? 'Der persönliche Teil von einem wurde gelöscht; das ist erlaubt und zerstört nichts.'
        : `Die persönlichen Teile von ${n.toLocaleString('de')} wurden gelöscht; das ist erlaubt und zerstört nichts.`,
    compared: (n) =>
      n === 0
        ? 'Einen Prüfpunkt zum Vergleichen gab es noch nicht.'
        : n === 1
          ? 'Verglichen mit einem signierten Prüfpunkt.'
          : `Verglichen mit ${n.toLocaleString('de')} signierten Prüfpunkten.`,
    whatToDo:
      'Sagen Sie es denen, die den Server betreiben. Exportieren Sie das Protokoll jetzt, bevor noch etwas damit geschieht.',
    head: 'Hash des letzten Ereignisses. Notieren Sie ihn anderswo, dann kann niemand das Protokoll unbemerkt umschreiben:',
    serverSays: 'In den Worten des Servers:',
    checkpoints: 'Signierte Prüfpunkte',
    checkpointsHint:
      'Von Zeit zu Zeit signiert der Server, wie weit das Protokoll war. Bewahren Sie einige davon anderswo auf: Ein Protokoll, das später gekürzt oder umgeschrieben wurde, passt nicht mehr dazu.',
    noCheckpoints: 'Noch wurde keiner signiert. Der erste kommt von selbst.',
    at: 'Signiert',
    upTo: 'Bis Ereignis',
    hash: 'Dessen Hash',
    key: 'Schlüssel',
  },
};
