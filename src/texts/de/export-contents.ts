import type { Catalogue } from '../catalogue.ts';

/** What exports hold, and what they do not: fields to choose, what is left out and why, what was masked. */
export const exportContents: Catalogue = {
  'every turn: questions and answers, teammates’ replies, subject and summary':
    'alles, was gesagt wurde: Fragen und Antworten, Antworten der Mitarbeitenden, Betreff und Zusammenfassung',
  'the contact and how they were identity-verified, authors’ names, the host product’s own fields':
    'der Kontakt und wie seine Identität bestätigt wurde, Namen der Schreibenden, eigene Felder des Produkts',
  'where it took place': 'wo es stattfand',
  'labels that it was given': 'Schlagwörter, die es bekommen hat',
  'the audience it belongs to': 'die Zielgruppe, zu der es gehört',
  'skills that ran': 'welche Skills liefen',
  'internal notes: what teammates wrote for each other':
    'interne Notizen: was Mitarbeitende füreinander geschrieben haben',
  'what happened to it: claimed, escalated, resolved, …':
    'was damit geschah: übernommen, eskaliert, gelöst, …',
  'sources that answers rest on': 'Quellen, auf denen Antworten beruhen',
  'how satisfied the customer was: rating and comment':
    'wie zufrieden der Kunde war: Bewertung und Kommentar',
  'its files as a list; their contents are asked for by themselves':
    'seine Dateien als Liste; ihre Inhalte werden eigens gewählt',

  'a table has a row for one thing and nothing else; JSON has them':
    'eine Tabelle hat Zeilen für eine Sache und sonst nichts; JSON enthält sie',
  'there is nothing in them to train with': 'darin ist nichts, womit sich trainieren ließe',
  'a document shows what people read; JSON has every field':
    'ein Dokument zeigt, was Menschen lesen; JSON enthält jedes Feld',
  'they cannot be anonymised': 'sie lassen sich nicht anonymisieren',
  'the table has columns of its own; JSON of the workspace has them':
    'die Tabelle hat eigene Spalten; JSON des Arbeitsbereichs enthält sie',
  'internal notes and events': 'interne Notizen und Ereignisse',
  'the audience may not see them': 'für diesen Empfänger sind sie nicht bestimmt',
  'contents of files': 'Inhalte von Dateien',
  'they were not asked for': 'sie wurden nicht gewählt',
  'it says who did what': 'es sagt, wer was getan hat',
  'metadata and other fields of records': 'Metadaten und andere Felder von Datensätzen',
  'other people’s data': 'Daten anderer Personen',
  'it is one person’s export': 'es ist der Export einer einzelnen Person',
  'messages without a text, and conversations without others':
    'Nachrichten ohne Text und Gespräche ohne andere Nachrichten',
  'records that did not change': 'Datensätze, die sich nicht geändert haben',
  'they are in the packages before this one': 'sie sind in den Paketen vor diesem',
  'it is no set of records that change': 'es ist keine Menge von Datensätzen, die sich ändern',
  'fields: {names}': 'Felder: {names}',
  'a training file holds what was said, and nothing else':
    'eine Trainingsdatei enthält, was gesagt wurde, und sonst nichts',
  'of {table}: {names}': 'von {table}: {names}',

  'its bytes were never received': 'ihre Bytes sind nie angekommen',
  'its stored bytes are not what was received': 'ihre gespeicherten Bytes sind nicht die, die ankamen',
  'its stored bytes, or their key, were changed':
    'ihre gespeicherten Bytes oder deren Schlüssel wurden geändert',
  'its stored bytes were replaced or cut short: they are not what Convey stores':
    'ihre gespeicherten Bytes wurden ersetzt oder gekürzt: Sie sind nicht, was Convey speichert',
  'its stored bytes were cut short': 'ihre gespeicherten Bytes wurden gekürzt',
  'its place in the store is not one that a store can have':
    'ihr Ort im Speicher ist keiner, den ein Speicher haben kann',
  'its key is under a master key that this server does not have':
    'ihr Schlüssel liegt unter einem Hauptschlüssel, den dieser Server nicht hat',
  'its stored bytes cannot be read ({code})': 'ihre gespeicherten Bytes sind nicht lesbar ({code})',
  'its stored bytes are gone': 'ihre gespeicherten Bytes sind weg',
  'it was deleted or replaced while the export ran':
    'sie wurde gelöscht oder ersetzt, während der Export lief',
  'Conversations that were named are not there: no such id, or not for whoever asked.':
    'Genannte Gespräche sind nicht dabei: Die Kennung gibt es nicht, oder wer bestellt hat, darf sie nicht sehen.',
  'Conversations that were named are not there: no such id, not for whoever asked, or nothing in them to train with.':
    'Genannte Gespräche sind nicht dabei: Die Kennung gibt es nicht, wer bestellt hat, darf sie nicht sehen, oder es ist nichts darin, womit sich trainieren ließe.',
  'Texts were cut, and say so at their end: a cell of a spreadsheet holds 32,767 characters.':
    'Texte wurden gekürzt und sagen es an ihrem Ende: Eine Zelle einer Tabelle fasst 32.767 Zeichen.',
  'Conversations could not be made into a PDF and are there as HTML.':
    'Aus Gesprächen ließ sich kein PDF machen; sie liegen als HTML bei.',
  'No font has these characters, so their code points are shown.':
    'Keine Schrift hat diese Zeichen; gezeigt werden ihre Codepunkte.',
  'No font has these characters, so their code points are shown. {characters}':
    'Keine Schrift hat diese Zeichen; gezeigt werden ihre Codepunkte. {characters}',

  'Names, ids, addresses and numbers stand as pseudonyms under a key that was deleted with the end of the export, and what was recognised of them in texts is masked. Texts can still tell who somebody is: by names that were not known, by places, dates, professions or events. Times and amounts are as they were, so that whoever has other data about the same conversations may link them. It is not promised that every record is like several others (k-anonymity).':
    'Namen, Kennungen, Adressen und Nummern stehen als Pseudonyme unter einem Schlüssel, der mit dem Ende des Exports gelöscht wurde; was davon in Texten erkannt wurde, ist verdeckt. Texte können trotzdem verraten, wer jemand ist: durch Namen, die nicht bekannt waren, durch Orte, Daten, Berufe oder Ereignisse. Zeiten und Beträge sind unverändert, sodass sich die Daten mit anderen über dieselben Gespräche verknüpfen lassen. Nicht versprochen ist, dass jeder Datensatz mehreren anderen gleicht (k-Anonymität).',
  id: 'Kennung',
  name: 'Name',
  email: 'E-Mail-Adresse',
  phone: 'Telefonnummer',
  company: 'Firma',
  ip: 'IP-Adresse',
  card: 'Kartennummer',
  iban: 'IBAN',
  number: 'Nummer',
  url: 'Webadresse',
  'file name': 'Dateiname',
  hidden: 'verborgen',
};
