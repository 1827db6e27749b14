import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { requestKinds } from '@bronze-drum/protocol/requests';
import { requestDeeds } from '@bronze-drum/protocol/statements/request';
import { canonical, maySay, objectionsOfAsked, refusalOf, standingOf, touchesOf, withKeys } from './rules.ts';
import { requestForms } from '@bronze-drum/protocol/requests';

const deed = fc.record({
  by: fc.constantFrom('asking' as const, 'asked' as const),
  number: fc.integer({ min: 1, max: 30 }),
  revision: fc.integer({ min: 1, max: 4 }),
  deed: fc.constantFrom(...requestDeeds),
  atMs: fc.integer({ min: 0, max: 1000 }),
});
const history = fc.record({
  revisions: fc.uniqueArray(
    fc.record({ revision: fc.integer({ min: 1, max: 4 }), atMs: fc.integer({ min: 0, max: 1000 }) }),
    { selector: ({ revision }) => revision },
  ),
  deeds: fc.uniqueArray(deed, { selector: ({ by, number }) => `${by} ${number}` }),
});

describe('the state of a request', () => {
  test('is the same for both members, in whatever order and however often their statements come', () => {
    fc.assert(
      fc.property(history, fc.infiniteStream(fc.nat()), ({ revisions, deeds }, random) => {
        const shuffled = <T>(list: readonly T[]): T[] =>
          list
            .map((one) => [random.next().value as number, one] as const)
            .sort((a, b) => a[0] - b[0])
            .map(([, one]) => one);
        const standing = standingOf(revisions, deeds);
        expect(standingOf(shuffled(revisions), shuffled(deeds))).toEqual(standing);
        expect(standingOf([...revisions, ...revisions], [...deeds, ...deeds])).toEqual(standing);
        // One book was read to its end before the other began.
        const [theirs, ours] = [deeds.filter(({ by }) => by === 'asked'), deeds.filter(({ by }) => by === 'asking')];
        expect(standingOf(revisions, [...theirs, ...ours])).toEqual(standing);
        expect(standingOf(revisions, [...ours, ...theirs])).toEqual(standing);
      }),
    );
  });

  test('takes no word of the asking member for an answer, and none about an older revision', () => {
    fc.assert(
      fc.property(history, ({ revisions, deeds }) => {
        const standing = standingOf(revisions, deeds);
        const newest = Math.max(...revisions.map(({ revision }) => revision));
        const counted = deeds.filter(
          ({ by, revision, deed }) =>
            (by === 'asked' && revision === newest) || (by === 'asking' && deed === 'withdrawn'),
        );
        expect(standingOf(revisions, counted)).toEqual(standing);
      }),
    );
  });

  const at = (number: number, deed: (typeof requestDeeds)[number], revision = 1, by: 'asking' | 'asked' = 'asked') => ({
    by,
    number,
    revision,
    deed,
    atMs: number * 10,
  });

  test('goes from sent to answered, and a later acknowledgement takes nothing back', () => {
    const revisions = [{ revision: 1, atMs: 0 }];
    expect(standingOf([], [])).toBeUndefined();
    expect(standingOf(revisions, [])?.state).toBe('sent');
    expect(standingOf(revisions, [at(1, 'received')])?.state).toBe('received');
    expect(standingOf(revisions, [at(1, 'received'), at(2, 'in-work'), at(3, 'acknowledged')])).toMatchObject({
      state: 'in-work',
      receivedMs: 10,
      acknowledgedMs: 20,
      answeredMs: undefined,
    });
    const answered = [at(1, 'received'), at(2, 'partly-answered'), at(3, 'answered'), at(4, 'said')];
    expect(standingOf(revisions, answered)).toMatchObject({ state: 'answered', answeredMs: 20, acknowledgedMs: 20 });
  });

  test('a revision after a refusal is sent anew, and a withdrawal is the end', () => {
    const revisions = [
      { revision: 1, atMs: 0 },
      { revision: 2, atMs: 30 },
    ];
    const refused = [at(1, 'received'), at(2, 'refused')];
    expect(standingOf(revisions.slice(0, 1), refused)?.state).toBe('refused');
    expect(standingOf(revisions, refused)).toMatchObject({ state: 'sent', sentMs: 30, receivedMs: undefined });
    expect(standingOf(revisions, [...refused, at(3, 'answered', 2)])?.state).toBe('answered');
    expect(standingOf(revisions, [at(3, 'answered', 2), at(1, 'withdrawn', 1, 'asking')])?.state).toBe('withdrawn');
  });
});

