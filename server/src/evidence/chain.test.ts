import fc from 'fast-check';
import { expect, test } from 'vitest';
import { brokenAt, canonicalText, sealEntry } from './chain.ts';
import type { CustodyEntry } from './contract.ts';

const exhibit = '6f2b1a3c-0000-4000-8000-000000000001';

const steps = fc.array(
  fc.record({
    place: fc.string({ minLength: 1, unit: 'grapheme' }),
    text: fc.string({ unit: 'binary' }),
    count: fc.nat(),
  }),
  { minLength: 1, maxLength: 8 },
);
type Steps = typeof steps extends fc.Arbitrary<infer S> ? S : never;

function chainOf(made: Steps): CustodyEntry[] {
  const chain: CustodyEntry[] = [];
  for (const [index, { place, text, count }] of made.entries()) {
    const before = chain.at(-1)?.digest;
    chain.push(
      sealEntry({
        exhibit,
        number: index + 1,
        at: '2026-01-01T00:00:00.000Z',
        act: index === 0 ? 'sealed' : 'examined',
        by: { office: 'aoc', officer: 'malee' },
        place,
        details: { text: text.toWellFormed(), count },
        ...(before !== undefined && { before }),
      }),
    );
  }
  return chain;
}

test('the canonical text has sorted names, no spaces, and leaves out what is not there', () => {
  expect(canonicalText({ b: 'ก"', a: { d: 1, c: 'x' }, e: undefined })).toBe('{"a":{"c":"x","d":1},"b":"ก\\""}');
});

test('a chain is whole, also after it was written down and read', () => {
  fc.assert(
    fc.property(steps, (made) => {
      const chain = chainOf(made);
      expect(brokenAt(exhibit, chain)).toBeUndefined();
      expect(
        brokenAt(
          exhibit,
          chain.map((entry) => JSON.parse(canonicalText(entry as never)) as CustodyEntry),
        ),
      ).toBe(undefined);
    }),
  );
});

test('an entry that was changed, left out, doubled or moved breaks the chain', () => {
  fc.assert(
    fc.property(steps, fc.nat(), fc.constantFrom('change', 'drop', 'double', 'swap'), (made, seed, how) => {
      const chain = chainOf([...made, { place: 'vault', text: 'one', count: 1 }, { place: 'x', text: '', count: 2 }]);
      const at = seed % (chain.length - 1);
      const entry = chain[at]!;
      const changed = [...chain];
      if (how === 'change') changed[at] = { ...entry, place: `${entry.place}.` };
      if (how === 'drop') changed.splice(at, 1);
      if (how === 'double') changed.splice(at, 0, entry);
      if (how === 'swap') [changed[at], changed[at + 1]] = [changed[at + 1]!, entry];
      expect(brokenAt(exhibit, changed)).toBe(how === 'double' ? at + 2 : at + 1);
    }),
  );
});

test('who changes an entry and seals it anew breaks the chain behind it', () => {
  const chain = chainOf(Array.from({ length: 4 }, (_, count) => ({ place: 'vault', text: 'x', count })));
  const { digest: _, ...second } = chain[1]!;
  chain[1] = sealEntry({ ...second, details: { text: 'never' } });
  expect(brokenAt(exhibit, chain)).toBe(3);
  expect(brokenAt(exhibit, chain.slice(0, 2))).toBeUndefined();
  expect(brokenAt('6f2b1a3c-0000-4000-8000-000000000002', chain.slice(0, 1))).toBe(1);
});
