import type { Phrases } from './declare.ts';

export const pl: Phrases = {
  language: 'pl',
  locale: 'pl-PL',
  namePattern: '{given} {family}',
  givenNames: [
    ['Łucja', 'lucja'],
    ['Wojciech', 'wojciech'],
    ['Małgorzata', 'malgorzata'],
    ['Zdzisław', 'zdzislaw'],
    ['Świętosława', 'swietoslawa'],
    ['Błażej', 'blazej'],
    ['Jagoda', 'jagoda'],
    ['Michał', 'michal'],
  ],
  familyNames: ['Źrebiec', 'Wiśniowska', 'Gżegżółka', 'Krzywda', 'Dębska', 'Łąka', 'Ścibor', 'Późniak'],
  topics: {
    pairing: {
      subject: 'Lampa nie łączy się z aplikacją',
      questions: [
        'Dzień dobry, moja {product} miga na niebiesko, ale aplikacja Glow jej nie znajduje. Próbowałam już trzy razy.',
        'Mam nowy telefon. Jak połączyć {product} od nowa, żeby nie stracić scen?',
      ],
      answer:
        'Proszę przytrzymać pokrętło przez pięć sekund, aż niebieskie światło zacznie pulsować, a potem otworzyć Glow → Dodaj lampę. Bluetooth i lokalizacja muszą być włączone. Sceny są zapisane na koncie.',
    },
    delivery: {
      subject: 'Gdzie jest zamówienie {order}?',
      questions: [
        'Dziewięć dni temu zamówiłem {product} (zamówienie {order}), a śledzenie stoi od wtorku.',
        'Czy {order} dotrze przed weekendem? To prezent urodzinowy.',
      ],
      answer:
        'Zamówienie {order} opuściło nasz magazyn i jest u przewoźnika. Zwykle trwa to od dwóch do czterech dni roboczych; śledzenie odświeża się raz dziennie, wieczorem.',
    },
    invoice: {
      subject: 'Podwójna płatność: {amount}',
      questions: [
        'Za {plan} pobrano mi dwa razy {amount}. Mam tylko jedną subskrypcję. Proszę o zwrot.',
        'Potrzebuję faktury na firmę do zamówienia {order} na kwotę {amount}.',
      ],
      answer:
        'Jedna z tych pozycji to tylko blokada i bank zwolni ją w ciągu pięciu dni. Wszystkie faktury są w Glow → Konto → Płatności.',
    },
    flicker: {
      subject: 'Światło migocze przy małej jasności',
      questions: [
        'Poniżej dziesięciu procent moja {product} migocze. Wieczorem boli mnie od tego głowa.',
        'Od ostatniej aktualizacji ciepłe barwy migoczą przy przyciemnianiu. Czy to znany błąd?',
      ],
      answer:
        'Zostało to naprawione w wersji 4.2. Proszę zostawić lampę podłączoną, otworzyć Glow → Lampa → Aktualizacja i położyć telefon obok na około sześć minut.',
    },
    cancel: {
      subject: 'Rezygnacja z {plan}',
      questions: [
        'Jak zrezygnować z {plan}? Nigdzie nie widzę przycisku.',
        'Proszę zakończyć {plan} z końcem miesiąca. Co będzie z moimi budzikami?',
      ],
      answer:
        'Można to zrobić w Glow → Konto → Plan → Zakończ. {plan} działa do końca opłaconego okresu, a ustawione budziki nadal będą dzwonić.',
    },
    warranty: {
      subject: 'Luźny przegub w {product}',
      questions: [
        'Przegub mojej {product} nie trzyma już ramienia. Lampa ma jedenaście miesięcy. Czy to gwarancja?',
        'W pudełku brakuje śrubki, tej małej. Czy mogą Państwo przysłać samą śrubkę?',
      ],
      answer:
        'Wszystkie ruchome części mają trzy lata gwarancji. Proszę przysłać zdjęcie przegubu i etykiety pod podstawą, a wyślemy zestaw naprawczy.',
    },
  },
  greeting: 'Dzień dobry! Jestem Ember, asystentka Ottervale. W czym mogę pomóc?',
  followUps: [
    'Już to robiłem, dwa razy. Bez zmian.',
    'Przez minutę działało, a potem znowu to samo.',
    'Można do mnie pisać na {email} albo dzwonić po osiemnastej: {phone}.',
    'W którym to menu? Widzę tylko „Sceny”, „Budziki” i „Pomoc”.',
    'Czy mogę porozmawiać z człowiekiem?',
  ],
  botReplies: [
    'Dziękuję. Jaka wersja widnieje w Glow → Lampa → Informacje?',
    'Sprawdziłam: zamówienie {order} jest przypisane do tego konta, możemy iść dalej.',
    'Tego nie jestem pewna. Zamiast zgadywać, wolę zapytać kogoś z zespołu.',
  ],
  handoff: 'Rozmowę przekazano zespołowi.',
  teammateReplies: [
    'Dzień dobry {name}, tu {agent} z Ottervale. Przeczytałem całość, nie trzeba niczego powtarzać.',
    'Zwróciłem {amount}. Zależnie od banku potrwa to od trzech do pięciu dni.',
    'Część do {order} wysłaliśmy dzisiaj.',
  ],
  notes: [
    '@Mirela, sprawdź proszę partię {order}. Trzeci luźny przegub w tym tygodniu.',
    'Oddzwonić: {phone}, nie przed 9.',
  ],
  thanks: ['Świetnie, bardzo dziękuję!', 'Teraz działa. Dzięki, {agent}!', 'Dobrze, dziękuję.'],
  closings: [
    'Cieszę się. Zamykam rozmowę; w razie czego proszę pisać tutaj.',
    'Proszę bardzo, {name}. Miłego światła!',
  ],
  csatComments: ['Szybko i uprzejmie.', 'Trochę to trwało, ale {agent} pomógł świetnie.'],
  memories: ['Woli krótkie odpowiedzi.', 'Ma trzy lampy, jedną w pracowni.'],
};
