import type { mails as english } from '../en/mails.ts';

export const mails: typeof english = {
  hint: 'Die Mails der letzten 30 Tage über diesen Arbeitsbereich. Die über Passwörter darf hier niemand lesen.',
  nothing: 'Noch keine Mail',
  nothingHint: 'Einladungen und Nachrichten über Exporte kommen hierher.',
  kept: 'Dieser Server verschickt keine Mails',
  keptHint:
    'Es ist kein Mailserver eingestellt, deshalb bleiben Mails hier. Geben Sie selbst weiter, was darin steht, oder lassen Sie einen einstellen.',
  howToSet: 'Wie man einen einstellt',
  to: 'An',
  subject: 'Betreff',
  status: 'Stand',
  at: 'Geschrieben',
  actions: 'Aktionen',
  statuses: { queued: 'Wartet', sent: 'Verschickt', kept: 'Hier aufbewahrt', failed: 'Fehlgeschlagen' },
  tries: (n) => (n === 1 ? '1 Versuch' : `${n.toLocaleString('de')} Versuche`),
  show: 'Zeigen',
  showOf: (subject, recipient) => `„${subject}“ an ${recipient} zeigen`,
  text: 'Was darin steht',
  textHint: 'Wer den Link hat, kann ihn benutzen: Geben Sie ihn nur an die, für die die Mail ist.',
};
