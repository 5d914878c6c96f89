import { describe, expect, it } from 'vitest';
import { Passwords } from './passwords.ts';

const PASSWORD = 'seven zebras quilt at dawn';
const about = { email: 'maria@example.com', names: ['Maria'] };

describe('Passwords', () => {
  it('takes a password again that it hashed, and no other', async () => {
    const passwords = new Passwords(4);
    const hash = await passwords.hash(PASSWORD, '/password', about);
    expect(hash).toMatch(/^\$2b\$04\$/);
    expect(await passwords.verify(PASSWORD, hash)).toBe(true);
    expect(await passwords.verify(`${PASSWORD} `, hash)).toBe(false);
    expect(await passwords.verify('', hash)).toBe(false);
  });

  it('hashes with cost 12 unless told otherwise, without holding up the event loop', async () => {
    let ticks = 0;
    const timer = setInterval(() => ticks++, 1);
    const hash = await new Passwords().hash(PASSWORD, '/password', about);
    clearInterval(timer);
    expect(hash).toMatch(/^\$2b\$12\$/);
    expect(ticks).toBeGreaterThan(3);
  });

  it('refuses less than 10 characters and more than 72 bytes, which bcrypt would cut', async () => {
    const passwords = new Passwords(4);
    const hash = (password: string) => passwords.hash(password, '/new', about);
    const long = `${PASSWORD} ${'ü-ä-ö-'.repeat(20)}`;
    for (const password of ['', 'kJ8#vQ2!m', '🦓🦦🦩🐋🦔🦉🦎', long, `${PASSWORD}${'x y'.repeat(20)}`])
      await expect(hash(password)).rejects.toMatchObject({
        code: 'access.bad_password',
        fields: [{ pointer: '/new' }],
      });
    const exact = `${PASSWORD} ${'kJ8#vQ2!mZ4x'.repeat(4)}`.slice(0, 72);
    const stored = await hash(exact);
    expect(await passwords.verify(exact, stored)).toBe(true);
    expect(await passwords.verify(`${exact}!`, stored)).toBe(false);
  });

  it('works as hard where there is no such user, and never finds a password right', async () => {
    const passwords = new Passwords(11);
    await passwords.prepare();
    const hash = await passwords.hash(PASSWORD, '/password', about);
    const timed = async (of: string | undefined) => {
      const startedAt = performance.now();
      const isRight = await passwords.verify(PASSWORD, of);
      return { isRight, ms: performance.now() - startedAt };
    };
    const known = await timed(hash);
    const unknown = await timed(undefined);
    expect([known.isRight, unknown.isRight]).toEqual([true, false]);
    // bcrypt of cost 11 takes 100 ms and more; looking at nothing takes none.
    expect(unknown.ms).toBeGreaterThan(20);
    expect(await passwords.verify('nobody has this one', undefined)).toBe(false);
    expect(await passwords.verify('nobody has this one', null)).toBe(false);
  });
});
