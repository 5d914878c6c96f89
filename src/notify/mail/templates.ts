import type { MailTemplate } from './mailer.ts';

/** A mail in one language. `{name}` is a value; a line whose value is missing is left out. */
export interface MailText {
  subject: string;
  lines: readonly string[];
  /** What the link is called; it stands after the lines, when the mail has one. */
  action?: string;
  /** After the link. */
  after?: readonly string[];
}

/** Languages there are; the first is used for all others. */
export const mailLocales = ['en', 'de'] as const;

export type MailLocale = (typeof mailLocales)[number];

/** Every mail, in every language. No personal data but names, and never what an export holds. */
export const mailTexts: Record<MailTemplate, Record<MailLocale, MailText>> = {
  first_owner: {
    en: {
      subject: 'Your Convey server is ready',
      lines: ['Hello {name},', 'with this link you become the first owner of this Convey server.'],
      action: 'Become the owner',
      after: ['The link works once. Whoever has it can use it: pass it on to nobody.'],
    },
    de: {
      subject: 'Ihr Convey-Server ist bereit',
      lines: ['Guten Tag {name},', 'mit diesem Link werden Sie Besitzer dieses Convey-Servers.'],
      action: 'Besitzer werden',
      after: ['Der Link gilt einmal. Wer ihn hat, kann ihn benutzen: Geben Sie ihn nicht weiter.'],
    },
  },
  invite: {
    en: {
      subject: 'Invitation to {workspace}',
      lines: ['{inviter} invites you to the workspace “{workspace}” on Convey.', 'Your role: {role}.'],
      action: 'Accept the invitation',
      after: ['The link works once, for seven days. If you did not expect it, do nothing.'],
    },
    de: {
      subject: 'Einladung zu {workspace}',
      lines: [
        '{inviter} lädt Sie in den Arbeitsbereich „{workspace}“ auf Convey ein.',
        'Ihre Rolle: {role}.',
      ],
      action: 'Einladung annehmen',
      after: ['Der Link gilt einmal, sieben Tage lang. Wenn Sie ihn nicht erwartet haben, tun Sie nichts.'],
    },
  },
  reset: {
    en: {
      subject: 'Set a new password',
      lines: ['Hello {name},', 'somebody, probably you, asked for a new password for this address.'],
      action: 'Set a new password',
      after: ['The link works once, for 60 minutes. If it was not you, do nothing: your password stays.'],
    },
    de: {
      subject: 'Neues Passwort setzen',
      lines: [
        'Guten Tag {name},',
        'jemand, wohl Sie selbst, hat ein neues Passwort für diese Adresse verlangt.',
      ],
      action: 'Neues Passwort setzen',
      after: [
        'Der Link gilt einmal, 60 Minuten lang. Wenn Sie es nicht waren, tun Sie nichts: Ihr Passwort bleibt.',
      ],
    },
  },
  password_changed: {
    en: {
      subject: 'Your password was changed',
      lines: [
        'Hello {name},',
        'the password of your account was changed and other sessions were ended.',
        'When: {at}.',
        'If it was not you, ask for a new password on the sign-in page at once, and tell an admin.',
      ],
    },
    de: {
      subject: 'Ihr Passwort wurde geändert',
      lines: [
        'Guten Tag {name},',
        'das Passwort Ihres Kontos wurde geändert, andere Sitzungen wurden beendet.',
        'Wann: {at}.',
        'Wenn Sie es nicht waren, verlangen Sie auf der Anmeldeseite sofort ein neues Passwort und sagen Sie es einem Admin.',
      ],
    },
  },
  sign_in_locked: {
    en: {
      subject: 'Sign-in locked for a while',
      lines: [
        'Hello {name},',
        'there were too many wrong passwords for your account, so that it takes none for {minutes} minutes.',
        'When: {at}.',
        'If it was not you, somebody is guessing your password. It still holds; a second factor helps.',
        'Who cannot wait has a link sent to set a new password: that ends this lock and every open session. It does not end a lock of the network that the tries came from.',
      ],
    },
    de: {
      subject: 'Anmeldung vorübergehend gesperrt',
      lines: [
        'Guten Tag {name},',
        'zu oft wurde ein falsches Passwort für Ihr Konto eingegeben, deshalb sind {minutes} Minuten lang keine Anmeldungen möglich.',
        'Wann: {at}.',
        'Wenn Sie es nicht waren, rät jemand Ihr Passwort. Es gilt weiter; ein zweiter Faktor hilft.',
        'Wer nicht warten kann, lässt sich einen Link für ein neues Passwort schicken: Das hebt diese Sperre auf und beendet alle offenen Sitzungen. Eine Sperre des Netzes, aus dem die Versuche kamen, hebt es nicht auf.',
      ],
    },
  },
  codes_locked: {
    en: {
      subject: 'Codes locked for a while',
      lines: [
        'Hello {name},',
        'there were too many wrong codes for your account, so that it takes none for {minutes} minutes.',
        'When: {at}.',
        'Whoever it was knew your password or sat at an open session. If it was not you, have a link sent to set a new password now: that ends every open session.',
        'A new password does not end this lock: wait until it is over.',
      ],
    },
    de: {
      subject: 'Codes vorübergehend gesperrt',
      lines: [
        'Guten Tag {name},',
        'zu oft wurde ein falscher Code für Ihr Konto eingegeben, deshalb wird {minutes} Minuten lang keiner angenommen.',
        'Wann: {at}.',
        'Wer es war, kannte Ihr Passwort oder saß vor einer offenen Sitzung. Wenn Sie es nicht waren, lassen Sie sich jetzt einen Link für ein neues Passwort schicken: Das beendet alle offenen Sitzungen.',
        'Ein neues Passwort hebt diese Sperre nicht auf: Warten Sie, bis sie vorbei ist.',
      ],
    },
  },
  export_ready: {
    en: {
      subject: 'Your export is ready',
      lines: [
        'The export you asked for in “{workspace}” is ready.',
        'Records: {records}.',
        'It is kept until {expires_at}.',
      ],
      action: 'See the export',
      after: ['The link opens after you sign in.'],
    },
    de: {
      subject: 'Ihr Export ist fertig',
      lines: [
        'Der Export, den Sie in „{workspace}“ bestellt haben, ist fertig.',
        'Datensätze: {records}.',
        'Er wird bis {expires_at} aufbewahrt.',
      ],
      action: 'Export ansehen',
      after: ['Der Link öffnet sich nach der Anmeldung.'],
    },
  },
  export_failed: {
    en: {
      subject: 'Your export failed',
      lines: ['The export you asked for in “{workspace}” ended without a file.', 'Reason: {code}.'],
      action: 'See the export',
      after: ['The link opens after you sign in.'],
    },
    de: {
      subject: 'Ihr Export ist fehlgeschlagen',
      lines: ['Der Export, den Sie in „{workspace}“ bestellt haben, endete ohne Datei.', 'Grund: {code}.'],
      action: 'Export ansehen',
      after: ['Der Link öffnet sich nach der Anmeldung.'],
    },
  },
  schedule_paused: {
    en: {
      subject: 'A scheduled export is paused',
      lines: [
        'The scheduled export “{schedule}” in “{workspace}” cannot go on and was paused.',
        'Reason: {code}.',
        'Nothing more is exported until somebody resumes it.',
      ],
      action: 'See the schedule',
      after: ['The link opens after you sign in.'],
    },
    de: {
      subject: 'Ein geplanter Export ist angehalten',
      lines: [
        'Der geplante Export „{schedule}“ in „{workspace}“ kann nicht weitergehen und wurde angehalten.',
        'Grund: {code}.',
        'Bis ihn jemand fortsetzt, wird nichts mehr exportiert.',
      ],
      action: 'Plan ansehen',
      after: ['Der Link öffnet sich nach der Anmeldung.'],
    },
  },
  audit_checkpoint: {
    en: {
      subject: 'Checkpoint of the audit log of {workspace}',
      lines: [
        'A checkpoint of the audit log of “{workspace}” was signed. Keep this mail: it shows later that nothing was cut off or rewritten.',
        'Events: {seq}',
        'Hash: {hash}',
        'Signed: {at}',
        'Key: {fingerprint}',
        'The whole checkpoint; `convey audit verify --checkpoints` takes this mail, saved as a file:',
        '{document}',
      ],
    },
    de: {
      subject: 'Kontrollpunkt des Protokolls von {workspace}',
      lines: [
        'Ein Kontrollpunkt des Protokolls von „{workspace}“ wurde signiert. Heben Sie diese Mail auf: Sie zeigt später, dass nichts abgeschnitten oder umgeschrieben wurde.',
        'Ereignisse: {seq}',
        'Hash: {hash}',
        'Signiert: {at}',
        'Schlüssel: {fingerprint}',
        'Der ganze Kontrollpunkt; `convey audit verify --checkpoints` nimmt diese Mail, als Datei gespeichert:',
        '{document}',
      ],
    },
  },
  audit_contradiction: {
    en: {
      subject: 'The audit log of {workspace} contradicts a checkpoint',
      lines: [
        'The audit log of “{workspace}” is not the one that a checkpoint noted before. Until the operator accepts that, no further checkpoint is signed.',
        '{document}',
        'Event that was noted: {seq}',
        'Its hash: {hash}',
        'Look for a reason, such as a restored backup, and compare with the checkpoints that you kept: `convey audit verify`.',
      ],
    },
    de: {
      subject: 'Das Protokoll von {workspace} widerspricht einem Kontrollpunkt',
      lines: [
        'Das Protokoll von „{workspace}“ ist nicht das, was ein Kontrollpunkt vermerkt hat. Solange der Betreiber das nicht annimmt, wird kein weiterer signiert.',
        '{document}',
        'Vermerktes Ereignis: {seq}',
        'Sein Hash: {hash}',
        'Suchen Sie einen Grund, etwa eine zurückgespielte Sicherung, und vergleichen Sie mit den Kontrollpunkten, die Sie aufgehoben haben: `convey audit verify`.',
      ],
    },
  },
};
