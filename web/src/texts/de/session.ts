import type { session as english } from '../en/session.ts';

export const session: typeof english = {
  signIn: {
    title: 'Anmelden',
    email: 'E-Mail-Adresse',
    password: 'Passwort',
    submit: 'Anmelden',
    forgotten: 'Passwort vergessen?',
    locked: 'Wenn Sie nicht warten können, lassen Sie sich einen Link für ein neues Passwort schicken.',
    or: 'oder',
    provider: (name) => `Mit ${name} anmelden`,
    failed: 'Sie wurden nicht angemeldet',
    codeTitle: 'Zweiter Faktor',
    code: 'Code',
    codeHint: 'Aus Ihrer Authenticator-App, oder einer Ihrer Wiederherstellungscodes.',
    back: 'Von vorn beginnen',
    told: {
      ended: 'Ihre Sitzung ist zu Ende. Melden Sie sich an, um dort weiterzumachen, wo Sie waren.',
      password_set: 'Ihr neues Passwort gilt. Melden Sie sich damit an.',
    },
  },
  link: {
    isCut:
      'Dieser Adresse fehlt das Ende, deshalb öffnet sie nichts. Kopieren Sie den ganzen Link aus der Mail.',
  },
  newPassword: {
    label: 'Neues Passwort',
    hint: 'Gut sind mehrere Wörter, die nichts mit Ihnen zu tun haben.',
  },
  join: {
    name: 'Ihr Name',
    nameHint: 'So sehen ihn Ihre Kolleginnen und Kollegen.',
  },
  invite: {
    titleUnknown: 'Einladung',
    title: (workspace) => `${workspace} beitreten`,
    as: (role, email) => `Sie wurden als ${email} eingeladen. Ihre Rolle: ${role}.`,
    accept: 'Einladung annehmen',
    signInFirst: 'Sie haben ein Konto mit dieser Adresse. Melden Sie sich an, um anzunehmen.',
    asOther: (email) =>
      `Sie sind als ${email} angemeldet, eingeladen wurde aber jemand anderes. Melden Sie sich ab, dann lässt sich die Einladung annehmen.`,
  },
  reset: {
    title: 'Neues Passwort setzen',
    hint: 'Wir schicken Ihnen einen Link, mit dem Sie ein anderes wählen.',
    hintByHand:
      'Dieser Server verschickt keine Mails. Er hält einen Link für Sie bereit, mit dem Sie ein anderes wählen; wer den Server betreibt, gibt ihn Ihnen.',
    send: 'Link schicken',
    make: 'Link anfordern',
    keptTitle: 'Fragen Sie, wer diesen Server betreibt',
    kept: 'Es geht keine Mail hinaus. Wenn es ein Konto mit dieser Adresse gibt, hat, wer den Server betreibt, einen Link für Sie (convey mails). Er gilt einmal, und nicht lange.',
    sentTitle: 'Sehen Sie in Ihre Mails',
    sent: 'Wenn es ein Konto mit dieser Adresse gibt, ist eine Mail mit einem Link unterwegs. Der Link gilt einmal, und nicht lange.',
    toSignIn: 'Zurück zur Anmeldung',
    endsSessions: 'Alle offenen Sitzungen enden. Danach melden Sie sich mit dem neuen Passwort an.',
    set: 'Passwort setzen',
    another: 'Einen anderen Link schicken lassen',
  },
  firstOwner: {
    title: 'Besitzer werden',
    hint: 'Sie sind hier die erste Person. Alle anderen kommen auf Ihre Einladung.',
    of: (workspace) =>
      `Sie sind hier die erste Person und werden Besitzer von „${workspace}“. Alle anderen kommen auf Ihre Einladung.`,
    workspace: 'Name des Arbeitsbereichs',
    workspaceHint: 'Wessen Gespräche er enthält, etwa Ihre Firma.',
    slug: 'Kurzname',
    slugHint: 'Für Adressen und die Befehlszeile.',
    submit: 'Besitzer werden',
  },
  needsSecondFactor: {
    title: 'Richten Sie zuerst einen zweiten Faktor ein',
    about: (workspace) =>
      `${workspace} verlangt ihn von allen Mitgliedern. Bis dahin öffnet sich hier nur Ihr eigenes Konto.`,
    action: 'Einrichten',
  },
  noWorkspace: {
    title: 'Kein Arbeitsbereich',
    none: 'Sie sind in keinem Arbeitsbereich Mitglied. Bitten Sie einen Admin um eine Einladung und öffnen Sie den Link der Mail.',
    choose: 'Sie gehören nicht mehr zu dem Arbeitsbereich, in dem Sie waren. Wählen Sie einen anderen:',
  },
  workspaces: 'Arbeitsbereiche',
  switchFailed: 'Der Arbeitsbereich ließ sich nicht öffnen',
  notices: {
    title: 'Mitteilungen',
    open: (unread) => (unread === 0 ? 'Mitteilungen' : `Mitteilungen, ${unread} ungelesen`),
    none: 'Noch nichts. Hier erfahren Sie, wenn einer Ihrer Exporte fertig ist.',
    readAll: 'Alle als gelesen markieren',
    unread: 'Ungelesen',
    kinds: {
      'export.ready': 'Ihr Export ist fertig',
      'export.failed': 'Ihr Export ist fehlgeschlagen',
      'schedule.paused': 'Ein geplanter Export ist angehalten',
    },
  },
};
