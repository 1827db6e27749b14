import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { faultOf, mayReach, openOutgoing, reachOf } from './outgoing.ts';

test.each([
  ['8.8.8.8', 'public'],
  ['172.15.255.255', 'public'],
  ['2606:4700::1111', 'public'],
  ['::ffff:8.8.8.8', 'public'],
  ['127.0.0.1', 'loopback'],
  ['127.8.9.1', 'loopback'],
  ['::1', 'loopback'],
  ['::ffff:127.0.0.1', 'loopback'],
  ['10.1.2.3', 'private'],
  ['172.16.0.1', 'private'],
  ['192.168.255.255', 'private'],
  ['100.64.0.1', 'private'],
  ['fd12::1', 'private'],
  ['169.254.169.254', 'never'],
  ['100.100.100.200', 'never'],
  ['fd00:ec2::254', 'never'],
  ['0.0.0.0', 'never'],
  ['::', 'never'],
  ['224.0.0.1', 'never'],
  ['255.255.255.255', 'never'],
  ['fe80::1', 'never'],
  ['fe80::1%eth0', 'never'],
  ['ff02::1', 'never'],
  ['64:ff9b::7f00:1', 'never'],
  ['2002:7f00:1::', 'never'],
  ['::ffff:169.254.169.254', 'never'],
  ['::127.0.0.1', 'never'],
  ['bank.example', 'never'],
  ['', 'never'],
])('%s leads to: %s', (address, reach) => {
  expect(reachOf(address)).toBe(reach);
});

test('an IPv4 address inside of an IPv6 one, written in hexadecimal, is no way in', () => {
  expect(mayReach('https:', '::ffff:7f00:1', false)).toBe(false);
  expect(mayReach('https:', '::ffff:a9fe:a9fe', true)).toBe(false);
});

test('clear text never leaves this machine, and nothing reaches it unless that is allowed', () => {
  expect(mayReach('http:', '8.8.8.8', true)).toBe(false);
  expect(mayReach('http:', '10.0.0.1', true)).toBe(false);
  expect(mayReach('http:', '127.0.0.1', true)).toBe(true);
  expect(mayReach('http:', '127.0.0.1', false)).toBe(false);
  expect(mayReach('https:', '10.0.0.1', true)).toBe(true);
  expect(mayReach('https:', '10.0.0.1', false)).toBe(false);
  expect(mayReach('https:', '169.254.169.254', true)).toBe(false);
});

test.each([
  ['https://127.0.0.1/', 'private'],
  ['https://2130706433/', 'private'],
  ['https://0x7f.1/', 'private'],
  ['https://[::1]/', 'private'],
  ['https://[::ffff:127.0.0.1]/', 'private'],
  ['https://localhost/', 'private'],
  ['https://8.8.8.8/', undefined],
])('the address %s has the fault: %s', async (url, fault) => {
  expect(await faultOf(new URL(url), false)).toBe(fault);
});

test('a connection is refused by the address that it would really go to, whatever the name', async () => {
  const server = createServer((_request, response) => response.end('secret'));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const limits = { connectMs: 1000, idleMs: 1000, connections: 1 };
  const [guarded, open] = [openOutgoing(false, limits), openOutgoing(true, limits)];
  const ask = { method: 'GET', path: '/' } as const;
  for (const host of ['127.0.0.1', 'localhost']) {
    for (const scheme of ['http', 'https'])
      await expect(guarded.request({ ...ask, origin: `${scheme}://${host}:${port}` })).rejects.toMatchObject({
        name: 'ForbiddenAddress',
      });
  }
  const { body } = await open.request({ ...ask, origin: `http://127.0.0.1:${port}` });
  expect(await body.text()).toBe('secret');
  await Promise.all([guarded.destroy(), open.destroy()]);
  server.close();
});
