import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { scheduler } from 'node:timers/promises';
import type { OrderOutcome } from '@bronze-drum/protocol/orders';
import { openDb, type Db, type DbAddress } from '../platform/db.ts';
import { drum, type ServerProcess } from './server-process.ts';

interface AcknowledgedReport {
  readonly reference: string;
  readonly report: string;
  readonly traces: readonly string[];
}

/** What the server acknowledged, whatever happened to it afterwards. */
export interface Acknowledged {
  readonly reports: AcknowledgedReport[];
  /** Of each theft, what its trace must begin with: reference and amount. */
  readonly origins: Map<string, ReadonlyMap<string, string>>;
  readonly outcomes: { readonly order: string; readonly revision: number; readonly outcome: OrderOutcome }[];
  /** Holds that an officer was told are ordered, with the instant at which they end. */
  readonly ordered: { readonly hold: string; readonly order: string; readonly until: string }[];
}

/** What is not as it must be after kills; each list is empty if all is well. */
export interface FundsVerdict {
  /** Acknowledged reports without their trace, or whose trace begins with something else than was named. */
  readonly reportsWrong: readonly string[];
  /** Acknowledged reports that are not known when they come again. */
  readonly reportsForgotten: readonly string[];
  /** Holds that bind without exactly one order that stands, orders that stand without such a hold. */
  readonly unpaired: readonly string[];
  /** Holds for which more than one order was issued. */
  readonly orderedTwice: readonly string[];
  /** Acknowledged answers that are not in the history of their order exactly once. */
  readonly outcomesLost: readonly string[];
  /** Holds that an officer was told are ordered and are not, or not by that order. */
  readonly ordersLost: readonly string[];
  /** Traces whose figures do not add up to what was stolen. */
  readonly sumsWrong: readonly string[];
  /** Holds past their time that go on, and orders of such holds that still bind. */
  readonly overdue: readonly string[];
  /** What the rooms know and the journal does not, said twice, or the reverse. */
  readonly journalWrong: readonly string[];
  /** What `drum verify` printed if it found something. */
  readonly audit: string;
}

const lines = async (db: Db, text: string): Promise<string[]> =>
  (await db.query<{ line: string }>(text)).map(({ line }) => line);

const unpairedText = `
  SELECT 'hold ' || hold.id || ' ' || hold.state || ' has ' || count(standing.id) || ' orders' AS line
  FROM funds.holds hold
  LEFT JOIN orders.orders standing
    ON standing.reference = 'hold:' || hold.id AND standing.state <> 'ended' AND standing.id = hold.order_id
  WHERE hold.until IS NULL OR hold.until > now()
  GROUP BY hold.id
  HAVING (hold.ended_at IS NULL AND hold.until IS NOT NULL) <> (count(standing.id) = 1)
  UNION ALL
  SELECT 'order ' || id || ' for ' || reference FROM orders.orders standing
  WHERE state <> 'ended' AND (until IS NULL OR until > now()) AND reference LIKE 'hold:%' AND NOT EXISTS (
    SELECT 1 FROM funds.holds hold
    WHERE 'hold:' || hold.id = standing.reference AND hold.order_id = standing.id AND hold.ended_at IS NULL)`;

const orderedTwiceText = `
  SELECT reference || ': ' || count(*) AS line FROM orders.orders WHERE reference LIKE 'hold:%'
  GROUP BY reference HAVING count(*) > 1`;

const overdueText = `
  SELECT 'hold ' || id AS line FROM funds.holds WHERE ended_at IS NULL AND until <= now()
  UNION ALL
  SELECT 'order ' || id FROM orders.orders WHERE state <> 'ended' AND until <= now()
  UNION ALL
  SELECT 'expired ' || count(*) || ' times: ' || hold FROM funds.hold_deeds WHERE deed = 'expired'
  GROUP BY hold HAVING count(*) > 1`;

/** Each revision of an order and a hold, and each end of an order, is said exactly once. */
const journalText = `
  WITH said AS (
    SELECT kind, (bytes::jsonb) -> 'body' AS body FROM journal.statements WHERE kind IN ('order', 'order-end', 'hold')
  ), told AS (
    SELECT kind || ' ' || CASE kind
      WHEN 'order' THEN (body -> 'order' ->> 'id') || ' ' || (body -> 'order' ->> 'revision')
      WHEN 'order-end' THEN (body ->> 'order') || ' ' || (body ->> 'step')
      ELSE (body ->> 'hold') || ' ' || (body ->> 'revision') END AS line
    FROM said
  ), done AS (
    SELECT 'order ' || id || ' ' || generate_series(1, revision) AS line FROM orders.orders
    UNION ALL SELECT 'order-end ' || id || ' ended' FROM orders.orders WHERE state = 'ended'
    UNION ALL SELECT 'order-end ' || id || ' confirmed' FROM orders.orders WHERE confirmed_at IS NOT NULL
    UNION ALL SELECT 'hold ' || hold || ' ' || revision FROM funds.hold_deeds
  )
  SELECT coalesce(told.line, done.line) || ': said ' || count(DISTINCT told.n) || ' times' AS line
  FROM (SELECT line, row_number() OVER () AS n FROM told) told FULL JOIN done ON done.line = told.line
  GROUP BY told.line, done.line HAVING count(DISTINCT told.n) <> 1 OR done.line IS NULL`;

const sorted = (texts: readonly string[]): string => texts.toSorted((a, b) => (a < b ? -1 : 1)).join(' ');

