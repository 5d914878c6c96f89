import { expect, test } from 'vitest';
import { slugOf } from './slug.ts';

test.each([
  ['Acme Support', 'acme-support'],
  ['  Söhne & Töchter GmbH ', 'sohne-tochter-gmbh'],
  ['Straße Ærø Łódź', 'strasse-aero-lodz'],
  ['../../etc', 'etc'],
  ['客服', ''],
  ['客服 24h', '24h'],
])('%s → %s', (name, slug) => {
  expect(slugOf(name)).toBe(slug);
});
