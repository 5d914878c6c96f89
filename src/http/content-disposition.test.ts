import { expect, test } from 'vitest';
import { attachment } from './content-disposition.ts';

test.each([
  ['part 1.ndjson', `attachment; filename="part 1.ndjson"; filename*=UTF-8''part%201.ndjson`],
  ['報告 (1).pdf', `attachment; filename="__ (1).pdf"; filename*=UTF-8''%E5%A0%B1%E5%91%8A%20%281%29.pdf`],
  ['a"b%c.txt', `attachment; filename="a_b_c.txt"; filename*=UTF-8''a%22b%25c.txt`],
  ['../../etc/passwd', `attachment; filename=".._.._etc_passwd"; filename*=UTF-8''.._.._etc_passwd`],
  ['x\r\nset-cookie: a', `attachment; filename="x_set-cookie: a"; filename*=UTF-8''x_set-cookie%3A%20a`],
  ['\ud800', `attachment; filename="_"; filename*=UTF-8''%EF%BF%BD`],
])('%j is saved under its name', (name, field) => {
  expect(attachment(name)).toBe(field);
});
