import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { readAbcd, readEvi, readMultiDogo } from '../../bench/harness/label-sets.ts';
import { measureMasking } from '../../bench/harness/measure-masking.ts';
import { Pseudonyms } from '../../src/anonymize/pseudonyms.ts';

// What people who are none of us wrote and labelled. The full figures are in docs/anonymized-exports.md.

const DATA = process.env['CONVEY_REAL_DATA'];
if (DATA === undefined) {
  console.warn('CONVEY_REAL_DATA is not set: the tests of anonymising on real conversations are SKIPPED.');
}
const pseudonyms = new Pseudonyms(randomBytes(32));

describe.skipIf(DATA === undefined)('in labelled conversations', () => {
  test('the names, addresses and numbers of known customers are masked, and little else', async () => {
    const texts = await readMultiDogo(DATA!, 'test');
    const { classes, wrongPer1000 } = measureMasking(texts, pseudonyms, true);
    const rate = (kind: string) => classes[kind]!.whole / classes[kind]!.values;
    expect(classes['name']!.values).toBeGreaterThan(500);
    expect(rate('name')).toBeGreaterThan(0.9);
    expect(rate('email_address, @ and . put back')).toBeGreaterThan(0.95);
    expect(rate('phone_number')).toBeGreaterThan(0.9);
    expect(wrongPer1000).toBeLessThan(4);
  });

  test('without knowing the customer, addresses and numbers are still found', async () => {
    const { classes } = measureMasking(await readMultiDogo(DATA!, 'dev'), pseudonyms, false);
    for (const kind of ['email_address, @ and . put back', 'phone_number'])
      expect(classes[kind]!.whole / classes[kind]!.values).toBeGreaterThan(0.9);
  });

  test('names as a machine heard them are found where they are the customer’s', async () => {
    const names = (await readEvi(DATA!)).filter(({ labels }) => labels[0]!.class === 'name');
    const { classes } = measureMasking(names, pseudonyms, true);
    expect(classes['name']!.partly / classes['name']!.values).toBeGreaterThan(0.5);
  });

  test('in whole chats nothing is left of the customer’s name, address, number and user name', async () => {
    const { classes } = measureMasking(await readAbcd(DATA!), pseudonyms, true);
    for (const kind of ['name', 'email', 'username']) {
      expect(classes[kind]!.values).toBeGreaterThan(0);
      expect([kind, classes[kind]!.whole]).toEqual([kind, classes[kind]!.values]);
    }
  });
});
