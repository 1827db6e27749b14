import { expect, test } from 'vitest';
import { openLoop } from './loops.ts';

/** Lets so many steps of other work pass that are due now. */
async function moments(count: number): Promise<void> {
  for (let passed = 0; passed < count; passed += 1) await Promise.resolve();
}

test.each([0, 1, 2, 3, 4, 5, 6])(
  'two runs never overlap, also when one is asked for %i moments after the last one ended its work',
  async (count) => {
    let [active, most, runs] = [0, 0, 0];
    const asked: Promise<void>[] = [];
    const loop = openLoop(
      async () => {
        runs += 1;
        active += 1;
        most = Math.max(most, active);
        await moments(3);
        if (runs < 20) {
          // Whoever waited for the work goes on and asks for more of it.
          loop.wake();
          const more = async (): Promise<void> => {
            await moments(count);
            await loop.run();
          };
          asked.push(more());
        }
        active -= 1;
      },
      { onError: (error) => expect.unreachable(String(error)) },
    );
    await loop.run();
    for (const one of asked) await one;
    await loop.close();
    expect(runs).toBeGreaterThanOrEqual(20);
    expect(most).toBe(1);
  },
);
