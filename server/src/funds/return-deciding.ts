import { returnPaymentsMax, type MoneyReturnBody } from '@bronze-drum/protocol/statements/money-return';
import type { Access } from '../access/access.ts';
import type { Journal } from '../journal/journal.ts';
import type { OfficerActor } from '../kernel/actor.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Policy } from '../kernel/policy.ts';
import { refuse } from '../kernel/refusals.ts';
import type { Sql, Tx } from '../platform/db.ts';
import { byOfficer } from './holding.ts';
import { worthOf } from './hold-rules.ts';
import * as holds from './hold-store.ts';
import type { DecideReturn } from './return-contract.ts';
import { faultOfParts, proRata, type Claim, type Pot } from './return-rules.ts';
import * as store from './return-store.ts';

export interface ReturnDecidingParts {
  readonly clock: Clock;
  readonly policy: Policy;
  readonly journal: Pick<Journal, 'append'>;
  readonly access: Pick<Access, 'defineAct'>;
}

export const lockReturn = async (tx: Tx, id: string): Promise<store.ReturnRow> =>
  (await store.lockReturn(tx, id)) ?? refuse('not-found.return', { id });

/** Says a return in the nation's own book, as it stands now. */
export async function sayReturn(
  journal: ReturnDecidingParts['journal'],
  tx: Tx,
  row: store.ReturnRow,
  officer: OfficerActor,
): Promise<void> {
  const claims = await store.readClaims(tx, row.id);
  const references = new Map(claims.map(({ id, reference }) => [id, reference]));
  const payments = await store.readPayments(tx, row.id);
  const body: MoneyReturnBody = {
    return: row.id,
    revision: row.revision,
    state: row.state,
    traces: [...row.traces],
    ...(row.method !== null && { method: row.method }),
    ...(row.court !== null && { court: row.court }),
    claims: claims.map(({ id, amount, currency }) => ({ claim: id, amount: { value: amount, currency } })),
    payments: payments.map(({ claim, hold, amount, currency }) => ({
      claim,
      hold,
      amount: { value: amount, currency },
      ...(references.get(claim) != null && { reference: references.get(claim)! }),
    })),
  };
  const { author } = byOfficer(officer);
  await journal.append(tx, [
    {
      book: 'domestic',
      kind: 'money-return',
      version: 1,
      author,
      handling: { tlp: 'AMBER', conditions: [] },
      subject: `return:${row.id}`,
      body,
    },
  ]);
}

/** What a court has of the return's traces and nobody was promised; locked, if within a transaction that decides. */
export async function potsOf(sql: Sql, rows: readonly holds.HoldRow[]): Promise<Pot[]> {
  const taken = rows.filter(({ state }) => state === 'seized' || state === 'confiscated');
  const promised = await store.readPromised(
    sql,
    taken.map(({ id }) => id),
  );
  return taken.flatMap((row) => {
    const available = row.held - (promised.get(row.id) ?? 0n);
    if (available <= 0n) return [];
    const { id, currency, stolenCurrency } = row;
    return [{ id, available, currency, worth: worthOf(row, available), stolenCurrency }];
  });
}

/** The decision of a court or authority, entered by two persons. Nothing undoes it, so it is never done before its review. */
export function defineReturnAct({ clock, policy, journal, access }: ReturnDecidingParts): void {
  access.defineAct({
    act: 'funds.return',
    permission: 'funds.approve',
    async perform(tx, officer, payload, approval) {
      const { id, court, method: asked, shares } = payload as DecideReturn & { id: string };
      const row = await lockReturn(tx, id);
      if (row.state !== 'open') refuse('conflict.return-decided');
      const method = asked ?? policy.at(clock.now()).funds.returns.method;
      const claims = (await store.readClaims(tx, id)).map(claimOf);
      const pots = await potsOf(tx, await holds.lockUnderCourt(tx, row.traces));
      if (method === 'tracing' && shares === undefined) refuse('funds.shares-needed');
      if (method === 'pro-rata' && shares !== undefined) refuse('funds.shares-not-asked');
      const parts =
        shares?.map(({ claim, hold, value }) => ({ claim, hold, amount: BigInt(value) })) ?? proRata(claims, pots);
      const fault = shares === undefined ? undefined : faultOfParts(claims, pots, parts);
      if (fault !== undefined) refuse(fault.code, { id: fault.id });
      if (parts.length === 0) refuse('funds.nothing-to-return');
      if (parts.length > returnPaymentsMax) refuse('too-large.return', { most: returnPaymentsMax });
      await store.insertPayments(
        tx,
        id,
        parts.map(({ amount, ...part }) => ({ ...part, amount: String(amount) })),
      );
      const { actor, approver } = byOfficer(officer, approval);
      const decided: store.ReturnRow = {
        ...row,
        revision: row.revision + 1,
        state: 'decided',
        method,
        court,
        decided_by: [actor, ...(approver === undefined ? [] : [approver])],
        decided_at: new Date(clock.now()),
      };
      await store.updateReturn(tx, decided);
      await sayReturn(journal, tx, decided, officer);
    },
  });
}

const claimOf = ({ id, amount, currency }: store.ClaimRow): Claim => ({ id, amount: BigInt(amount), currency });
