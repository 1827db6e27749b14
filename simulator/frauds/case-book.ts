import { instant } from '../chance/spelling.ts';
import type { Chance } from '../chance/chance.ts';
import type { Ground } from '../world/ground.ts';
import type { CaseHop, CaseSummary, Happening, Label, Mark, ReportedPayment, Role } from '../world/happening.ts';
import { inBaht, type Currency, type Nation } from '../world/nations.ts';
import { accountOf, type Account, type Holder, type People, type Tier } from '../world/people.ts';
import { originOf, type Deed } from '../world/clerk.ts';
import type { Records } from '../world/records.ts';
import type { Ring } from '../world/underworld.ts';
import type { Caution } from './caution.ts';
import type { Fraud } from './fraud.ts';
import type { Reckoning } from './reckoning.ts';
import type { Route } from './route.ts';

/** What a case is made of. */
export interface CaseParts {
  readonly ground: Ground;
  readonly records: Records;
  readonly chance: Chance;
  readonly number: number;
  readonly fraud: Fraud;
  readonly ring: Ring;
  readonly people: People;
  readonly victim: Holder;
  readonly beginsMs: number;
  readonly payAtMs: number;
  readonly loss: number;
  readonly currency: Currency;
  readonly isLarge: boolean;
  /** After the last payment. */
  readonly reportDelayMs: number | undefined;
  /** Banks look closer: what a newcomer is shown. */
  readonly noticed: boolean;
  /** Nothing is put on the agenda before. */
  readonly notBeforeMs: number;
  /** How its money goes, if it is not left to chance. */
  readonly route?: Route;
  readonly caution: Caution | undefined;
  readonly reckoning: Reckoning;
  mark(mark: Omit<Mark, 'scheme' | 'member'> & { readonly nation: Nation }, ring: Ring): readonly Mark[];
  ended(summary: CaseSummary): void;
}

/** What a case knows of itself while it goes on. */
export interface CaseBook {
  readonly chance: Chance;
  readonly ring: Ring;
  readonly caution: Caution | undefined;
  readonly route: Route | undefined;
  readonly reckoning: Reckoning;
  readonly id: string;
  deed(atMs: number, role: Role, suspicion: number, marks?: readonly Mark[]): Deed;
  label(role: Role, hop?: number, tainted?: number): Label;
  /** Puts something on the agenda that the case waits for; nothing if it is too late for it. */
  plan(atMs: number, act: () => Happening | undefined): void;
  /** Keeps the case open until what is returned is called with the instant. */
  wait(): (atMs: number) => void;
  mark: (mark: Omit<Mark, 'scheme' | 'member'> & { readonly nation: Nation }) => readonly Mark[];
  hop(hop: CaseHop): void;
  /** As the victim’s bank wrote it. */
  paid(payment: ReportedPayment, minor: number): void;
  contact(key: string): void;
  /** Tells the bank and the hotline at an instant, if anything was lost. */
  tell(atMs: number): void;
  summary(): CaseSummary;
}

const caseChannel = 64;
const paymentsToldMax = 50;
const contactsToldMax = 20;

export function openBook(parts: CaseParts): CaseBook {
  const { ground, chance, ring, people, victim, fraud, currency } = parts;
  const { nation } = people;
  const id = `case-${parts.number}`;
  const origin = originOf(caseChannel, parts.number);
  const hops: CaseHop[] = [];
  const paid: ReportedPayment[] = [];
  const contacts = new Set<string>();
  const account = accountOf(victim, 0);
  let orders = 0;
  let open = 0;
  let reportedAt: string | null = null;
  let lost = 0;
  const mules = new Set<string>();

  const summary = (): CaseSummary => ({
    case: id,
    scheme: ring.name,
    fraud: fraud.name,
    typology: fraud.typology,
    member: nation.member,
    victim: ground.keyOf(account),
    paidAt: instant(parts.payAtMs),
    loss: String(lost),
    currency,
    lossBaht: Math.round(inBaht(lost, currency)),
    reportedAt,
    mules: mules.size,
    hops,
    ended: open === 0,
  });

  function settle(atMs: number): void {
    open--;
    if (open > 0) return;
    const ended = summary();
    parts.ended(ended);
    if (ended.hops.length > 0) ground.agenda.add(atMs, () => ({ atMs, sent: [], ended }));
  }

  function plan(atMs: number, act: () => Happening | undefined): void {
    if (atMs < parts.notBeforeMs) return;
    open++;
    ground.agenda.add(atMs, () => {
      const happening = act();
      settle(atMs);
      return happening;
    });
  }

  const label: CaseBook['label'] = (role, hop, tainted) => ({
    scheme: ring.name,
    case: id,
    role,
    ...(hop !== undefined && { hop }),
    ...(tainted !== undefined && { tainted: String(tainted) }),
  });
  const deed: CaseBook['deed'] = (atMs, role, suspicion, marks) => ({
    atMs,
    origin,
    order: orders++,
    labels: [label(role)],
    suspect: {
      typology:
        role === 'victim-payment' || role === 'thief-login' || role.startsWith('lure')
          ? fraud.typology
          : role === 'cash-out' || role === 'sim-swap'
            ? role
            : 'mule-account',
      chance: parts.noticed ? 0.85 : suspicion,
    },
    ...(marks !== undefined && { marks }),
  });
  function tell(atMs: number): void {
    plan(atMs, () => {
      if (lost === 0) return undefined;
      reportedAt = instant(atMs);
      const report = {
        case: id,
        member: nation.member,
        at: reportedAt,
        institution: ground.keeper(account).id,
        typology: fraud.typology,
        account: ground.keyOf(account),
        phone: ground.phone(ground.lineOf(victim)),
        payments: [...paid],
        contacts: [...contacts].slice(0, contactsToldMax),
      };
      return { atMs, sent: [], report };
    });
  }

  return {
    chance,
    ring,
    caution: parts.caution,
    route: parts.route,
    reckoning: parts.reckoning,
    id,
    deed,
    label,
    plan,
    tell,
    summary,
    mark: (each) => parts.mark(each, ring),
    wait() {
      open++;
      return settle;
    },
    hop(hop) {
      hops.push(hop);
      if (hop.role === 'mule-hop' || hop.role === 'consolidation' || hop.hop === 0) mules.add(hop.to);
    },
    paid(payment, minor) {
      lost += minor;
      if (paid.length < paymentsToldMax) paid.push(payment);
    },
    contact: (key) => void contacts.add(key),
  };
}

export function receiverMark(
  ground: Ground,
  payee: { readonly account: Account; readonly tier: Tier | undefined },
  nation: Nation,
) {
  const key = ground.keyOf(payee.account);
  return payee.tier === undefined
    ? ({ key, role: 'good-faith', nation } as const)
    : ({ key, role: 'mule', tier: payee.tier, nation } as const);
}
