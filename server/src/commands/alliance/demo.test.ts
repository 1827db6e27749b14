import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { roles } from '../../access/contract.ts';
import { demoPath, openDemo, readDemo } from './demo.ts';
import { claim } from './marker.ts';
import { planOf } from './plan.ts';
import { testFolder } from './test-folder.ts';

const { seats } = planOf({ members: 'th,kh' });

test('every member has an officer of each role, and two supervisors', async () => {
  const data = await testFolder();
  const demo = await openDemo(data, seats);
  const officers = demo.of('kh').officers;
  expect(officers.flatMap((officer) => officer.roles).sort()).toEqual([...roles, 'supervisor'].sort());
  expect(officers.map(({ officer }) => officer)).toContain('duty-1');
  expect(new Set(officers.map(({ password }) => password)).size).toBe(officers.length);
});

test('the passwords are in a file that only its owner reads, before anybody uses them', async () => {
  const data = await testFolder();
  const demo = await openDemo(data, seats);
  expect((await stat(demoPath(data))).mode & 0o777).toBe(0o600);
  const read = await readDemo(data);
  expect(Object.keys(read!.members).sort()).toEqual(['kh', 'th']);
  expect(read!.members['th']).toEqual(demo.of('th'));
  expect(read!.members['th']!.url).toBe('http://localhost:4605');
});

test('a second start keeps the sign-ins and keys, and adds those of newcomers', async () => {
  const data = await testFolder();
  const first = await openDemo(data, seats);
  const key = { institution: 'demo-bank', kind: 'bank', key: 'drumk_one' };
  await first.addKey('kh', key);
  const second = await openDemo(data, planOf({}).seats);
  expect(second.of('kh')).toEqual(first.of('kh'));
  expect(second.of('kh').institutions).toEqual([key]);
  expect(Object.keys((await readDemo(data))!.members)).toHaveLength(6);
});

test('data whose sign-ins are lost is not started, and the way out is said', async () => {
  const data = await testFolder();
  await openDemo(data, seats);
  await claim(data, ['kh', 'th']);
  await rm(demoPath(data));
  await mkdir(join(data, 'th', 'postgres'), { recursive: true });
  await expect(openDemo(data, seats)).rejects.toThrow('--fresh');
});

test('a damaged file is not overwritten', async () => {
  const data = await testFolder();
  await writeFile(demoPath(data), '{"members":{"th":{}}}');
  await expect(openDemo(data, seats)).rejects.toThrow('is damaged');
  await writeFile(demoPath(data), '{');
  await expect(readDemo(data)).rejects.toThrow('is damaged');
});
