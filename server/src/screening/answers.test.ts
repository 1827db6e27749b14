import fc from 'fast-check';
import { Compile } from 'typebox/compile';
import { expect, test } from 'vitest';
import { foundingMembers } from '@bronze-drum/protocol/members';
import { refusal } from '@bronze-drum/protocol/refusals';
import { tiers, typologies } from '@bronze-drum/protocol/statements/listing';
import { advices } from '../kernel/policy.ts';
import { screenedText, writeInstant, type Answer } from './answers.ts';
import { ScreenResponse } from './contract.ts';
import { matchKinds } from './match.ts';

const instant = fc.integer({ min: Date.UTC(1970, 0, 1), max: Date.UTC(2400, 0, 1) });

test('an instant is written as everywhere else', () => {
  fc.assert(
    fc.property(instant, (ms) => {
      expect(writeInstant(ms)).toBe(new Date(ms).toISOString());
    }),
  );
});

const Decision = fc.record({
  advice: fc.constantFrom(...advices),
  kind: fc.constantFrom(...matchKinds),
  matchedKey: fc.string({ unit: 'binary' }),
  listing: fc.record({
    id: fc.uuid(),
    member: fc.constantFrom(...foundingMembers),
    tier: fc.constantFrom(...tiers),
    typologies: fc.nat(),
    presented: fc.boolean(),
    discreet: fc.boolean(),
    sinceMs: instant,
    untilMs: instant,
  }),
  tiers: fc.nat({ max: 2 ** tiers.length - 1 }),
  typologies: fc.nat({ max: 2 ** typologies.length - 1 }),
  members: fc.nat({ max: 2 ** foundingMembers.length - 1 }),
  discreet: fc.boolean(),
});
const AnyAnswer = fc.record({ key: fc.string({ unit: 'binary' }), decision: fc.option(Decision, { nil: undefined }) });

test('whatever an answer holds, its text is JSON of the published contract', () => {
  const contract = Compile(ScreenResponse);
  fc.assert(
    fc.property(instant, fc.array(AnyAnswer, { maxLength: 5 }), (nowMs, answers: Answer[]) => {
      const read = JSON.parse(
        screenedText({ nowMs, answers: [...answers, refusal('identifier.empty')] }),
      ) as ScreenResponse;
      expect([...contract.Errors(read)]).toEqual([]);
      expect(read.results.map((result) => ('identifier' in result ? result.identifier : result.refused))).toEqual([
        ...answers.map(({ key }) => key),
        'identifier.empty',
      ]);
    }),
  );
});
