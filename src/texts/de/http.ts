import type { Catalogue } from '../catalogue.ts';

/** The web edge: requests that are not taken as they are, and the pages that explain refusals. */
export const http: Catalogue = {
  'A browser sent this from another site. Open it from Convey itself.':
    'Ein Browser hat das von einer anderen Website aus gesendet. Öffnen Sie es in Convey selbst.',
  'It is not, or no longer, what If-Match names. Fetch it from its beginning.':
    'Es ist nicht oder nicht mehr das, was If-Match nennt. Holen Sie es von vorn.',
  'Requests cannot be counted at the moment, so this one is not taken. Try again later.':
    'Anfragen lassen sich gerade nicht zählen, deshalb wird diese nicht angenommen. Versuchen Sie es später noch einmal.',
  'Something went wrong here. The request id finds it in the server’s log.':
    'Hier ist etwas schiefgegangen. Die Anfragenummer führt zur Stelle im Log des Servers.',
  'The body is larger than this address takes.': 'Der Inhalt ist größer, als diese Adresse annimmt.',
  'The body is not well-formed JSON in UTF-8.': 'Der Inhalt ist kein wohlgeformtes JSON in UTF-8.',
  'The body is of a kind that this address does not take.':
    'Der Inhalt ist von einer Art, die diese Adresse nicht annimmt.',
  'The certificate for HTTPS cannot be used. See CONVEY_TLS_CERT and CONVEY_TLS_KEY.':
    'Das Zertifikat für HTTPS ist nicht brauchbar. Siehe CONVEY_TLS_CERT und CONVEY_TLS_KEY.',
  'The first request with this Idempotency-Key still runs. Ask again in a moment.':
    'Die erste Anfrage mit diesem Idempotency-Key läuft noch. Fragen Sie gleich noch einmal.',
  'The range that was asked for lies beyond the end.': 'Der verlangte Bereich liegt hinter dem Ende.',
  'The request is not one that this address takes.': 'So nimmt diese Adresse die Anfrage nicht an.',
  'The request took too long to arrive.': 'Die Anfrage brauchte zu lange, bis sie da war.',
  'The request’s headers are too large.': 'Die Header der Anfrage sind zu groß.',
  'The server cannot listen at its address.': 'Der Server kann an seiner Adresse nicht lauschen.',
  'There is nothing at this address.': 'An dieser Adresse ist nichts.',
  'This Idempotency-Key came before with another request. Take a new one for each.':
    'Dieser Idempotency-Key kam schon mit einer anderen Anfrage. Nehmen Sie für jede einen neuen.',
  'This address does not take this method.': 'Diese Adresse nimmt diese Methode nicht an.',
  'This was done already, by the first request with this Idempotency-Key; what it answered is not shown again.':
    'Das hat die erste Anfrage mit diesem Idempotency-Key schon getan; ihre Antwort wird nicht noch einmal gezeigt.',
  'Too many requests in too short a time. Wait as long as Retry-After says.':
    'Zu viele Anfragen in zu kurzer Zeit. Warten Sie so lange, wie Retry-After sagt.',
  'HTTP status {status}.': 'HTTP-Status {status}.',
  'All codes': 'Alle Codes',
};
