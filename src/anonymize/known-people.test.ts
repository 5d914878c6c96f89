import { expect, test } from 'vitest';
import { KnownPeople, type PeopleOfRecord } from './known-people.ts';
import { Pseudonyms } from './pseudonyms.ts';
import { replaceSpans } from './spans.ts';

const pseudonyms = new Pseudonyms(Buffer.alloc(32, 7));
/** The text with what was found as `<reason>`. */
const found = (people: PeopleOfRecord, text: string) =>
  replaceSpans(
    text,
    new KnownPeople(people, pseudonyms).find(text).map((span) => ({ ...span, text: `<${span.reason}>` })),
  );
const named = (name: string, text: string) => found({ people: [{ name }] }, text);

test.each([
  ['Anna Berg', 'I am Anna Berg.', 'I am <name>.'],
  ['Anna Berg', 'Berg, Anna; ANNA BERG; anna.berg; anna_berg', '<name>; <name>; <name>; <name>'],
  ['Anna Berg', 'annaberg wrote, and Anna’s friend', '<name> wrote, and <name>’s friend'],
  ['Anna Berg', 'Annas Konto', '<name>s Konto'],
  ['Anna Berg', 'Susanna and Bergmann, Annapolis', 'Susanna and Bergmann, Annapolis'],
  ['Anna Berg', 'An\u200bna Be\u00adrg and \u2060Anna', '<name> and \u2060<name>'],
  ['José Müller', 'jose mueller; JOSÉ MÜLLER; Jose\u0301 Muller', '<name>; <name>; <name>'],
  ['Anna-Lena Groß', 'Lena Gross and Anna-Lena', '<name> and <name>'],
  ['Sinéad O’Brien', "Ms O'Brien; obrien", 'Ms <name>; <name>'],
  ['Dr. Ludwig van Beethoven', 'Dr. Beethoven; a van; Ludwig van Beethoven', 'Dr. <name>; a van; <name>'],
  ['Maria de la Cruz', 'la de Cruz: La cuenta de la casa', '<name>: La cuenta de la casa'],
  ['Ben Stone', 'Ben; ben; stone', '<name>; ben; stone'],
  ['John Q. Smith', 'John Q. Smith; john x smith; J. Smith', '<name>; <name>; J. <name>'],
  ['Иван Петров', 'иван ПЕТРОВ и Петрова', '<name> и Петрова'],
  ['محمد علي', 'أنا محمد علي هنا', 'أنا <name> هنا'],
  ['דנה לוי', 'שלום דנה', 'שלום <name>'],
  ['田中太郎', '田中太郎です。田中さん、太郎。田中駅', '<name>です。<name>さん、<name>。田中駅'],
  ['王小明', '王先生，我是小明', '<name>先生，我是<name>'],
  ['김민수', '안녕하세요 김민수입니다, 민수야', '안녕하세요 <name>입니다, <name>야'],
  ['สมชาย ใจดี', 'คุณสมชายครับ', 'คุณ<name>ครับ'],
  ['Will Young', 'I will call young people; Will called', 'I will call young people; <name> called'],
  ['Will Young', 'will young here', '<name> here'],
  ['May Li', 'may i ask Li', 'may i ask <name>'],
  ['Support Team', 'the support team', 'the support team'],
  ['J. Smith', 'plan J, smith', 'plan J, <name>'],
])('%j is found in %j, and nothing else', (name, text, expected) => {
  expect(named(name, text)).toBe(expected);
});

test('whoever is found stands as the pseudonym of the whole name', () => {
  const [first, last] = new KnownPeople({ names: ['Anna Berg'] }, pseudonyms).find('Anna? Frau Berg!');
  expect([first?.text, last?.text]).toEqual([pseudonyms.name('Anna Berg'), pseudonyms.name('Anna Berg')]);
});

test('companies are found without their legal form, ids and the names in mail addresses as they are', () => {
  const people: PeopleOfRecord = {
    people: [
      {
        ids: ['cus_8812', 'x1', null],
        email: 'cminh730@email.example',
        company: 'Nordwind Logistik GmbH & Co. KG',
        identities: [{ channel: 'slack', value: 'U02ABCDEF' }],
      },
      null,
    ],
    agents: [{ id: 'agent-77', name: 'Bob Marley' }],
  };
  expect(
    found(
      people,
      'nordwind logistik, CUS_8812, x1, cus_88123, cminh730, u02abcdef, agent-77, Bob; marley, nordwind',
    ),
  ).toBe('<company>, <id>, x1, cus_88123, <name>, <id>, <id>, <name>; <name>, nordwind');
});

test('a number is theirs in national and international form', () => {
  const known = new KnownPeople({ people: [{ phone: '+44 7911 123456' }] }, pseudonyms);
  const pseudonym = pseudonyms.phone('+44 7911 123456');
  expect([known.phoneOf('447911123456'), known.phoneOf('07911123456')]).toEqual([pseudonym, pseudonym]);
  expect([known.phoneOf('07911123457'), known.phoneOf('123456')]).toEqual([undefined, undefined]);
});

test('a name of odd signs, and a crowd, neither break nor slow it', () => {
  const names = Array.from({ length: 5_000 }, (_, index) => `Person${index} (*+?[${'x'.repeat(50)}`);
  expect(found({ names }, 'a '.repeat(100_000))).toBe('a '.repeat(100_000));
});
