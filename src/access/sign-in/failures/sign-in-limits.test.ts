import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FastifyReply } from 'fastify';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/test-database.ts';
import { hashCountedWith } from '../../../database/hash-counted.ts';
import { networkOf } from '../../../networks.ts';
import { SignInLimits } from './sign-in-limits.ts';

let test: TestDatabase;
let limits: SignInLimits;
beforeAll(async () => {
  test = await createTestDatabase();
  limits = new SignInLimits(test.database, hashCountedWith(Buffer.from('a secret')));
});
afterAll(() => test.drop());

function newReply() {
  const headers: Record<string, string> = {};
  const reply = { header: (name: string, value: string) => (headers[name] = value) };
  return { headers, reply: reply as unknown as FastifyReply };
}

const fail = async (account: string, ip: string) =>
  (await limits.begin(account, ip, newReply().reply)).failed();

describe('SignInLimits', () => {
  it('locks an account after the fifth failure for 15 minutes, from everywhere, and says so once', async () => {
    const locked = [];
    for (let i = 0; i < 5; i++) locked.push(await fail('password a', `10.0.${i}.1`));
    expect(locked).toEqual([false, false, false, false, true]);
    const { reply, headers } = newReply();
    await expect(limits.begin('password a', '10.9.9.9', reply)).rejects.toMatchObject({
      code: 'access.too_many_sign_ins',
    });
    expect(Number(headers['retry-after'])).toBeGreaterThan(14 * 60);
    expect(Number(headers['retry-after'])).toBeLessThanOrEqual(15 * 60);
  });

  it('locks a network after five failures with different accounts', async () => {
    for (let i = 0; i < 5; i++) await fail(`password n${i}`, `192.0.2.${i}`);
    await expect(fail('password other', '192.0.2.200')).rejects.toMatchObject({
      code: 'access.too_many_sign_ins',
    });
    await expect(fail('password other', '192.0.3.200')).resolves.toBe(false);
  });

  it('lets no more than five of fifty at once be checked', async () => {
    const begun = await Promise.allSettled(
      Array.from({ length: 50 }, (_, i) => limits.begin('password many', `10.1.${i}.1`, newReply().reply)),
    );
    expect(begun.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
  });

  it('forgets an account’s failures when one is right, and counts no network for it', async () => {
    for (let round = 0; round < 4; round++) {
      for (let i = 0; i < 4; i++) await fail('password b', `10.2.${round}.1`);
      await (await limits.begin('password b', `10.2.${round}.1`, newReply().reply)).succeeded();
    }
    await (await limits.begin('password b', '10.2.0.1', newReply().reply)).succeeded();
  });

  it('stores neither account nor address', async () => {
    await fail('password somebody@example.com', '203.0.113.77');
    const stored = JSON.stringify(await test.asSuperuser('select * from rate_counters'));
    expect(stored).not.toContain('somebody');
    expect(stored).not.toContain('203.0.113');
  });
});

describe('networkOf', () => {
  it('is /24 of IPv4, also within IPv6, and /64 of IPv6', () => {
    expect(networkOf('192.0.2.7')).toBe('192.0.2');
    expect(networkOf('::ffff:192.0.2.7')).toBe('192.0.2');
    expect(networkOf('2001:db8::1')).toBe(networkOf('2001:0db8:0:0:ffff::2'));
    expect(networkOf('2001:db8:0:1::1')).not.toBe(networkOf('2001:db8::1'));
    expect(networkOf('::1')).toBe('0:0:0:0');
  });
});
