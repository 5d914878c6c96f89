import type { general as english } from '../en/general.ts';

export const general: typeof english = {
  hint: 'Was für alle in diesem Arbeitsbereich gilt.',
  name: 'Name des Arbeitsbereichs',
  slug: 'Kurzname, in Adressen und Dateinamen:',
  save: 'Speichern',
  saved: 'Gespeichert.',
  secondFactor: {
    title: 'Zweiter Faktor',
    label: 'Alle brauchen einen zweiten Faktor',
    hint: 'Wer noch keinen hat, richtet erst einen ein, bevor hier etwas geht.',
    onTitle: 'Von allen einen zweiten Faktor verlangen?',
    onAction: 'Verlangen',
    onMeaning: 'Mitglieder ohne zweiten Faktor können hier nichts tun, bis sie einen eingerichtet haben.',
    offTitle: 'Keinen zweiten Faktor mehr verlangen?',
    offAction: 'Nicht mehr verlangen',
    offMeaning: 'Mitglieder können ihren dann entfernen. Ein Passwort allein öffnet den Arbeitsbereich.',
  },
  plan: {
    title: 'Tarif',
    hint: 'Was der Tarif enthält, sagt, wer den Server betreibt.',
    features: { 'audit_export.use': 'Export des Protokolls' },
    has: 'enthalten',
    lacks: 'nicht enthalten',
  },
  rights: {
    title: 'Wer was darf',
    hint: 'Sie können Rollen Rechte nehmen, aber nicht mehr geben, als es von Haus aus gibt. Es gilt ab dem nächsten Klick.',
    ownersOnly: 'Exporte nur durch Besitzer',
    usual: 'Wie von Haus aus',
    discard: 'Verwerfen',
    save: 'Änderungen speichern',
    question: 'Ändern, wer was darf?',
    action: 'Ändern',
    takes: (roles, what) => `Genommen von ${roles}: ${what}`,
    gives: (roles, what) => `Zurückgegeben an ${roles}: ${what}`,
  },
};
