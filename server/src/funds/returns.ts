import { parse } from '@bronze-drum/protocol/identifiers/identifiers';
import { isRefusal } from '@bronze-drum/protocol/refusals';
import {
  returnClaimsMax,
  returnPaymentsMax,
  type MoneyReturnBody,
} from '@bronze-drum/protocol/statements/money-return';
import type { Access } from '../access/access.ts';
import type { Journal } from '../journal/journal.ts';
import { actorId, type Actor, type OfficerActor } from '../kernel/actor.ts';
import { hourMs, instantMs, instantText, type Clock } from '../kernel/clock.ts';
import { newId } from '../kernel/ids.ts';
import type { Policy } from '../kernel/policy.ts';
import { refuse } from '../kernel/refusals.ts';
import type { Db, Sql, Tx } from '../platform/db.ts';
import { byOfficer, type Holding } from './holding.ts';
import { isUnderCourt, worthOf } from './hold-rules.ts';
import * as holds from './hold-store.ts';
import type {
  AddClaims,
  DecideReturn,
  NewClaim,
  NewReturn,
  PaidClaim,
  Return,
  ReturnOutcome,
} from './return-contract.ts';
import { faultOfParts, proRata, type Claim, type Pot } from './return-rules.ts';
import * as store from './return-store.ts';

export interface ReturnsParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly policy: Policy;
  readonly journal: Pick<Journal, 'append'>;
  readonly access: Pick<Access, 'requireOfficer' | 'recordRead' | 'defineAct' | 'perform'>;
  readonly holds: { readonly holding: Pick<Holding, 'put'> };
}

export type Returns = ReturnType<typeof openReturns>;

