import { isOfStory } from '@bronze-drum/simulator/story/casting';
import type { VictimReport } from '@bronze-drum/simulator/world/happening';
import type { Approval } from '../../access/contract.ts';
import type { NewReport } from '../../funds/contract.ts';
import type { Hold, HoldPage, OrderedHolds } from '../../funds/contract.ts';
import type { Appeal } from '../../redress/contract.ts';
import { CommandError } from '../connection.ts';
import { saidBy } from './demo-words.ts';
import type { Ask } from './officer-session.ts';

/** What a victim of the simulated world told, as it is written down at the hotline or at the victim's bank. */
export function writtenDown(report: VictimReport, by: 'officer' | 'bank'): NewReport {
  const { member, typology, account, phone, contacts, payments } = report;
  return {
    // Cases of the world have the same names at each start.
    reference: `${report.case}-${Date.parse(report.at).toString(36)}`,
    ...(by === 'officer' && { channel: 'hotline', victim: { phone }, story: saidBy(member, 'victimStory') }),
    typology,
    debitConfirmed: by === 'bank' || payments.every(({ id }) => id !== undefined),
    payments: payments.map(({ to, amount, currency, at, reference }) => ({
      from: account,
      to,
      amount: { value: amount, currency },
      at,
      ...(reference !== undefined && { reference }),
    })),
    ...(contacts.length > 0 && { contacts: [...contacts] }),
  };
}

/** A member's holds in the hands of its officers, who do the obvious and make a mistake now and then. */
export interface FundsDesk {
  /** One round: what is proposed is ordered, what was a mistake is let go, what waits for a second person is approved. */
  round(): Promise<void>;
}

export interface FundsDeskParts {
  readonly member: string;
  readonly officer: Ask;
  readonly supervisor: Ask;
  institution(id: string): Ask;
}

const seenMax = 2000;
/** Each so many orders one is for a minute only, and each so many rounds something is let go. */
const shortEvery = 3;
const mistakeEvery = 8;
const decidedMax = 10;

export function openFundsDesk(parts: FundsDeskParts): FundsDesk {
  const { member, officer, supervisor } = parts;
  /** Holds that were dealt with, whatever came of it: they are not asked about again and again. */
  const seen = new Set<string>();
  let orders = 0;
  let rounds = 0;
  let mistakes = 0;

  function note(holds: readonly Hold[]): void {
    if (seen.size > seenMax) seen.clear();
    for (const { id } of holds) seen.add(id);
  }
  const holdsIn = async (state: string): Promise<Hold[]> =>
    (await officer<HoldPage>('GET', `/v1/holds?state=${state}&limit=100`)).holds.filter(
      (hold) => !seen.has(hold.id) && !isTold(hold),
    );

  /** All that a trace proposes, in one act. */
  async function orderProposed(): Promise<void> {
    const proposed = (await holdsIn('proposed')).filter(({ institution }) => institution !== undefined);
    const [first] = proposed;
    if (first === undefined) return;
    const holds = proposed.filter(({ trace }) => trace === first.trace);
    note(holds);
    const isShort = orders % shortEvery === 0;
    const brief = { minutes: 1, text: saidBy(member, 'untilCalledBack') };
    const ids = holds.map(({ id }) => id);
    await unlessRefused(
      (async () => {
        const body = { trace: first.trace, holds: ids, ...(isShort && brief) };
        const ordered = await officer<OrderedHolds>('POST', '/v1/holds/order', body);
        // What is too little to be held, or waits for a second person, does not count as ordered.
        if ('results' in ordered && ordered.results.some(({ refused }) => refused === undefined)) orders += 1;
      })(),
    );
  }

  /** By an officer's own insight, or because the customer's bank contests it. */
  async function letGo(): Promise<void> {
    const [held, ...others] = await holdsIn('held');
    if (held === undefined || (others.length === 0 && mistakes > 0)) return;
    note([held]);
    mistakes += 1;
    if (mistakes % 2 === 1 && held.institution !== undefined) {
      const grounds = 'It is paid for goods that were delivered; the bills are with the branch';
      const act = { kind: 'hold', id: held.id };
      const appeal = { act, appellant: 'The account’s holder, by the branch', grounds };
      return unlessRefused(parts.institution(held.institution)('POST', '/v1/appeals', appeal));
    }
    const grounds = 'The victim’s bank called back: this payment was the customer’s own';
    await unlessRefused(officer('POST', `/v1/holds/${held.id}/release`, { grounds }));
  }

  async function decide(): Promise<void> {
    const { appeals } = await supervisor<{ appeals: Appeal[] }>('GET', '/v1/appeals?limit=50');
    for (const { id } of appeals.filter(({ act }) => act.kind === 'hold').slice(0, decidedMax)) {
      const decision = { outcome: 'upheld', grounds: 'The bills are in order' };
      await unlessRefused(supervisor('POST', `/v1/appeals/${id}/decision`, decision));
    }
    const { approvals } = await supervisor<{ approvals: Approval[] }>('GET', '/v1/approvals?limit=50');
    for (const { id } of approvals.filter(({ act }) => ours.test(act)).slice(0, decidedMax))
      await unlessRefused(supervisor('POST', `/v1/approvals/${id}/decision`, { approve: true }));
  }

  return {
    async round() {
      rounds += 1;
      await orderProposed();
      if (mistakes === 0 || rounds % mistakeEvery === 0) await letGo();
      await decide();
    },
  };
}

/** Whether the story's own officers deal with a hold. */
const isTold = ({ key, payment }: Hold): boolean => isOfStory(key) || isOfStory(payment?.from ?? '');

const ours = /^(funds|orders|liaison)\./;

/** An officer who is told that something may not be goes on to the next. */
export async function unlessRefused(done: Promise<unknown>): Promise<void> {
  await done.catch((error: unknown) => {
    if (!(error instanceof CommandError)) throw error;
  });
}
