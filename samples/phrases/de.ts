import type { Phrases } from './declare.ts';

export const de: Phrases = {
  language: 'de',
  locale: 'de-DE',
  namePattern: '{given} {family}',
  givenNames: [
    ['Jürgen', 'juergen'],
    ['Käthe', 'kaethe'],
    ['Björn', 'bjoern'],
    ['Annelie', 'annelie'],
    ['Sönke', 'soenke'],
    ['Friederike', 'friederike'],
    ['Till', 'till'],
    ['Özlem', 'oezlem'],
  ],
  familyNames: [
    'Großmann',
    'Weiß',
    'Hölzl',
    'von Rabenau',
    'Fünfstück',
    'Kessler',
    'Müller-Siebert',
    'Brandt',
  ],
  topics: {
    pairing: {
      subject: 'Lampe lässt sich nicht koppeln',
      questions: [
        'Hallo, meine {product} blinkt blau, aber die Glow-App findet sie nicht. Drei Versuche, immer dasselbe.',
        'Ich habe ein neues Handy. Wie kopple ich die {product} neu, ohne dass meine Szenen weg sind?',
      ],
      answer:
        'Bitte halten Sie den Drehknopf fünf Sekunden gedrückt, bis das Licht blau pulsiert, und öffnen Sie dann Glow → Lampe hinzufügen. Bluetooth und Standort müssen dabei eingeschaltet sein. Ihre Szenen bleiben im Konto erhalten.',
    },
    delivery: {
      subject: 'Wo bleibt Bestellung {order}?',
      questions: [
        'Ich habe vor neun Tagen eine {product} bestellt (Bestellung {order}), und die Sendungsverfolgung steht seit Dienstag still.',
        'Kommt {order} noch vor dem Wochenende? Es ist ein Geburtstagsgeschenk, und ab Samstag bin ich nicht da.',
      ],
      answer:
        'Bestellung {order} hat unser Lager verlassen und liegt beim Paketdienst. Üblich sind zwei bis vier Werktage; die Verfolgung wird einmal täglich am Abend aktualisiert.',
    },
    invoice: {
      subject: 'Doppelt abgebucht: {amount}',
      questions: [
        'Für {plan} wurden mir zweimal {amount} abgebucht. Ich habe aber nur ein Abo. Bitte einmal zurücküberweisen.',
        'Ich brauche für {order} eine Rechnung über {amount} mit Firmenanschrift und USt-IdNr.',
      ],
      answer:
        'Eine der beiden Buchungen ist nur eine Vormerkung; Ihre Bank gibt sie innerhalb von fünf Tagen wieder frei. Alle Rechnungen finden Sie unter Glow → Konto → Abrechnung.',
    },
    flicker: {
      subject: 'Licht flackert bei geringer Helligkeit',
      questions: [
        'Unter etwa zehn Prozent flackert meine {product}. Abends bekomme ich davon Kopfschmerzen.',
        'Seit dem letzten Update flackern die warmen Töne kurz beim Dimmen. Ist das bekannt?',
      ],
      answer:
        'Das ist mit Firmware 4.2 behoben. Lassen Sie die Lampe am Strom, öffnen Sie Glow → Lampe → Aktualisieren, und legen Sie das Telefon etwa sechs Minuten daneben.',
    },
    cancel: {
      subject: '{plan} kündigen',
      questions: [
        'Wie kündige ich {plan}? Ich finde den Knopf nirgends.',
        'Bitte beenden Sie mein {plan} zum Monatsende. Was wird dann aus meinen Sonnenaufgangsweckern?',
      ],
      answer:
        'Kündigen können Sie unter Glow → Konto → Tarif → Beenden. {plan} läuft bis zum Ende des bezahlten Zeitraums; gestellte Wecker funktionieren weiter, nur neue lassen sich nicht anlegen.',
    },
    warranty: {
      subject: 'Gelenk der {product} ist locker',
      questions: [
        'Das Gelenk meiner {product} hält den Arm nicht mehr. Sie ist elf Monate alt. Ist das ein Garantiefall?',
        'In der Schachtel fehlt eine Schraube, die kleine, M3 glaube ich. Können Sie nur die Schraube schicken?',
      ],
      answer:
        'Für alle beweglichen Teile gilt die Garantie drei Jahre. Schicken Sie uns ein Foto vom Gelenk und vom Schild unter dem Fuß, dann senden wir einen Ersatzteilsatz; die Lampe behalten Sie.',
    },
  },
  greeting: 'Guten Tag! Ich bin Ember, die Assistentin von Ottervale. Wobei kann ich helfen?',
  followUps: [
    'Habe ich schon versucht. Zweimal. Keine Änderung.',
    'Eine Minute lang ging es, dann wieder dasselbe.',
    'Sie erreichen mich unter {email} oder ab 18 Uhr unter {phone}.',
    'In welchem Menü soll das sein? Ich sehe nur „Szenen“, „Wecker“ und „Hilfe“.',
    'Kann ich bitte mit einem Menschen sprechen?',
  ],
  botReplies: [
    'Danke. Welche Firmware steht unter Glow → Lampe → Info?',
    'Ich habe nachgesehen: Bestellung {order} gehört zu Ihrem Konto, wir können also weitermachen.',
    'Da bin ich mir nicht sicher. Bevor ich rate, frage ich lieber eine Kollegin.',
  ],
  handoff: 'Das Gespräch wurde an das Team übergeben.',
  teammateReplies: [
    'Guten Tag {name}, hier ist {agent} von Ottervale. Ich habe alles gelesen, Sie müssen nichts wiederholen.',
    'Ich habe {amount} erstattet. Je nach Bank dauert es drei bis fünf Tage.',
    'Der Ersatz für {order} ist heute rausgegangen. Das alte Teil brauchen Sie nicht zurückzuschicken.',
  ],
  notes: [
    '@Mirela bitte die Charge von {order} prüfen. Drittes lockeres Gelenk diese Woche.',
    'Rückruf gewünscht: {phone}, nicht vor 9 Uhr.',
  ],
  thanks: ['Perfekt, vielen Dank!', 'Jetzt geht’s. Danke, {agent}!', 'Alles klar, danke schön.'],
  closings: [
    'Das freut mich. Ich schließe das Gespräch; schreiben Sie einfach wieder, wenn etwas ist.',
    'Gern geschehen, {name}. Viel Freude mit dem Licht!',
  ],
  csatComments: ['Schnell und freundlich.', 'Hat gedauert, aber {agent} war großartig.'],
  memories: ['Möchte gesiezt werden.', 'Hat drei Lampen; die im Büro heißt „Kleiner Mond“.'],
};
