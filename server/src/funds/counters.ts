import type { Money } from '@bronze-drum/protocol/fields';
import type { Access } from '../access/access.ts';
import type { Actor } from '../kernel/actor.ts';
import { dayMs, hourMs, instantMs, instantText, type Clock } from '../kernel/clock.ts';
import { refuse } from '../kernel/refusals.ts';
import type { Db, Sql, Tx } from '../platform/db.ts';
import { worthOf } from './hold-rules.ts';
import * as holds from './hold-store.ts';
import type { CounterQuery, Counters as Counted } from './return-contract.ts';

/** A victim's report, as the room of traces knows it. */
export interface ReportedTheft {
  readonly reportedAtMs: number;
  /** In minor units of the currency of the theft. */
  readonly stolen: string;
}

export interface CountersParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly access: Pick<Access, 'requirePermission'>;
  /** The victim's report that began a trace. */
  readonly reportOf: (trace: string) => Promise<ReportedTheft | undefined>;
}

export type Counters = ReturnType<typeof openCounters>;

/** More traces than these in one period: the newest count. */
const tracesMax = 5000;
const askedAtOnce = 20;
const figures = ['prevented', 'held', 'seized', 'confiscated', 'returned'] as const;
type Figures = Record<(typeof figures)[number], bigint>;

/** The five counters, and the clock that counts above all. */
export function openCounters({ db, clock, access, reportOf }: CountersParts) {
  return {
    /** A payment that an institution did not carry out because it was advised not to; once for each. */
    async prevented(tx: Tx, money: Money, atMs: number): Promise<void> {
      await tx.query(
        `INSERT INTO funds.prevented (hour, currency, amount, payments) VALUES ($1, $2, $3, 1)
         ON CONFLICT (hour, currency) DO UPDATE
         SET amount = prevented.amount + excluded.amount, payments = prevented.payments + 1`,
        [new Date(hourOf(atMs)), money.currency, money.value],
      );
    },

    async read(actor: Actor, query: CounterQuery): Promise<Counted> {
      access.requirePermission(actor, 'funds.read');
      const untilMs = query.until === undefined ? clock.now() : instantMs(query.until);
      const fromMs = query.from === undefined ? untilMs - 30 * dayMs : instantMs(query.from);
      if (!(fromMs < untilMs)) refuse('funds.period');
      return {
        from: instantText(fromMs),
        until: instantText(untilMs),
        currencies: await countCurrencies(db, fromMs, untilMs, clock.now()),
        clock: await countClock(db, await holds.tracesProposed(db, fromMs, untilMs, tracesMax), reportOf),
      };
    },
  };
}

const hourOf = (atMs: number): number => Math.floor(atMs / hourMs) * hourMs;

async function countCurrencies(
  sql: Sql,
  fromMs: number,
  untilMs: number,
  nowMs: number,
): Promise<Counted['currencies']> {
  const counted = new Map<string, Figures>();
  const count = (currency: string, figure: keyof Figures, value: string | null): void => {
    const known = counted.get(currency) ?? { prevented: 0n, held: 0n, seized: 0n, confiscated: 0n, returned: 0n };
    counted.set(currency, { ...known, [figure]: known[figure] + BigInt(value ?? '0') });
  };
  const period = [new Date(fromMs), new Date(untilMs)];
  const prevented = await sql.query<{ currency: string; amount: string }>(
    'SELECT currency, sum(amount) AS amount FROM funds.prevented WHERE hour >= $1 AND hour < $2 GROUP BY currency',
    [new Date(hourOf(fromMs)), period[1]],
  );
  for (const { currency, amount } of prevented) count(currency, 'prevented', amount);
  const kept = await sql.query<{ currency: string; state: string; held: string; returned: string }>(
    `SELECT currency, state, sum(held) AS held, sum(returned) AS returned FROM funds.holds
     WHERE held_at >= $1 AND held_at < $2 AND held > 0 AND (until IS NULL OR until > $3) GROUP BY currency, state`,
    [...period, new Date(nowMs)],
  );
  for (const { currency, state, held, returned } of kept) {
    count(currency, 'returned', returned);
    const figure = state === 'seized' || state === 'confiscated' ? state : 'held';
    if (state !== 'returned') count(currency, figure, String(BigInt(held) - BigInt(returned)));
  }
  return [...counted]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([currency, one]) => ({
      currency,
      prevented: String(one.prevented),
      held: String(one.held),
      seized: String(one.seized),
      confiscated: String(one.confiscated),
      returned: String(one.returned),
    }));
}

async function countClock(
  sql: Sql,
  proposed: readonly string[],
  reportOf: CountersParts['reportOf'],
): Promise<Counted['clock']> {
  const traces = Map.groupBy(await holds.readOfTraces(sql, proposed), ({ trace }) => trace);
  const reports = new Map<string, ReportedTheft>();
  for (let from = 0; from < proposed.length; from += askedAtOnce) {
    const asked = proposed.slice(from, from + askedAtOnce);
    const answers = await Promise.all(asked.map(reportOf));
    asked.forEach((trace, index) => void (answers[index] && reports.set(trace, answers[index])));
  }
  const tookMs: number[] = [];
  const shares = new Map<string, { stolen: bigint; found: bigint }>();
  for (const [trace, { reportedAtMs, stolen }] of reports) {
    const all = traces.get(trace)!;
    const rows = all.filter((row) => row.heldAtMs !== null);
    if (rows.length > 0) tookMs.push(Math.max(0, Math.min(...rows.map((row) => row.heldAtMs!)) - reportedAtMs));
    const lost = BigInt(stolen);
    const worth = rows.reduce((sum, row) => sum + worthAtPeak(row), 0n);
    const currency = all[0]!.stolenCurrency;
    const known = shares.get(currency) ?? { stolen: 0n, found: 0n };
    shares.set(currency, { stolen: known.stolen + lost, found: known.found + (worth < lost ? worth : lost) });
  }
  tookMs.sort((a, b) => a - b);
  const at = (share: number): number => tookMs[Math.max(0, Math.ceil(share * tookMs.length) - 1)]!;
  return {
    traces: reports.size,
    withHold: tookMs.length,
    ...(tookMs.length > 0 && { medianMs: at(0.5), p90Ms: at(0.9) }),
    share: Array.from(shares, ([currency, { stolen, found }]) => ({
      currency,
      stolen: String(stolen),
      found: String(found),
      share: stolen === 0n ? 0 : Number((found * 10_000n) / stolen) / 10_000,
    })),
  };
}

/** What was there when it was held, however the hold ended, as far as the trace still believes that it was stolen. */
const worthAtPeak = (row: holds.HoldRow): bigint => worthOf(row, row.peak < row.taint ? row.peak : row.taint);
