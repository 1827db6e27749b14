import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hourMs, instantText } from '../kernel/clock.ts';
import { newId } from '../kernel/ids.ts';
import type { HoldView } from './holds.ts';
import { baht, openTestHolds, proposalOf, type TestHolds } from './test-holds.ts';

let house: TestHolds;
beforeAll(async () => {
  house = await openTestHolds((rules) => void (rules.secondPerson.acts = []));
});
afterAll(() => house.close());

const floor = 300_000n;
const minor = fc.nat(30_000_000);
const step = fc.oneof(
  fc.record({
    do: fc.constant('propose' as const),
    taint: minor,
    balance: fc.option(minor, { nil: undefined }),
    hop: fc.integer({ min: 1, max: 4 }),
  }),
  fc.record({
    do: fc.constant('order' as const),
    amount: fc.option(fc.integer({ min: 1, max: 30_000_000 }), { nil: undefined }),
  }),
  fc.record({
    do: fc.constant('answer' as const),
    outcome: fc.constantFrom('placed' as const, 'partly' as const, 'gone' as const, 'refused' as const),
    held: fc.option(minor, { nil: undefined }),
    gone: fc.option(minor, { nil: undefined }),
  }),
  fc.record({ do: fc.constantFrom('extend' as const, 'complaint' as const, 'court' as const) }),
  fc.record({ do: fc.constantFrom('release' as const, 'seize' as const, 'confiscate' as const) }),
  fc.record({ do: fc.constant('wait' as const), hours: fc.integer({ min: 1, max: 100 }) }),
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

/** Does one step to the newest hold of a place; what is refused changes nothing. */
async function take(what: Step, trace: string, place: string): Promise<void> {
  const hold = (await house.holds.ofTraces(house.db, [trace])).at(-1);
  if (what.do === 'propose') {
    const { taint, balance, hop } = what;
    const known = balance === undefined ? {} : { balance: baht(balance) };
    await house.propose(proposalOf({ trace, place, taint: baht(taint), hop, ...known }));
    return;
  }
  if (what.do === 'wait') return house.pass(what.hours * hourMs);
  if (hold === undefined) return;
  if (what.do === 'order') {
    const amount = what.amount === undefined ? {} : { amount: String(what.amount) };
    const before = hold.ordered;
    const { status } = await house.orderAll(house.somsak, trace, { holds: [hold.id], ...amount });
    const row = await house.view(hold.id);
    const { body } = await house.call('GET', `/v1/holds/${hold.id}`, house.somsak);
    const { balance } = body['hold'] as { balance?: { value: string } };
    if (status === 200 && balance !== undefined && row.ordered!.value !== before?.value)
      expect(BigInt(row.ordered!.value) + floor <= BigInt(balance.value)).toBe(true);
    return;
  }
  if (what.do === 'answer') {
    if (hold.ordered === null) return;
    const { outcome, held, gone } = what;
    await house.orders.answer(house.orders.of(hold.id).id, {
      outcome,
      ...(outcome === 'refused' && { refusal: 'form' as const }),
      ...(held !== undefined && { held: String(held) }),
      ...(gone !== undefined && { gone: String(gone) }),
    });
    return;
  }
  const now = instantText(house.clock.now());
  const bodies = {
    extend: {},
    complaint: { report: 'TPO 1', at: now },
    court: { court: 'C 1' },
    seize: { court: 'C 2' },
    confiscate: { court: 'C 3' },
    release: { grounds: 'a mistake' },
  };
  const verb = what.do === 'court' ? 'extend' : what.do;
  const { status } = await house.act(house.somsak, hold.id, verb, bodies[what.do]);
  expect(status).toBeLessThan(500);
}

function expectSound(hold: HoldView): void {
  const [taint, ordered, held, gone] = [hold.taint, hold.ordered ?? baht(0), hold.held, hold.gone].map(({ value }) =>
    BigInt(value),
  ) as [bigint, bigint, bigint, bigint];
  expect(ordered <= taint).toBe(true);
  expect(held + gone <= ordered).toBe(true);
  if (hold.untilMs !== null && hold.untilMs > house.clock.now()) {
    const order = house.orders.of(hold.id);
    // The institution is never told more than the hold, nor for longer.
    expect(order.amount?.value).toBe(hold.ordered?.value);
    expect(order.until).toBe(instantText(hold.untilMs));
    expect(order.ended).toBeUndefined();
  } else if (hold.ordered !== null && hold.state !== 'proposed') expect(house.orders.of(hold.id).ended).toBeDefined();
}

test('property: whatever is proposed, ordered, answered, extended or released, a hold is never more than the taint', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), async (steps) => {
      const [trace, place] = [newId(), newId()];
      await house.propose(proposalOf({ trace, place }));
      for (const one of steps) {
        await take(one, trace, place);
        for (const hold of await house.holds.ofTraces(house.db, [trace])) expectSound(hold);
      }
      expect(house.errors).toEqual([]);
    }),
    { numRuns: 25 },
  );
});