async function reportsWrong(server: ServerProcess, { reports, origins }: Acknowledged): Promise<string[]> {
  const wrong: string[] = [];
  const latest = new Map(reports.map((one) => [one.reference, one]));
  for (const { reference, traces } of latest.values()) {
    const named = sorted([...origins.get(reference)!].map((one) => one.join(',')));
    const response = await fetch(`${server.address}/v1/traces/${traces[0]}`, {
      headers: { authorization: `Bearer ${server.key}`, 'drum-purpose': 'audit' },
    });
    const trace: any = await response.json();
    const found = response.ok
      ? sorted(trace.origins.map((one: any) => `${one.reference},${one.amount.value}`))
      : trace.code;
    if (traces.length !== 1 || found !== named) wrong.push(`${reference}: ${found} and not ${named}`);
  }
  return wrong;
}

async function reportsForgotten(
  server: ServerProcess,
  { reports }: Acknowledged,
  bank: Record<string, string>,
): Promise<string[]> {
  const forgotten: string[] = [];
  for (const { reference, report, traces } of reports) {
    const amount = { value: '100', currency: 'THB' };
    const payment = { from: 'account:TH:901:1', to: 'account:TH:902:1', amount, at: new Date(0).toISOString() };
    const again = { reference, typology: 'unspecified', payments: [payment] };
    const headers = reference.startsWith('bank-') ? bank : {};
    const answer = await server.call('POST', '/v1/reports', again, headers);
    if (answer.state !== 'known' || answer.report !== report || answer.traces.join() !== traces.join())
      forgotten.push(`${reference}: ${JSON.stringify(answer)}`);
  }
  return forgotten;
}

async function outcomesLost(db: Db, { outcomes }: Acknowledged): Promise<string[]> {
  const rows = await db.query<{ order_id: string; revision: string; details: string }>(
    `SELECT order_id, (details::jsonb) ->> 'revision' AS revision, details FROM orders.history WHERE what = 'answered'`,
  );
  const kept = Map.groupBy(rows, ({ order_id, revision }) => `${order_id} ${revision}`);
  const acknowledged = new Map(outcomes.map((one) => [`${one.order} ${one.revision}`, one.outcome.outcome]));
  return [...acknowledged].flatMap(([answer, outcome]) => {
    const found = kept.get(answer) ?? [];
    const isThere = found.length === 1 && JSON.parse(found[0]!.details).outcome === outcome;
    return isThere ? [] : [`${answer}: ${found.length} answers`];
  });
}

async function ordersLost(db: Db, { ordered }: Acknowledged): Promise<string[]> {
  const rows = await db.query<{ id: string; order_id: string | null }>('SELECT id, order_id FROM funds.holds');
  const orderOf = new Map(rows.map(({ id, order_id }) => [id, order_id]));
  return ordered.filter(({ hold, order }) => orderOf.get(hold) !== order).map(({ hold }) => hold);
}

async function sumsWrong(server: ServerProcess, { origins, reports }: Acknowledged): Promise<string[]> {
  const stolen = new Map(
    reports.map(({ reference, traces }) => [
      traces[0]!,
      [...origins.get(reference)!.values()].reduce((total, value) => total + BigInt(value), 0n),
    ]),
  );
  const wrong: string[] = [];
  for (let after = ''; ;) {
    const page = await server.call('GET', `/v1/traces?limit=200${after}`);
    for (const { id, amount, held, seized, returned, open, lost } of page.traces) {
      const parts = [held, seized, returned, open, lost].map(({ value }) => BigInt(value));
      const total = parts.reduce((sum, part) => sum + part, 0n);
      if (total !== BigInt(amount.value) || parts.some((part) => part < 0n) || total !== stolen.get(id))
        wrong.push(`${id}: ${parts.join(' + ')} of ${stolen.get(id)}`);
      stolen.delete(id);
    }
    if (page.next === undefined) break;
    after = `&after=${page.next}`;
  }
  return [...wrong, ...[...stolen.keys()].map((id) => `${id} is not listed`)];
}

const triesMax = 40;

/** Looks until all is as it must be, or some time: what only lags behind has its time. */
export async function judgeFunds(
  data: string,
  server: ServerProcess,
  acknowledged: Acknowledged,
  bank: Record<string, string>,
): Promise<FundsVerdict> {
  const address = JSON.parse(await readFile(join(data, 'th', 'database.json'), 'utf8')) as DbAddress;
  const db = openDb({ address, connectionsMax: 1, onError: () => undefined });
  try {
    for (let tries = 0; ; tries += 1) {
      const verdict = {
        reportsWrong: await reportsWrong(server, acknowledged),
        unpaired: await lines(db, unpairedText),
        orderedTwice: await lines(db, orderedTwiceText),
        outcomesLost: await outcomesLost(db, acknowledged),
        ordersLost: await ordersLost(db, acknowledged),
        sumsWrong: await sumsWrong(server, acknowledged),
        overdue: await lines(db, overdueText),
        journalWrong: await lines(db, journalText),
      };
      if (tries < triesMax && Object.values(verdict).some((found) => found.length > 0)) {
        await scheduler.wait(250);
        continue;
      }
      const audit = await drum(data, '--member', 'th', 'verify');
      return {
        ...verdict,
        reportsForgotten: await reportsForgotten(server, acknowledged, bank),
        audit: audit.code === 0 ? '' : audit.out + audit.err,
      };
    }
  } finally {
    await db.close();
  }
}
