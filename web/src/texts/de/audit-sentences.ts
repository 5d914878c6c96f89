import type { auditSentences as english } from '../en/audit-sentences.ts';
import type { EventFacts } from '../../settings/audit-log/events/event-facts.ts';

/** `hat den Schlüssel „CI“ erzeugt`, oder ohne Namen, wo er gelöscht wurde. */
const named = (what: string, name: string | undefined) => (name === undefined ? what : `${what} „${name}“`);

/** ` (workspace, csv)` eines Exports. */
const ofExport = ({ detail }: EventFacts) => {
  const facts = [detail('kind'), detail('format')].filter((text) => text !== undefined);
  return facts.length === 0 ? '' : ` (${facts.join(', ')})`;
};

const schedule =
  (act: string) =>
  ({ name }: EventFacts) =>
    `hat ${named('den Zeitplan', name)} ${act}`;

/** Was getan wurde, nach dem Namen dessen, der es tat. */
export const auditSentences: typeof english = {
  'workspace.created': () => 'hat den Arbeitsbereich angelegt',
  'api_key.created': ({ name }) => `hat ${named('den API-Schlüssel', name)} erzeugt`,
  'api_key.revoked': ({ name }) => `hat ${named('den API-Schlüssel', name)} widerrufen`,
  'import.requested': () => 'hat begonnen, Datensätze zu importieren',
  'import.completed': ({ detail }) => `hat ${detail('received') ?? 'einige'} Datensätze importiert`,
  'import.failed': () => 'hat Datensätze importiert; das endete vorzeitig',
  'file.stored': () => 'hat den Inhalt einer Datei abgelegt',
  'export.requested': (facts) => `hat einen Export bestellt${ofExport(facts)}`,
  'export.completed': (facts) => `hat einen fertigen Export erhalten${ofExport(facts)}`,
  'export.failed': (facts) => `hatte einen Export, der fehlschlug${ofExport(facts)}`,
  'export.cancelled': (facts) => `hat einen Export abgebrochen oder zurückgezogen${ofExport(facts)}`,
  'export.downloaded': (facts) => `hat einen Export heruntergeladen${ofExport(facts)}`,
  'export.extended': (facts) =>
    `hat einem Export ${facts.detail('days') ?? 'weitere'} Tage mehr gegeben${ofExport(facts)}`,
  'export.link_created': (facts) => `hat einen Link erzeugt, der einen Export öffnet${ofExport(facts)}`,
  'export.link_revoked': (facts) => `hat einen Link zu einem Export zurückgezogen${ofExport(facts)}`,
  'export.expired': () => 'hat die Dateien eines Exports gelöscht, weil ihre Zeit um war',
  'field_set.created': () => 'hat eine Feldauswahl gespeichert',
  'field_set.changed': () => 'hat eine gespeicherte Feldauswahl geändert',
  'field_set.deleted': () => 'hat eine gespeicherte Feldauswahl gelöscht',
  'saved_view.created': () => 'hat eine Ansicht gespeichert',
  'saved_view.changed': () => 'hat eine gespeicherte Ansicht geändert',
  'saved_view.deleted': () => 'hat eine gespeicherte Ansicht gelöscht',
  'schedule.created': schedule('angelegt'),
  'schedule.changed': schedule('geändert'),
  'schedule.deleted': schedule('gelöscht'),
  'schedule.paused': schedule('angehalten'),
  'schedule.resumed': schedule('fortgesetzt'),
  'schedule.run_requested': schedule('sofort laufen lassen'),
  'user.signed_in': () => 'hat sich angemeldet',
  'user.sign_in_failed': ({ detail }) => `wurde bei der Anmeldung abgelehnt (${detail('times') ?? '1'}×)`,
  'user.locked': () => 'wurde nach zu vielen Versuchen eine Weile gesperrt',
  'user.signed_out': () => 'hat sich abgemeldet',
  'user.created': () => 'hat ein Konto angelegt',
  'user.password_changed': () => 'hat ein neues Passwort gesetzt',
  'user.profile_changed': () => 'hat das eigene Profil geändert',
  'user.second_factor_enabled': () => 'hat einen zweiten Faktor eingerichtet',
  'user.second_factor_disabled': () => 'hat den zweiten Faktor entfernt',
  'user.recovery_codes_renewed': () => 'hat neue Wiederherstellungscodes erzeugt',
  'user.identity_linked': () => 'hat das Konto mit einer anderen Anmeldung verbunden',
  'user.disabled': () => 'hat einen Benutzer vom Server ausgeschlossen',
  'user.enabled': () => 'hat einen Benutzer wieder zugelassen',
  'member.invited': ({ name, detail }) =>
    `hat ${name ?? 'jemanden'} als ${detail('role') ?? 'Mitglied'} eingeladen`,
  'member.invitation_withdrawn': ({ name }) => `hat die Einladung an ${name ?? 'jemanden'} zurückgezogen`,
  'member.joined': ({ detail }) => `ist als ${detail('role') ?? 'Mitglied'} beigetreten`,
  'member.changed': ({ name, after }) =>
    after('role') === undefined
      ? `hat geändert, was ${name ?? 'ein Mitglied'} sieht`
      : `hat die Rolle von ${name ?? 'einem Mitglied'} auf ${after('role')} geändert`,
  'member.removed': ({ name }) => `hat ${name ?? 'ein Mitglied'} entfernt`,
  'workspace.changed': ({ fields }) =>
    `hat die Einstellungen geändert${fields === undefined ? '' : `: ${fields}`}`,
  'workspace.plan_changed': () => 'hat den Tarif geändert',
  'webhook.created': () => 'hat einen Webhook eingerichtet',
  'webhook.changed': ({ fields }) => `hat einen Webhook geändert${fields === undefined ? '' : `: ${fields}`}`,
  'webhook.deleted': () => 'hat einen Webhook gelöscht',
  'webhook.disabled': () => 'hat einen Webhook abgeschaltet, weil nichts ankam',
  'webhook.replayed': () => 'hat Nachrichten noch einmal an einen Webhook schicken lassen',
  'audit.exported': ({ detail }) => `hat das Protokoll exportiert (${detail('lines') ?? '?'} Zeilen)`,
  'audit.verified': () => 'hat das Protokoll prüfen lassen',
  'audit.contradicted': () => 'hat gefunden, dass das Protokoll nicht das notierte ist',
  'audit.contradiction_accepted': () => 'hat erklärt, warum das Protokoll vom Notierten abweicht',
  'access.denied': ({ detail }) => `wurde abgelehnt: ${detail('permission') ?? 'nicht erlaubt'}`,
};
