import type { Waiting } from '../access/access.ts';
import { needsSecondPerson, type PolicyRules } from '../kernel/policy.ts';
import type { HoldRules, WaitingAct } from './hold-contract.ts';
import type { IdPayload, OrderPayload } from './hold-deciding.ts';
import type { HoldRow } from './hold-store.ts';

/** What policy may put under two persons, and as what policy names it. */
const acts = {
  order: 'funds.hold',
  release: 'funds.release',
  seize: 'funds.seize',
  confiscate: 'funds.seize:confiscate',
  return: 'funds.return',
} as const;
type Named = keyof typeof acts;
const names = Object.keys(acts) as Named[];

/** The part of the policy that officers who hold money go by. */
export function holdRulesOf(rules: PolicyRules): HoldRules {
  const { stages, notice } = rules.funds;
  return { stages, notice, secondPerson: names.filter((name) => needsSecondPerson(rules, acts[name])) };
}

/** What acts on these holds are proposed about: an order about its trace, all others about the account. */
export const subjectsOf = (rows: readonly HoldRow[]): string[] => [
  ...new Set(rows.flatMap(({ trace, key }) => [`trace:${trace}`, key])),
];

/** Which of what waits is about these holds: of one account or trace there may be others. */
export function waitingActs(waiting: readonly Waiting[], rows: readonly HoldRow[]): WaitingAct[] {
  return waiting.flatMap(({ id, act, variant, payload, proposer, proposedAt, decideBy, performed }) => {
    const full = variant === null ? act : `${act}:${variant}`;
    const name = names.find((one): one is WaitingAct['act'] => acts[one] === full && one !== 'return');
    const about = name === 'order' ? (payload as OrderPayload).holds : [(payload as IdPayload).id];
    const holds = about.filter((hold) => rows.some((row) => row.id === hold));
    if (name === undefined || holds.length === 0) return [];
    return [{ id, act: name, holds, by: `officer:${proposer}`, at: proposedAt, decideBy, performed }];
  });
}
