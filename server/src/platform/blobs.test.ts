import { hash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openBlobs, type Blobs } from './blobs.ts';

let folder: string;
let blobs: Blobs;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drum-blobs-'));
  blobs = await openBlobs(folder);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function* pieces(...texts: (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}
const keep = async (...texts: (string | Uint8Array)[]) => {
  const staged = await blobs.stage(pieces(...texts), 1_000_000);
  await staged.keep();
  return staged;
};
const stored = async () => (await Array.fromAsync(blobs.stored())).flat();

test('what is kept comes back as it was, under its digest', async () => {
  const { sha256, bytes } = await keep('seven ', 'drums');
  expect({ sha256, bytes }).toEqual({ sha256: hash('sha256', 'seven drums'), bytes: 11 });
  expect(String(await buffer(blobs.read({ sha256, bytes })))).toBe('seven drums');
  expect(await readFile(join(folder, sha256.slice(0, 2), sha256.slice(2)), 'utf8')).toBe('seven drums');
  await keep('seven drums');
  expect(await stored()).toEqual([sha256]);
});

test('any content in any pieces has the digest of the whole', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 2000 }), { minLength: 1, maxLength: 8 }), async (parts) => {
      const whole = Buffer.concat(parts);
      const blob = await keep(...parts);
      expect(blob.sha256).toBe(hash('sha256', whole));
      expect(Buffer.compare(await buffer(blobs.read(blob)), whole)).toBe(0);
    }),
    { numRuns: 30 },
  );
});

test('what is staged is no blob until it is kept, and nothing of it stays when it is not', async () => {
  const staged = await blobs.stage(pieces('on its way'), 100);
  expect(await blobs.has(staged)).toBe(false);
  expect(await stored()).toEqual([]);
  await staged.discard();
  expect(await readdir(join(folder, 'incoming'))).toEqual([]);
});

test('content that is too long, or breaks off, leaves nothing', async () => {
  await expect(blobs.stage(pieces('12345', '67890'), 9)).rejects.toMatchObject({
    refusal: { refused: 'too-large.blob' },
  });
  const breaking = async function* (): AsyncGenerator<Uint8Array> {
    yield Buffer.from('half');
    throw new Error('the line is dead');
  };
  await expect(blobs.stage(breaking(), 100)).rejects.toThrow('the line is dead');
  expect(await readdir(join(folder, 'incoming'))).toEqual([]);
  expect((await blobs.stage(pieces('123456789'), 9)).bytes).toBe(9);
});

test('what a stop left half written is gone at the next start', async () => {
  await blobs.stage(pieces('never kept'), 100);
  const { sha256 } = await keep('kept');
  blobs = await openBlobs(folder);
  expect(await readdir(join(folder, 'incoming'))).toEqual([]);
  expect(await stored()).toEqual([sha256]);
});

test('a damaged blob never comes back whole', async () => {
  const content = Buffer.alloc(700_000, 'x');
  const blob = await keep(content);
  const path = join(folder, blob.sha256.slice(0, 2), blob.sha256.slice(2));
  const read = async () => {
    let bytes = 0;
    try {
      for await (const piece of blobs.read(blob)) bytes += piece.length;
    } catch (error) {
      return { bytes, error };
    }
    return { bytes, error: undefined };
  };
  expect(await read()).toEqual({ bytes: 700_000, error: undefined });
  for (const damage of [content.fill('y', 5, 6), content.subarray(1), Buffer.concat([content, content])]) {
    await writeFile(path, damage);
    const { bytes, error } = await read();
    expect(String(error)).toContain('is damaged');
    expect(bytes).toBeLessThan(700_000);
  }
  expect(await blobs.has(blob)).toBe(false);
});

test('what is removed is gone, as often as it is asked', async () => {
  const blob = await keep('to be forgotten');
  await blobs.remove(blob.sha256);
  await blobs.remove(blob.sha256);
  await blobs.remove('0'.repeat(64));
  expect(await blobs.has(blob)).toBe(false);
  expect(await stored()).toEqual([]);
});

test('other files in the folder are not taken for blobs', async () => {
  await mkdir(join(folder, 'ab'), { recursive: true });
  await writeFile(join(folder, 'ab', 'note.txt'), 'x');
  await mkdir(join(folder, 'zz'));
  expect(await stored()).toEqual([]);
});
