import { expect, test } from 'vitest';
import { openPasswords } from './passwords.ts';

const cheap = { memoryKib: 64, passes: 1, lanes: 1 };

test('a password fits its own hash, and each hash has a salt of its own', async () => {
  const passwords = openPasswords(cheap);
  const [one, other] = [await passwords.hash('seven drums'), await passwords.hash('seven drums')];
  expect(one).not.toBe(other);
  expect(await passwords.verify(one, 'seven drums')).toBe(true);
  expect(await passwords.verify(one, 'eight drums')).toBe(false);
});

test('a hash known from the reference implementation of argon2id fits', async () => {
  // argon2 "somesalt" -id -t 2 -k 65536 -p 1 -l 32, password "password" (RFC 9106 authors' test suite).
  const known = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
  expect(await openPasswords(cheap).verify(known, 'password')).toBe(true);
});

test('where there is no password, or a broken one, nothing fits', async () => {
  const passwords = openPasswords(cheap);
  for (const stored of [null, '', 'plain', '$argon2id$v=19$m=0,t=0,p=0$$', '$2b$10$abcdefghijklmnopqrstuv']) {
    expect(await passwords.verify(stored, '')).toBe(false);
  }
});

test('a hash is weak when any of its costs is below today’s', async () => {
  const stored = await openPasswords(cheap).hash('seven drums');
  expect(openPasswords(cheap).isWeak(stored)).toBe(false);
  expect(openPasswords({ ...cheap, passes: 2 }).isWeak(stored)).toBe(true);
  expect(openPasswords({ ...cheap, memoryKib: 128 }).isWeak(stored)).toBe(true);
});

test('a flood of sign-ins hashes two at once, lets a hundred wait, and refuses the rest', async () => {
  const { inTurn } = openPasswords(cheap);
  let running = 0;
  let most = 0;
  let release = (): void => undefined;
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const work = async (): Promise<'done'> => {
    running += 1;
    most = Math.max(most, running);
    await gate;
    running -= 1;
    return 'done';
  };
  const flood = Array.from({ length: 150 }, () => inTurn(work).catch((error: Error) => error.message));
  release();
  const ends = await Promise.all(flood);
  expect(most).toBe(2);
  expect(ends.filter((end) => end === 'done')).toHaveLength(102);
  expect(ends.filter((end) => end === 'too-many.sign-ins')).toHaveLength(48);
  expect(await inTurn(async () => 'again')).toBe('again');
});

test('work that fails gives its turn back', async () => {
  const { inTurn } = openPasswords(cheap);
  for (let tries = 0; tries < 5; tries += 1) {
    await expect(inTurn(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  }
  expect(await inTurn(async () => 'done')).toBe('done');
});
