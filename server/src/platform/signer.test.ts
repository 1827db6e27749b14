import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSigner, verifyEd25519 } from './signer.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drum-keys-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const message = Buffer.from('a checkpoint');
const open = () => openSigner(folder, 'a passphrase');

test('a prepared key is one and the same until it is activated, and after a restart', async () => {
  const signer = await open();
  expect(signer.next('call')).toBeUndefined();
  const [first, second] = await Promise.all([signer.prepare('call'), signer.prepare('call')]);
  expect(second).toEqual(first);
  const again = await open();
  expect(again.next('call')).toEqual(first);
  expect(await again.prepare('call')).toEqual(first);
  expect(verifyEd25519(first, message, again.signNext('call', message))).toBe(true);
  expect(again.publicKey('call')).not.toEqual(first);
});

test('an activated key signs from then on, also after a restart, and the old one is kept', async () => {
  const signer = await open();
  const old = await readFile(join(folder, 'checkpoint.pem'), 'utf8');
  const next = await signer.prepare('checkpoint');
  await signer.activate('checkpoint');
  await signer.activate('checkpoint');
  for (const each of [signer, await open()]) {
    expect(each.publicKey('checkpoint')).toEqual(next);
    expect(verifyEd25519(next, message, each.sign('checkpoint', message))).toBe(true);
    expect(each.next('checkpoint')).toBeUndefined();
  }
  expect(await readFile(join(folder, 'checkpoint-1.pem'), 'utf8')).toContain(old.trimEnd());
  await signer.prepare('checkpoint');
  await signer.activate('checkpoint');
  const names = (await readdir(folder)).filter((name) => name.startsWith('checkpoint'));
  expect(names.sort()).toEqual(['checkpoint-1.pem', 'checkpoint-2.pem', 'checkpoint.pem']);
});

test('an activation that was interrupted after the old key was kept is taken up again', async () => {
  const next = await (await open()).prepare('call');
  await writeFile(join(folder, 'call-1.pem'), await readFile(join(folder, 'call.pem')));
  const signer = await open();
  await signer.activate('call');
  expect(signer.publicKey('call')).toEqual(next);
  expect((await readdir(folder)).filter((name) => name.startsWith('call')).sort()).toEqual(['call-1.pem', 'call.pem']);
});

test('a secret for a purpose stays the same, is another for another purpose, and is written nowhere', async () => {
  const secret = (await open()).secretFor('webhooks');
  expect((await open()).secretFor('webhooks')).toBe(secret);
  expect((await open()).secretFor('cookies')).not.toBe(secret);
  for (const name of await readdir(folder)) expect(await readFile(join(folder, name), 'utf8')).not.toContain(secret);
});
