import { parse } from '@bronze-drum/protocol/identifiers/identifiers';
import { isRefusal } from '@bronze-drum/protocol/refusals';
import { returnClaimsMax } from '@bronze-drum/protocol/statements/money-return';
import type { Access } from '../access/access.ts';
import { actorId, type Actor, type OfficerActor } from '../kernel/actor.ts';
import { hourMs, instantMs, instantText } from '../kernel/clock.ts';
import { newId } from '../kernel/ids.ts';
import { cutPage, readPageToken } from '../kernel/pages.ts';
import { refuse } from '../kernel/refusals.ts';
import type { Db, Tx } from '../platform/db.ts';
import { byOfficer, type Holding } from './holding.ts';
import { isUnderCourt } from './hold-rules.ts';
import * as holds from './hold-store.ts';
import type {
  AddClaims,
  DecideReturn,
  NewClaim,
  NewReturn,
  PaidClaim,
  Return,
  ReturnOutcome,
  ReturnPage,
  ReturnQuery,
} from './return-contract.ts';
import { defineReturnAct, lockReturn, sayReturn, type ReturnDecidingParts } from './return-deciding.ts';
import { readReturn, returnSummary } from './return-presenting.ts';
import * as store from './return-store.ts';

export interface ReturnsParts extends ReturnDecidingParts {
  readonly db: Db;
  readonly access: Pick<Access, 'requireOfficer' | 'recordRead' | 'defineAct' | 'perform'>;
  readonly holds: { readonly holding: Pick<Holding, 'put'> };
}

export type Returns = ReturnType<typeof openReturns>;

/** What a court took goes back to those from whom it was stolen. */
export function openReturns(parts: ReturnsParts) {
  const { db, clock, policy, journal, access } = parts;
  const { holding } = parts.holds;
  const present = (id: string): Promise<Return> => readReturn(db, id);
  const officerOf = (actor: Actor): OfficerActor => access.requireOfficer(actor, 'funds.return');

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

  defineReturnAct(parts);

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
        await sayReturn(journal, tx, row, officer);
      });
      return present(row.id);
    },

    /** Adds claims while the return is open and their time is not over. */
    async claim(actor: Actor, id: string, input: AddClaims): Promise<Return> {
      const officer = officerOf(actor);
      await db.tx(async (tx) => {
        const row = await lockReturn(tx, id);
        if (row.state !== 'open') refuse('conflict.return-decided');
        const known = await store.readClaims(tx, id);
        await store.insertClaims(tx, claimsOf(row, input.claims, known.length));
        const next = { ...row, revision: row.revision + 1 };
        await store.updateReturn(tx, next);
        await sayReturn(journal, tx, next, officer);
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
        const row = await lockReturn(tx, id);
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
        await sayReturn(journal, tx, next, officer);
      });
      return present(id);
    },

    async list(actor: Actor, { state, trace, after, limit }: ReturnQuery): Promise<ReturnPage> {
      const officer = access.requireOfficer(actor, 'funds.read');
      const rows = await store.listReturns(db, { state, trace }, placeOf(after), limit + 1);
      const { page, next } = cutPage(rows, limit, (last) => [instantText(last.opened_at.getTime()), last.id]);
      const ids = page.map(({ id }) => id);
      const claimed = Map.groupBy(await store.sumClaims(db, ids), (row) => row.return);
      await access.recordRead(db, officer, { what: 'returns', subject: trace ?? state ?? 'all', count: page.length });
      return { returns: page.map((row) => returnSummary(row, claimed.get(row.id) ?? [])), ...next };
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

function placeOf(after: string | undefined): { readonly at: Date; readonly id: string } | undefined {
  if (after === undefined) return undefined;
  const [at, id] = readPageToken(after, 2) as [string, string];
  const date = new Date(at);
  if (Number.isNaN(date.getTime()) || !/^[0-9a-f-]{36}$/.test(id)) refuse('malformed.page');
  return { at: date, id };
}