test('a refusal stands until a revision, an answer may be added to, and nothing follows a withdrawal but words', () => {
  expect(maySay('asked', 'refused', 'answered')).toBe(false);
  expect(maySay('asked', 'answered', 'answered')).toBe(true);
  expect(maySay('asked', 'in-work', 'acknowledged')).toBe(true);
  expect(maySay('asking', 'in-work', 'answered')).toBe(false);
  expect(maySay('asking', 'in-work', 'withdrawn')).toBe(true);
  expect(maySay('asking', 'drafted', 'said')).toBe(false);
  for (const deed of requestDeeds) expect(maySay('asked', 'withdrawn', deed)).toBe(deed === 'said');
});

const terms = {
  kinds: {
    hold: { accepted: true, signature: true, treatyGaps: ['cn'] },
    locate: { accepted: false, signature: true, treatyGaps: [], wayAround: 'through I-24/7' },
  },
};
const hold = {
  kind: 'hold' as const,
  legalBasis: 'Penal Code',
  details: { account: 'account:VN:970436:123456', amount: { value: '100', currency: 'VND' } },
};

describe('what the asked member objects to', () => {
  test('is said by its terms, with the way around', () => {
    expect(objectionsOfAsked(terms, 'th', { kind: 'hold', legalBasis: 'Penal Code' }, true)).toEqual([]);
    expect(objectionsOfAsked(terms, 'cn', { kind: 'hold', legalBasis: ' -' }, false).map((one) => one.refusal)).toEqual(
      ['missing-treaty', 'missing-signature', 'missing-legal-basis'],
    );
    const refused = [{ refusal: 'not-permitted', wayAround: 'through I-24/7' }];
    expect(objectionsOfAsked(terms, 'th', { kind: 'locate', legalBasis: 'x' }, true)).toEqual(refused);
    expect(objectionsOfAsked(terms, 'th', { kind: 'information', legalBasis: 'x' }, true)[0]?.refusal).toBe(
      'not-permitted',
    );
  });

  test('is refused by itself: no signature; an identifier that is no key', () => {
    const signed = { ...hold, signedBy: { office: 'aoc', officer: 'malee', at: '2026-01-01T00:00:00.000Z' } };
    expect(refusalOf(terms, 'th', hold)?.refusal).toBe('missing-signature');
    expect(refusalOf(terms, 'th', signed)).toBeUndefined();
    const hostile = { ...signed, details: { ...hold.details, account: 'account:\u0000' } };
    expect(refusalOf(terms, 'th', hostile)?.refusal).toBe('missing-detail');
  });
});

test('identifiers in any spelling become keys, and what cannot be read is refused', () => {
  const values = { numbers: ['+66 81 234 5678'], use: 'calls' };
  expect(withKeys(requestForms['block-number'], values)).toEqual({ numbers: ['phone:+66812345678'], use: 'calls' });
  expect(() => withKeys(requestForms['block-number'], { numbers: ['nothing'] })).toThrow('identifier.');
});

test('two requests touch when they share a key, a payment or a trace of one kind', () => {
  const payment = {
    to: 'account:KH:ABA:000123456',
    amount: { value: '5', currency: 'USD' },
    at: '2026-01-01T00:00:00.000Z',
    reference: 'r-1',
  };
  const one = touchesOf('stop-payment', { payments: [payment] });
  expect(one).toHaveLength(2);
  expect(touchesOf('stop-payment', { payments: [{ ...payment, at: '2026-01-02T00:00:00.000Z' }] })).toEqual(one);
  expect(touchesOf('hold', { account: payment.to, amount: payment.amount })).not.toContain(one[0]);
  for (const kind of requestKinds) expect(touchesOf(kind, {})).toEqual([]);
});

test('the order of names does not make two texts differ', () => {
  expect(canonical({ b: [{ d: 1, c: 2 }], a: 1 })).toBe(canonical({ a: 1, b: [{ c: 2, d: 1 }] }));
});