/** What a court took goes back to those from whom it was stolen. */
export function openReturns({ db, clock, policy, journal, access, holds: { holding } }: ReturnsParts) {
  const officerOf = (actor: Actor): OfficerActor => access.requireOfficer(actor, 'funds.return');
  const lock = async (tx: Tx, id: string): Promise<store.ReturnRow> =>
    (await store.lockReturn(tx, id)) ?? refuse('not-found.return', { id });

  async function say(tx: Tx, row: store.ReturnRow, officer: OfficerActor): Promise<void> {
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

  /** Claims that may still be made; refuses who comes too late. */
  function claimsOf(row: store.ReturnRow, claims: readonly NewClaim[], already: number): store.ClaimRow[] {
    if (already + claims.length > returnClaimsMax) refuse('too-large.claims', { most: returnClaimsMax });
    return claims.map((claim, index) => {
      const key = parse(claim.account, { type: 'account' });
      if (isRefusal(key)) return refuse(key.refused, key.params);
      const atMs = claim.at === undefined ? clock.now() : instantMs(claim.at);
      if (!(atMs <= clock.now())) refuse('funds.claim-ahead');
      if (atMs > row.claims_until.getTime()) refuse('gone.claims-closed', { until: row.claims_until.toISOString() });
      return {
        id: newId(),
        return: row.id,
        number: already + index + 1,
        key,
        report: claim.report ?? null,
        amount: claim.amount.value,
        currency: claim.amount.currency,
        claimed_at: new Date(atMs),
        reference: null,
        paid_at: null,
      };
    });
  }

  /** What a court has of the return's traces and nobody was promised; locked, if within a transaction that decides. */
  async function potsOf(sql: Sql, rows: readonly holds.HoldRow[]): Promise<Pot[]> {
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

  access.defineAct({
    act: 'funds.return',
    permission: 'funds.approve',
    async perform(tx, officer, payload, approval) {
      const { id, court, method: asked, shares } = payload as DecideReturn & { id: string };
      const row = await lock(tx, id);
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
      await say(tx, decided, officer);
    },
  });

  async function present(id: string): Promise<Return> {
    const row = (await store.readReturn(db, id)) ?? refuse('not-found.return', { id });
    const claims = await store.readClaims(db, id);
    const payments = Map.groupBy(await store.readPayments(db, id), ({ claim }) => claim);
    const available = new Map<string, bigint>();
    for (const pot of await potsOf(db, await holds.readOfTraces(db, row.traces)))
      available.set(pot.currency, (available.get(pot.currency) ?? 0n) + pot.available);
    return {
      id: row.id,
      revision: row.revision,
      state: row.state,
      traces: [...row.traces],
      openedBy: row.opened_by,
      openedAt: instantText(row.opened_at.getTime()),
      claimsUntil: row.claims_until.toISOString(),
      ...(row.method !== null && { method: row.method }),
      ...(row.court !== null && { court: row.court }),
      ...(row.decided_by !== null && { decidedBy: [...row.decided_by] }),
      ...(row.decided_at !== null && { decidedAt: row.decided_at.toISOString() }),
      available: Array.from(available, ([currency, value]) => ({ value: String(value), currency })),
      claims: claims.map((claim) => ({
        id: claim.id,
        account: claim.key,
        ...(claim.report !== null && { report: claim.report }),
        amount: { value: claim.amount, currency: claim.currency },
        claimedAt: claim.claimed_at.toISOString(),
        payments: (payments.get(claim.id) ?? []).map(({ hold, amount, currency }) => ({
          hold,
          amount: { value: amount, currency },
        })),
        ...(claim.reference !== null && { reference: claim.reference }),
        ...(claim.paid_at !== null && { paidAt: claim.paid_at.toISOString() }),
      })),
    };
  }

  return {
    /** Opens a return for some traces; claims may be made until policy's time is over. */
    async open(actor: Actor, input: NewReturn): Promise<Return> {
      const officer = officerOf(actor);
      const nowMs = clock.now();
      const known = new Set((await holds.readOfTraces(db, input.traces)).map(({ trace }) => trace));
      const unknown = input.traces.find((trace) => !known.has(trace));
      if (unknown !== undefined) refuse('not-found.trace', { id: unknown });
      const row: store.ReturnRow = {
        id: newId(),
        revision: 1,
        state: 'open',
        traces: input.traces,
        opened_by: actorId(officer),
        opened_at: new Date(nowMs),
        claims_until: new Date(nowMs + policy.at(nowMs).funds.returns.claimWithinHours * hourMs),
        method: null,
        court: null,
        decided_by: null,
        decided_at: null,
      };
      const claims = claimsOf(row, input.claims, 0);
      await db.tx(async (tx) => {
        await store.insertReturn(tx, row);
        await store.insertClaims(tx, claims);
        await say(tx, row, officer);
      });
      return present(row.id);
    },

    /** Adds claims while the return is open and their time is not over. */
    async claim(actor: Actor, id: string, input: AddClaims): Promise<Return> {
      const officer = officerOf(actor);
      await db.tx(async (tx) => {
        const row = await lock(tx, id);
        if (row.state !== 'open') refuse('conflict.return-decided');
        const known = await store.readClaims(tx, id);
        await store.insertClaims(tx, claimsOf(row, input.claims, known.length));
        const next = { ...row, revision: row.revision + 1 };
        await store.updateReturn(tx, next);
        await say(tx, next, officer);
      });
      return present(id);
    },

    /** Decides who is paid what: pro rata, or by given shares. It cannot be undone, so it is never done before its review. */
    async decide(actor: Actor, id: string, input: DecideReturn): Promise<ReturnOutcome> {
      const officer = officerOf(actor);
      const row = (await store.readReturn(db, id)) ?? refuse('not-found.return', { id });
      if (row.state !== 'open') refuse('conflict.return-decided');
      const payload = { id, ...input };
      const outcome = await access.perform(officer, { act: 'funds.return', payload, subject: `return:${id}` });
      return 'proposal' in outcome ? outcome : { return: await present(id) };
    },

    /** A claim was paid, all of it by one reference. The same again is acknowledged again. */
    async paid(actor: Actor, id: string, input: PaidClaim): Promise<Return> {
      const officer = officerOf(actor);
      await db.tx(async (tx) => {
        const row = await lock(tx, id);
        const claims = await store.readClaims(tx, id);
        const claim = claims.find((one) => one.id === input.claim) ?? refuse('not-found.claim', { id: input.claim });
        if (claim.reference === input.reference) return;
        if (claim.reference !== null) refuse('conflict.claim-paid', { reference: claim.reference });
        if (row.state === 'open') refuse('funds.not-decided');
        const payments = await store.readPayments(tx, id);
        const due = payments.filter((payment) => payment.claim === claim.id);
        if (due.length === 0) refuse('funds.nothing-due');
        for (const { hold, amount } of due) await payOut(tx, hold, BigInt(amount), officer, { return: id, ...input });
        await store.markPaid(tx, claim.id, input.reference, new Date(clock.now()));
        const open = claims.some(
          (one) =>
            one.id !== claim.id && one.reference === null && payments.some((payment) => payment.claim === one.id),
        );
        const next: store.ReturnRow = { ...row, revision: row.revision + 1, state: open ? 'decided' : 'paid' };
        await store.updateReturn(tx, next);
        await say(tx, next, officer);
      });
      return present(id);
    },

    async get(actor: Actor, id: string): Promise<Return> {
      const officer = access.requireOfficer(actor, 'funds.read');
      const found = await present(id);
      await access.recordRead(db, officer, { what: 'return', subject: `return:${id}`, count: found.claims.length });
      return found;
    },
  };

  async function payOut(tx: Tx, id: string, amount: bigint, officer: OfficerActor, details: object): Promise<void> {
    const row = (await holds.lockHold(tx, id)) ?? refuse('not-found.hold', { id });
    if (!isUnderCourt(row)) refuse('funds.not-seized', { state: row.state });
    const returned = row.returned + amount;
    const isAll = returned === row.held;
    const ended = { state: 'returned', endedAtMs: clock.now(), endedWhy: 'returned' } as const;
    const told = { ...details, amount: String(amount) };
    await holding.put(
      tx,
      { ...row, returned, ...(isAll && ended) },
      { deed: 'returned', by: byOfficer(officer), details: told },
    );
  }
}

const claimOf = ({ id, amount, currency }: store.ClaimRow): Claim => ({ id, amount: BigInt(amount), currency });
