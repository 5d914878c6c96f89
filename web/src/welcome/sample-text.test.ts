import { expect, test } from 'vitest';
import { countSample } from '../../../samples/generate-sample.ts';
import { welcome as german } from '../texts/de/welcome.ts';
import { welcome as english } from '../texts/en/welcome.ts';

test('the sample’s card says how many conversations the workspace then lists', () => {
  const { conversation } = countSample({}, 'workspace');
  expect(english.sample.text).toContain(`${conversation.toLocaleString('en')} conversations`);
  expect(german.sample.text).toContain(`${conversation.toLocaleString('de')} Gespräche`);
});
