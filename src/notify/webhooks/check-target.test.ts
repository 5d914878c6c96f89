import { expect, test, vi } from 'vitest';
import { checkTarget, type ResolvedAddress } from './check-target.ts';
import { isPublicAddress } from './is-public-address.ts';

const at = (...addresses: string[]) =>
  addresses.map((address): ResolvedAddress => ({ address, family: address.includes(':') ? 6 : 4 }));

function check(url: string, addresses: ResolvedAddress[] = at('93.184.216.34'), allow: string[] = []) {
  return checkTarget(url, { allow, resolve: async () => addresses });
}

test('addresses that are not on the public internet are refused, in every form that stands for one', async () => {
  for (const host of [
    '127.0.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '0.1.2.3',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '198.18.0.1',
    '192.0.2.1',
    '198.51.100.7',
    '203.0.113.9',
    '192.0.0.8',
    '0x7f.1',
    '0x7f000001',
    '2130706433',
    '017700000001',
    '127.1',
    '127.0.0.1.',
    '１２７.０.０.１',
    '[::1]',
    '[::]',
    '[fe80::1]',
    '[fc00::1]',
    '[fd12::1]',
    '[ff02::1]',
    '[2001:db8::1]',
    '[3fff::1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[::127.0.0.1]',
    '[64:ff9b::7f00:1]',
    '[64:ff9b:1::a00:1]',
    '[2002:7f00:1::]',
    '[2001::1]',
    '[::ffff:0:127.0.0.1]',
    '[fec0::1]',
  ]) {
    await expect(check(`https://${host}/hook`), host).rejects.toMatchObject({ code: 'webhooks.bad_url' });
  }
});

test('public addresses are taken, and what was resolved is what comes back', async () => {
  const addresses = at('93.184.216.34', '2606:2800:220:1::1');
  await expect(check('https://hooks.example/in?x=1', addresses)).resolves.toMatchObject({ addresses });
  expect(isPublicAddress('8.8.8.8')).toBe(true);
  expect(isPublicAddress('172.32.0.1')).toBe(true);
  expect(isPublicAddress('100.128.0.1')).toBe(true);
});

test('one private address among public ones is enough to refuse a name', async () => {
  await expect(check('https://hooks.example/', at('93.184.216.34', '10.0.0.1'))).rejects.toThrow(/private/);
  await expect(check('https://hooks.example/', at('93.184.216.34', '::ffff:10.0.0.1'))).rejects.toThrow(
    /private/,
  );
  await expect(check('https://hooks.example/', [])).rejects.toThrow(/cannot be resolved/);
});

test('the refusal does not say which address a name has', async () => {
  const refusal = await check('https://hooks.example/', at('10.11.12.13')).catch(
    (error: Error) => error.message,
  );
  expect(refusal).not.toContain('10.11');
});

test('a network that the operator named may be reached, without TLS too; what lies beside it may not', async () => {
  const allow = ['10.0.0.0/8', 'fd00::/8'];
  for (const url of [
    'http://10.1.1.1:8080/',
    'https://10.1.1.1/',
    'http://[fd00::1]/',
    'http://[::ffff:a01:101]/',
  ])
    await expect(check(url, [], allow), url).resolves.toBeDefined();
  await expect(check('http://inside.example/', at('10.0.0.1'), allow)).resolves.toBeDefined();
  await expect(check('http://inside.example/', at('10.0.0.1', '93.184.216.34'), allow)).rejects.toThrow(
    /https/,
  );
  await expect(check('https://192.168.0.1/', [], allow)).rejects.toThrow(/private/);
  await expect(check('http://127.0.0.1/', [], allow)).rejects.toThrow(/https/);
});

test('only http addresses without user names and fragments are taken, and nothing else is resolved', async () => {
  const resolve = vi.fn(async () => at('93.184.216.34'));
  for (const url of [
    'http://hooks.example/',
    'ftp://hooks.example/',
    'file:///etc/passwd',
    'https://user@hooks.example/',
    'https://:secret@hooks.example/',
    'https://hooks.example/#part',
    'hooks.example',
    '',
    'https://',
  ])
    await expect(checkTarget(url, { allow: [], resolve }), url).rejects.toMatchObject({
      code: 'webhooks.bad_url',
    });
  expect(resolve).toHaveBeenCalledTimes(1); // only the http one, as it might be in a network that is allowed
});
