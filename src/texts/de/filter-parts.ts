import type { Catalogue } from '../catalogue.ts';

/** What each part of the conversations’ filter takes. */
export const filterParts: Catalogue = {
  'These conversations; at most {most}.': 'Diese Gespräche; höchstens {most}.',
  'State; several: any of them.': 'Stand; bei mehreren: einer davon.',
  'Channel; several: any of them.': 'Kanal; bei mehreren: einer davon.',
  'Priority; several: any of them.': 'Priorität; bei mehreren: eine davon.',
  'Label; several: all of them.': 'Tag; bei mehreren: alle davon.',
  'Labels, any of them.': 'Tags, einer davon.',
  'Audience; several: any of them.': 'Zielgruppe; bei mehreren: eine davon.',
  'Id of the teammate in charge, or `{nobody}`; several: any of them.':
    'Kennung der zuständigen Person, oder `{nobody}`; bei mehreren: eine davon.',
  'Id of a contact who takes part, as first or as further participant.':
    'Kennung eines Kontakts, der teilnimmt, als erster oder als weiterer Teilnehmer.',
  'Email address of the contact, any case.': 'E-Mail-Adresse des Kontakts, groß oder klein geschrieben.',
  'Begun at or after this time or date (UTC).': 'Begonnen zu oder nach dieser Zeit oder diesem Datum (UTC).',
  'Begun before this time or date (UTC).': 'Begonnen vor dieser Zeit oder diesem Datum (UTC).',
  'Last changed at or after this time or date (UTC).':
    'Zuletzt geändert zu oder nach dieser Zeit oder diesem Datum (UTC).',
  'Last changed before this time or date (UTC).': 'Zuletzt geändert vor dieser Zeit oder diesem Datum (UTC).',
  'Resolved at or after this time or date (UTC).': 'Gelöst zu oder nach dieser Zeit oder diesem Datum (UTC).',
  'Resolved before this time or date (UTC).': 'Gelöst vor dieser Zeit oder diesem Datum (UTC).',
  'Words that one of its messages has, all of them, in any case and order; internal notes for those who see them.':
    'Wörter, die alle in einer seiner Nachrichten stehen, groß oder klein, in beliebiger Folge; in internen Notizen für die, die sie sehen.',
  'Satisfaction: this rating; several: any of them.':
    'Zufriedenheit: diese Bewertung; bei mehreren: eine davon.',
  'Satisfaction: a rating of at least this number.':
    'Zufriedenheit: eine Bewertung von mindestens dieser Zahl.',
  'Satisfaction: a rating of at most this number.':
    'Zufriedenheit: eine Bewertung von höchstens dieser Zahl.',
  'With a rating, or without.': 'Mit Bewertung oder ohne.',
  'With files, or without.': 'Mit Dateien oder ohne.',
};
