import { scheduler } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { openTestAlliance } from './test-alliance.ts';
import { entryOf, openTestAuthor, textOf } from './test-author.ts';

vi.mock('@bronze-drum/protocol/federation/checks', async (original) => ({
  ...(await original<object>()),
  checkEntry: () => {
    throw new Error('defect');
  },
}));
test('hang', async () => {
  const alliance = await openTestAlliance(['kh', 'la', 'th']);
  const house = alliance.of('la');
  await house.close(true);
  const la = await openTestAuthor(house);
  la.book('alliance').add(entryOf(textOf('la', 'alliance', 'ip:45.1.1.1')));
  la.play();
  await scheduler.wait(4000);
  const { links } = await alliance.of('th').must('GET', '/v1/federation/links');
  console.log(JSON.stringify(links), la.opened());
  let at = performance.now();
  await la.close();
  console.log('la', performance.now() - at);
  at = performance.now();
  for (const code of ['kh', 'th']) {
    await Promise.race([alliance.of(code).close(), scheduler.wait(20000)]);
    console.log(code, performance.now() - at);
  }
  expect(1).toBe(1);
}, 100_000);
