import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { readConfig } from './config.ts';

const read = (environment: NodeJS.ProcessEnv) =>
  readConfig({ member: 'th', data: 'data', host: '127.0.0.1' }, environment, '.');

test('a server without certificates speaks HTTP where it listens', () => {
  expect(read({})).toMatchObject({ tls: undefined, address: undefined, port: 8465 });
});

test('certificate, key and authority are given together', () => {
  const all = { DRUM_TLS_CERT: 'a.pem', DRUM_TLS_KEY: 'b.pem', DRUM_TLS_CA: 'c.pem' };
  expect(read(all).tls).toEqual({ certFile: resolve('a.pem'), keyFile: resolve('b.pem'), caFile: resolve('c.pem') });
  expect(() => read({ ...all, DRUM_TLS_CA: '' })).toThrow('DRUM_TLS_CA is missing');
  expect(() => read({ DRUM_TLS_CA: 'c.pem' })).toThrow('DRUM_TLS_CERT and DRUM_TLS_KEY is missing');
});

test('the address of a server is scheme, host and port', () => {
  for (const given of ['https://drum.example', 'https://drum.example:443/', 'HTTPS://Drum.Example'])
    expect(read({ DRUM_ADDRESS: given }).address).toBe('https://drum.example');
  for (const wrong of ['drum.example', 'ftp://drum.example', 'https://drum.example/x', 'https://a:b@drum.example', '/'])
    expect(() => read({ DRUM_ADDRESS: wrong }), wrong).toThrow('DRUM_ADDRESS is');
});
