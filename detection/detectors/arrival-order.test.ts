import fc from 'fast-check';
import { expect, test } from 'vitest';
import { accountDetectors } from './accounts.ts';
import { subjectsOf, tell } from './test-payments.ts';

/** Those whose verdicts stand at an account's own window, however the payments came. */
const windowed = accountDetectors.filter(
  ({ name }) => !['scatter-gather', 'cycle', 'layered-chain', 'rapid-drain', 'listed-counterpart'].includes(name),
);

const names = ['a', 'b', 'c', 'kh.d', 'e', 'wallet.f', 'cash'];
const payment = fc
  .record({
    minute: fc.nat({ max: 40 * 60 }),
    from: fc.constantFrom(...names.filter((name) => name !== 'wallet.f')),
    to: fc.constantFrom(...names),
    dollars: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 50, max: 4_000 })),
    channel: fc.constantFrom('mobile', 'mobile', 'qr', 'exchange'),
  })
  .filter(({ from, to }) => from !== to)
  .map(({ minute, ...rest }) => ({
    ...rest,
    day: Math.floor(minute / 1440),
    hour: Math.floor((minute % 1440) / 60),
    minute: minute % 60,
  }));

const stories = fc
  .uniqueArray(payment, {
    minLength: 2,
    maxLength: 24,
    selector: ({ day, hour, minute }) => `${day} ${hour} ${minute}`,
  })
  .chain((payments) => fc.tuple(fc.constant(payments), fc.shuffledSubarray(payments, { minLength: payments.length })));

test('whatever is found when payments come in the order of time is found when they come in any other', () => {
  const line = ({
    day,
    hour,
    minute,
    from,
    to,
    dollars,
    channel,
  }: (typeof stories extends fc.Arbitrary<infer T> ? T : never)[0][number]) =>
    `${day}d ${hour}:${String(minute).padStart(2, '0')} ${from} > ${to} ${dollars} USD ${channel}`;
  const at = ({ day, hour, minute }: { day: number; hour: number; minute: number }) => (day * 24 + hour) * 60 + minute;
  fc.assert(
    fc.property(stories, ([payments, shuffled]) => {
      const inOrder = payments.toSorted((one, other) => at(one) - at(other)).map(line);
      const known = { accounts: { b: { openedFor: 3 }, c: { silentFor: 80 }, e: { company: { registeredFor: 30 } } } };
      for (const detector of windowed) {
        const found = subjectsOf(tell(detector, inOrder, known));
        expect(subjectsOf(tell(detector, shuffled.map(line), known))).toEqual(expect.arrayContaining(found));
      }
    }),
    { numRuns: 150 },
  );
});
