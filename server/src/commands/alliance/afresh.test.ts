import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lockFolder } from '../../platform/folder-lock.ts';
import { startAfresh } from './afresh.ts';
import { demoPath } from './demo.ts';
import { claim, markerPath, writeMarker } from './marker.ts';
import { storyPath } from './story-desk.ts';
import { testFolder } from './test-folder.ts';

async function makeFolders(data: string, ...members: string[]): Promise<void> {
  for (const member of members) {
    await mkdir(join(data, member, 'keys'), { recursive: true });
    await writeFile(join(data, member, 'keys', 'call'), 'a key');
  }
}

test('beginning anew deletes what the alliance made, and nothing else', async () => {
  const data = await testFolder();
  await claim(data, ['kh', 'th']);
  await makeFolders(data, 'kh', 'th', 'vn', 'notes');
  await writeFile(demoPath(data), '{}');
  await writeFile(storyPath(data), '{}');
  expect(await startAfresh(data)).toEqual(['kh', 'th']);
  expect((await readdir(data)).sort()).toEqual(['notes', 'vn']);
});

test('without the mark of an alliance nothing is deleted', async () => {
  const data = await testFolder();
  await makeFolders(data, 'th');
  expect(await startAfresh(data)).toEqual([]);
  expect(await readdir(join(data, 'th', 'keys'))).toEqual(['call']);
});

test('nothing is deleted while one of the servers runs', async () => {
  const data = await testFolder();
  await claim(data, ['kh', 'th']);
  await makeFolders(data, 'kh', 'th');
  const lock = await lockFolder(join(data, 'th'));
  await expect(startAfresh(data)).rejects.toThrow('nothing was deleted');
  expect((await readdir(join(data, 'kh'))).sort()).toEqual(['keys']);
  await lock.release();
  expect(await startAfresh(data)).toEqual(['kh', 'th']);
});

test('a mark that names something else than members is not followed', async () => {
  const data = await testFolder();
  for (const members of [['..'], ['xx'], ['../th'], 'th']) {
    await writeFile(markerPath(data), JSON.stringify({ about: '', members, founded: false }));
    await expect(startAfresh(data)).rejects.toThrow('is damaged');
  }
});

test('an alliance does not take over a server that somebody else made', async () => {
  const data = await testFolder();
  await makeFolders(data, 'th');
  await expect(claim(data, ['kh', 'th'])).rejects.toThrow('was not made by an alliance');
  await writeMarker(data, { members: ['th'] });
  await claim(data, ['kh', 'th']);
  expect(await startAfresh(data)).toEqual(['th']);
});
