import type { Catalogue } from '../catalogue.ts';

/** Types of records and their fields, as whoever maps columns to them reads it. */
export const recordTypes: Catalogue = {
  'The host product’s own id.': 'Die Kennung im Produkt selbst.',
  'When the host product made it; the time of arrival when it does not say.':
    'Wann das Produkt es angelegt hat; sagt es das nicht, wann es hier ankam.',
  'When the host product last changed it.': 'Wann das Produkt es zuletzt geändert hat.',
  'The host product’s version of the record; an older one is skipped.':
    'Die Version des Datensatzes im Produkt; eine ältere wird übergangen.',
  'Fields that Convey has no column for, as they came.':
    'Felder, für die Convey keine Spalte hat, wie sie kamen.',
  'The host product’s custom fields.': 'Eigene Felder des Produkts.',
  'Language.': 'Sprache.',
  'Labels.': 'Tags.',
  'State.': 'Stand.',
  'Kind.': 'Art.',
  'Name.': 'Name.',
  'Text.': 'Text.',
  'When.': 'Wann.',
  'Why.': 'Warum.',

  'People who use the host product and own threads there.':
    'Personen, die das Produkt benutzen und dort eigene Gespräche haben.',
  'Email address.': 'E-Mail-Adresse.',
  'Display name.': 'Anzeigename.',
  'The account’s settings.': 'Die Einstellungen des Kontos.',
  'Language and region, BCP 47.': 'Sprache und Region, BCP 47.',
  'Last sign-in to the host product.': 'Letzte Anmeldung beim Produkt.',
  'Which accounts belong to the workspace in the host product.':
    'Welche Konten im Produkt zum Arbeitsbereich gehören.',
  'The account’s id.': 'Die Kennung des Kontos.',
  'Role of the account in the workspace.': 'Rolle des Kontos im Arbeitsbereich.',
  'What an account pays for.': 'Wofür ein Konto bezahlt.',
  'Name of the plan.': 'Name des Tarifs.',
  'State of the subscription.': 'Stand des Abonnements.',
  'Begin.': 'Beginn.',
  'Next renewal.': 'Nächste Verlängerung.',
  'Cancellation.': 'Kündigung.',
  'Number of seats.': 'Anzahl der Plätze.',
  'Price per period, in units of the currency.': 'Preis je Zeitraum, in Einheiten der Währung.',
  'ISO 4217 code.': 'Code nach ISO 4217.',

  'The people on the other side: leads, contacts, customers, visitors.':
    'Die Personen auf der anderen Seite: Interessenten, Kontakte, Kunden, Besucher.',
  'Lead, contact, customer or visitor.': 'Interessent, Kontakt, Kunde oder Besucher.',
  'Full name.': 'Voller Name.',
  'Company.': 'Firma.',
  'Job title.': 'Stellung im Beruf.',
  'Phone number.': 'Telefonnummer.',
  'Preferred language.': 'Bevorzugte Sprache.',
  'Where the contact came from.': 'Woher der Kontakt kam.',
  'Id in a third system.': 'Kennung in einem dritten System.',
  'Id of the company account it is filed under.': 'Kennung des Firmenkontos, unter dem er geführt wird.',
  'The bot that captured it.': 'Der Bot, der ihn aufgenommen hat.',
  'The conversation that captured it.': 'Das Gespräch, in dem er aufgenommen wurde.',
  'The team’s notes about the person.': 'Notizen des Teams über die Person.',
  'Why a customer left.': 'Warum ein Kunde gegangen ist.',
  'Channel identities: [{channel, value}].': 'Kennungen in Kanälen: [{channel, value}].',
  'How and when the identity was verified: {method, at}.':
    'Wie und wann die Identität bestätigt wurde: {method, at}.',
  'Last activity.': 'Letzte Aktivität.',
  'When a lead became a contact.': 'Wann aus einem Interessenten ein Kontakt wurde.',
  'When a customer left.': 'Wann ein Kunde gegangen ist.',

  'Conversations; an account’s own are called threads.':
    'Gespräche; die eigenen eines Kontos heißen Threads.',
  'The contact it is with.': 'Der Kontakt, mit dem es geführt wird.',
  'The account whose thread it is.': 'Das Konto, dessen Thread es ist.',
  'Where it takes place: widget, email, whatsapp, ….': 'Wo es stattfindet: widget, email, whatsapp, ….',
  'The host product’s id of the channel.': 'Die Kennung des Kanals im Produkt.',
  'The bot that answers.': 'Der Bot, der antwortet.',
  'The widget it came through.': 'Das Widget, durch das es kam.',
  'Urgent, high, normal, low, or the host product’s own word.':
    'Dringend, hoch, normal, niedrig, oder das eigene Wort des Produkts.',
  'Subject or title.': 'Betreff oder Titel.',
  'Summary.': 'Zusammenfassung.',
  'The one audience it belongs to.': 'Die eine Zielgruppe, zu der es gehört.',
  'Skills that ran: [{name, at}].': 'Skills, die liefen: [{name, at}].',
  'Teammate in charge.': 'Zuständige Person.',
  'Teammate’s name.': 'Ihr Name.',
  'Teammates who took part, in order of joining: [{id, name, joined_at}].':
    'Mitarbeitende, die teilnahmen, nach ihrem Beitritt: [{id, name, joined_at}].',
  'Satisfaction: {rating, comment, …}.': 'Zufriedenheit: {rating, comment, …}.',
  'Begin, where it differs from created_at.': 'Beginn, wo er nicht created_at ist.',
  'When it was resolved: the clock of retention.': 'Wann es gelöst wurde: Danach zählt die Aufbewahrung.',
  'End.': 'Ende.',
  'Fields of the Ada-shaped API that are not derived from the rest (A-30…A-60).':
    'Felder der API in der Form von Ada, die sich nicht aus den übrigen ergeben (A-30…A-60).',

  'Every turn of a conversation, teammates’ replies and internal notes included.':
    'Alles, was in einem Gespräch gesagt wurde, mit Antworten der Mitarbeitenden und internen Notizen.',
  'The conversation it belongs to.': 'Das Gespräch, zu dem es gehört.',
  'Who wrote it: contact, bot, tool, teammate or system (outside: role).':
    'Wer es geschrieben hat: contact, bot, tool, teammate oder system (außen: role).',
  'An internal note, never shown to the customer.': 'Eine interne Notiz, die der Kunde nie sieht.',
  'The author’s id in the host product.': 'Die Kennung der schreibenden Person im Produkt.',
  'The author’s name.': 'Der Name der schreibenden Person.',
  'The contact who wrote it.': 'Der Kontakt, der es geschrieben hat.',
  'Sources a bot’s answer rests on: [{title, url, source_id, quote}].':
    'Quellen, auf denen die Antwort eines Bots beruht: [{title, url, source_id, quote}].',
  'The message it answers.': 'Die Nachricht, auf die es antwortet.',
  'Last edit.': 'Letzte Bearbeitung.',
  'A tool call: {name, arguments, result}.': 'Ein Aufruf eines Werkzeugs: {name, arguments, result}.',
  'Fields of the Ada-shaped API (A-65…A-76).': 'Felder der API in der Form von Ada (A-65…A-76).',
  'What happened to a conversation: claimed, escalated, resolved, ….':
    'Was mit einem Gespräch geschah: übernommen, eskaliert, gelöst, ….',
  'What happened.': 'Was geschah.',
  'Who did it.': 'Wer es getan hat.',
  'State before.': 'Der Stand davor.',
  'State after.': 'Der Stand danach.',

  'Tickets about a contact.': 'Tickets zu einem Kontakt.',
  'The contact.': 'Der Kontakt.',
  'The conversation it came from.': 'Das Gespräch, aus dem es kam.',
  'Priority.': 'Priorität.',
  'Subject.': 'Betreff.',
  'Custom fields.': 'Eigene Felder.',
  'Replies and internal notes of a ticket.': 'Antworten und interne Notizen zu einem Ticket.',
  'The ticket.': 'Das Ticket.',
  'An internal note.': 'Eine interne Notiz.',
  'The author’s id.': 'Die Kennung der schreibenden Person.',

  'What the bot answers from.': 'Woraus der Bot antwortet.',
  'Title.': 'Titel.',
  'Address.': 'Adresse.',
  'Content.': 'Inhalt.',
  'The audience it is for.': 'Die Zielgruppe, für die es ist.',
  'Scripted paths of the bot.': 'Vorgegebene Abläufe des Bots.',
  'Version as the host product counts it, number or text.':
    'Die Version, wie das Produkt sie zählt, als Zahl oder Text.',
  'Nodes and edges.': 'Knoten und Kanten.',
  'Uploads, generated documents, recordings and attachments.':
    'Hochgeladenes, erzeugte Dokumente, Aufnahmen und Anhänge.',
  'File name.': 'Dateiname.',
  'Media type.': 'Medientyp.',
  'Size in bytes, as the host product says.': 'Größe in Bytes, wie das Produkt sie angibt.',
  'SHA-256 of the content in hexadecimal, as the host product says.':
    'SHA-256 des Inhalts, hexadezimal, wie das Produkt es angibt.',
  'The conversation.': 'Das Gespräch.',
  'The message.': 'Die Nachricht.',
  'The account.': 'Das Konto.',
  'What an assistant remembers for an account, per workspace or everywhere.':
    'Was sich ein Assistent für ein Konto merkt, je Arbeitsbereich oder überall.',
  'Workspace or user.': 'Arbeitsbereich oder Benutzer.',
  'The remembered fact.': 'Was er sich gemerkt hat.',
  'Where it was learnt.': 'Woher er es weiß.',
};
