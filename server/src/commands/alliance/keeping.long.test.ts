import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { systemClock } from '../../kernel/clock.ts';
import { keepServer } from './keeping.ts';
import { planOf } from './plan.ts';
import { testFolder } from './test-folder.ts';

test('a server that always ends is started three times more, its last words are told, and it is given up', async () => {
  const data = await testFolder();
  const program = join(data, 'ends.mjs');
  await writeFile(program, `console.error('no policy was found'); process.exit(3);`);
  const said: string[] = [];
  const [seat] = planOf({ members: 'th' }).seats;
  const kept = keepServer(seat!, {
    launch: { program, data, environment: {} },
    clock: systemClock,
    say: (line) => said.push(line),
  });
  expect(await kept.ready).toBe(false);
  await kept.over;
  expect(said.filter((line) => line.includes('ended unasked, with code 3'))).toHaveLength(4);
  expect(said.filter((line) => line.includes('no policy was found'))).toHaveLength(4);
  expect(said.filter((line) => line.includes('starts again in'))).toEqual([
    'th  starts again in 1 s',
    'th  starts again in 2 s',
    'th  starts again in 4 s',
  ]);
  expect(said.at(-1)).toContain('is not started again');
});
