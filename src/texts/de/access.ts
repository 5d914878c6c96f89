import type { Catalogue } from '../catalogue.ts';

/** Signing in, members, API keys and the workspace itself. */
export const access: Catalogue = {
  'A logo is a PNG or JPEG image of up to 1 MB and 2,000 by 2,000 pixels.':
    'Ein Logo ist ein PNG- oder JPEG-Bild von höchstens 1 MB und 2.000 mal 2.000 Pixeln.',
  'A name is 1 to 100 characters in one line, without invisible ones and marks of direction.':
    'Ein Name hat 1 bis 100 Zeichen in einer Zeile, ohne unsichtbare Zeichen und Richtungszeichen.',
  'A network is an IP address, or a network like “192.0.2.0/24”.':
    'Ein Netz ist eine IP-Adresse oder ein Netz wie „192.0.2.0/24“.',
  'A plan takes “all”, “none” or a list of known features.':
    'Ein Tarif nimmt „all“, „none“ oder eine Liste bekannter Funktionen.',
  'A second factor is set up already. Take it away first to set up another.':
    'Ein zweiter Faktor ist schon eingerichtet. Entfernen Sie ihn zuerst, um einen anderen einzurichten.',
  'A workspace can take permissions from roles that have them, and nothing more.':
    'Ein Arbeitsbereich kann Rollen Rechte nehmen, die sie haben, und nichts sonst.',
  'A workspace needs an owner: make somebody else an owner first.':
    'Ein Arbeitsbereich braucht einen Besitzer: Machen Sie zuerst jemand anderen zum Besitzer.',
  'A workspace of yours asks its members for a second factor, so that yours stays.':
    'Einer Ihrer Arbeitsbereiche verlangt von seinen Mitgliedern einen zweiten Faktor. Deshalb bleibt Ihrer bestehen.',
  'A workspace’s short name is 1 to 63 lower-case letters, digits and single hyphens, and begins and ends with a letter or digit.':
    'Der Kurzname eines Arbeitsbereichs hat 1 bis 63 Kleinbuchstaben, Ziffern und einzelne Bindestriche und beginnt und endet mit einem Buchstaben oder einer Ziffer.',
  'An API key takes one or more of the known scopes.':
    'Ein API-Schlüssel nimmt einen oder mehrere der bekannten Scopes.',
  'An API key’s end lies in the future.': 'Das Ende eines API-Schlüssels liegt in der Zukunft.',
  'An editor takes a list of audiences, which may be empty; the other roles see all and take none.':
    'Die Redaktion bekommt eine Liste von Zielgruppen, die leer sein darf; die anderen Rollen sehen alle und bekommen keine.',
  'Another user has this email address.': 'Jemand anderes hat diese E-Mail-Adresse.',
  'Another workspace has this short name.': 'Ein anderer Arbeitsbereich hat diesen Kurznamen.',
  'It takes a sign-in of the last 10 minutes. Sign in again, then repeat it.':
    'Dafür müssen Sie sich in den letzten 10 Minuten angemeldet haben. Melden Sie sich noch einmal an und wiederholen Sie es dann.',
  'It takes your password as well: an open session alone does not change how you sign in.':
    'Dafür ist auch Ihr Passwort nötig: Eine offene Sitzung allein ändert nicht, wie Sie sich anmelden.',
  'Say which workspace you mean: send its short name as the header “Convey-Workspace”.':
    'Sagen Sie, welchen Arbeitsbereich Sie meinen: Senden Sie seinen Kurznamen im Header „Convey-Workspace“.',
  'Set up a second factor for yourself before you ask everybody for one.':
    'Richten Sie zuerst für sich selbst einen zweiten Faktor ein, bevor Sie ihn von allen verlangen.',
  'Somebody with this address is a member already.': 'Jemand mit dieser Adresse ist schon Mitglied.',
  'That is not your present password, so nothing was changed.':
    'Das ist nicht Ihr jetziges Passwort. Es wurde nichts geändert.',
  'The address or the password is not right. Check both, or have a link sent to set a new password.':
    'Die Adresse oder das Passwort stimmt nicht. Prüfen Sie beides, oder lassen Sie sich einen Link für ein neues Passwort schicken.',
  'The code is not right, or was used before. Take the next one that your app shows, or a recovery code.':
    'Der Code stimmt nicht oder wurde schon verwendet. Nehmen Sie den nächsten, den Ihre App zeigt, oder einen Wiederherstellungscode.',
  'The provider that you sign in with does not answer. Try again later, or sign in with your password.':
    'Der Anbieter, über den Sie sich anmelden, antwortet nicht. Versuchen Sie es später noch einmal, oder melden Sie sich mit Ihrem Passwort an.',
  'The sign-in at the other provider was broken off, took too long, or belongs to another browser. Begin again.':
    'Die Anmeldung beim anderen Anbieter wurde abgebrochen, hat zu lange gedauert oder gehört zu einem anderen Browser. Beginnen Sie noch einmal.',
  'The workspace has no such logo.': 'Der Arbeitsbereich hat kein solches Logo.',
  'The workspace’s plan does not include this.': 'Der Tarif des Arbeitsbereichs enthält das nicht.',
  'There is an account with this address. Sign in to it, or give its password, to accept the invitation.':
    'Es gibt ein Konto mit dieser Adresse. Melden Sie sich damit an oder geben Sie sein Passwort an, um die Einladung anzunehmen.',
  'There is no second factor that this could be about. Set one up first.':
    'Es gibt keinen zweiten Faktor, um den es gehen könnte. Richten Sie zuerst einen ein.',
  'There is no such API key.': 'Diesen API-Schlüssel gibt es nicht.',
  'There is no such invitation, or it was used or withdrawn.':
    'Diese Einladung gibt es nicht, oder sie wurde angenommen oder zurückgezogen.',
  'There is no such member.': 'Dieses Mitglied gibt es nicht.',
  'There is no such workspace.': 'Diesen Arbeitsbereich gibt es nicht.',
  'There is no user with this email address.': 'Niemand hat diese E-Mail-Adresse.',
  'There is no workspace yet: give it a name and a short name.':
    'Es gibt noch keinen Arbeitsbereich: Geben Sie ihm einen Namen und einen Kurznamen.',
  'This API key may only be used from the networks it is bound to.':
    'Dieser API-Schlüssel gilt nur aus den Netzen, an die er gebunden ist.',
  'This account has a second factor: give its code as well, or sign in fully first. Nothing was accepted yet.':
    'Dieses Konto hat einen zweiten Faktor: Geben Sie auch dessen Code an, oder melden Sie sich zuerst ganz an. Noch wurde nichts angenommen.',
  'This address needs a sign-in or an API key: send “Authorization: Bearer ak_…”.':
    'Diese Adresse braucht eine Anmeldung oder einen API-Schlüssel: Senden Sie „Authorization: Bearer ak_…“.',
  'This is no email address: it takes one like “name@example.com”.':
    'Das ist keine E-Mail-Adresse. Nötig ist eine wie „name@example.com“.',
  'This link does not work: it was used before, is too old, was withdrawn, or was not copied in full. Ask for a new one.':
    'Dieser Link funktioniert nicht: Er wurde schon benutzt, ist zu alt, wurde zurückgezogen oder nicht ganz kopiert. Bitten Sie um einen neuen.',
  'This password is not taken. Choose another: several words that belong to nothing about you are good.':
    'Dieses Passwort geht nicht. Wählen Sie ein anderes: Gut sind mehrere Wörter, die nichts mit Ihnen zu tun haben.',
  'This server has no other provider to sign in with. Sign in with your password.':
    'Dieser Server hat keinen anderen Anbieter für die Anmeldung. Melden Sie sich mit Ihrem Passwort an.',
  'This workspace asks its members for a second factor. Set one up under “My account”.':
    'Dieser Arbeitsbereich verlangt von seinen Mitgliedern einen zweiten Faktor. Richten Sie ihn unter „Mein Konto“ ein.',
  'Too many sign-ins failed, so that more are refused for a while.':
    'Zu viele Anmeldungen sind fehlgeschlagen. Weitere werden deshalb eine Weile abgelehnt.',
  'Who may get in, and do what, is changed by a signed-in owner or admin, not with an API key.':
    'Wer hineindarf und was wer darf, ändert ein angemeldeter Besitzer oder Admin, nicht ein API-Schlüssel.',
  'Whoever asked for this may not have it any more.': 'Wer das bestellt hat, darf es nicht mehr bekommen.',
  'You are known there, but have no account here. Ask an admin of the workspace to invite you.':
    'Dort sind Sie bekannt, haben hier aber kein Konto. Bitten Sie einen Admin des Arbeitsbereichs um eine Einladung.',
  'You are not allowed to do this.': 'Das dürfen Sie nicht.',
  'You have no such open session.': 'Sie haben keine solche offene Sitzung.',
};
