import { expect, test } from 'vitest';
import { openCookie } from './cookies.ts';

const cookie = openCookie('drum-th', false);

test('no script reads the cookie, and no other site’s page sends it', () => {
  expect(cookie.keep('a_b')).toBe('drum-th=a_b; Path=/; HttpOnly; SameSite=Strict');
  expect(cookie.clear()).toBe('drum-th=; Max-Age=0; Path=/; HttpOnly; SameSite=Strict');
});

test('where the server is reached over TLS, the cookie is sent over nothing else', () => {
  const secure = openCookie('drum-th', true);
  for (const text of [secure.keep('a'), secure.clear()]) expect(text).toMatch(/; Secure$/);
});

test('of six desks on one host each finds its own cookie, however the header is spelled', () => {
  for (const header of [
    'drum-th=mine',
    'drum-la=other; drum-th=mine; drum-vn=x',
    'drum-thx=no;drum-th=mine',
    'xdrum-th=no;   drum-th=mine;drum-th=second',
  ])
    expect(cookie.read(header)).toBe('mine');
  for (const header of [undefined, '', ';;;', 'drum-la=other', 'drum-th', 'DRUM-TH=other'])
    expect(cookie.read(header)).toBeUndefined();
});
