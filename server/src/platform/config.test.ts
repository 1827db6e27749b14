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

test('NATS servers are given with who we are to them', () => {
  expect(read({}).nats).toBeUndefined();
  expect(read({ NATS_URL: '' }).nats).toBeUndefined();
  expect(read({ NATS_URL: 'nats://127.0.0.1' }).nats).toEqual({
    servers: ['nats://127.0.0.1:4222'],
    isEncrypted: false,
  });
  expect(read({ NATS_URL: 'nats://drum:a%40b@n1:4223, nats://n2', DRUM_NATS_CA: 'ca.pem' }).nats).toEqual({
    servers: ['nats://n1:4223', 'nats://n2:4222'],
    user: 'drum',
    password: 'a@b',
    caFile: resolve('ca.pem'),
    isEncrypted: true,
  });
  expect(read({ NATS_URL: 'tls://secret@[::1]:4222' }).nats).toEqual({
    servers: ['tls://[::1]:4222'],
    token: 'secret',
    isEncrypted: true,
  });
  for (const wrong of ['127.0.0.1:4222', 'http://n1', 'nats://', 'nats://n1/stream', 'nats://n1,', 'nats://n1:99999'])
    expect(() => read({ NATS_URL: wrong }), wrong).toThrow('NATS_URL is');
});

test('the address of a server is scheme, host and port', () => {
  for (const given of ['https://drum.example', 'https://drum.example:443/', 'HTTPS://Drum.Example'])
    expect(read({ DRUM_ADDRESS: given }).address).toBe('https://drum.example');
  for (const wrong of ['drum.example', 'ftp://drum.example', 'https://drum.example/x', 'https://a:b@drum.example', '/'])
    expect(() => read({ DRUM_ADDRESS: wrong }), wrong).toThrow('DRUM_ADDRESS is');
});

test('a process may do a part of the work', () => {
  const of = (roles?: string, partitions?: string) =>
    readConfig(
      { member: 'th', data: 'data', host: '127.0.0.1', ...(roles && { roles }), ...(partitions && { partitions }) },
      {},
      '.',
    );
  expect(of().roles).toEqual(['serve', 'detect']);
  expect(of('detect', '0-3,8,2')).toMatchObject({ roles: ['detect'], partitions: [0, 1, 2, 3, 8] });
  expect(() => of('detect,cook')).toThrow('--roles is');
  for (const wrong of ['3-1', '16', '-1', 'a', '0-', '1,,2'])
    expect(() => of('detect', wrong), wrong).toThrow('--partitions are');
});
