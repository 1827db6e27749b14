import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scheduler } from 'node:timers/promises';
import type { OrderOutcome } from '@bronze-drum/protocol/orders';
import { randomOf } from './crash-journey.ts';
import { judgeFunds, type Acknowledged, type FundsVerdict } from './funds-judging.ts';
import { startServerProcess, type ServerProcess } from './server-process.ts';

/** What one victim lost, in the order in which it is told; each step may be repeated. */
interface Theft {
  readonly number: number;
  readonly atMs: number;
}

interface Work {
  next: number;
  readonly unfinished: Theft[];
  readonly acknowledged: Acknowledged;
  /** Officers order holds for a minute as long as it is true. */
  isMinute: boolean;
}

type Headers = Record<string, string>;
interface Banks {
  readonly a: Headers;
  readonly b: Headers;
}

const theftOf = (work: Work): Theft => ({ number: work.next++, atMs: Date.now() });
const baht = (amount: number) => ({ value: String(amount * 100), currency: 'THB' });
const victimOf = ({ number }: Theft): string => `account:TH:901:${String(1_000_000_000 + number)}`;
const muleOf = ({ number }: Theft, which = 0): string =>
  `account:TH:902:${String(1_000_000_000 * (which + 1) + number)}`;

async function tell(server: ServerProcess, bank: Headers, payments: readonly object[]): Promise<void> {
  const response = await fetch(`${server.address}/v1/activity/payments`, {
    method: 'POST',
    headers: { ...bank, 'content-type': 'application/x-ndjson' },
    body: payments.map((payment) => JSON.stringify(payment)).join('\n'),
    signal: AbortSignal.timeout(20_000),
  });
  const answer = (await response.json()) as { accepted: number; known: number };
  if (answer.accepted + answer.known !== payments.length)
    throw new Error(`${response.status} ${JSON.stringify(answer)}`);
}

/** A victim pays a mule twice, and a third account; the mule passes a part on and takes another out of a machine. */
async function play(server: ServerProcess, banks: Banks, theft: Theft, acknowledged: Acknowledged): Promise<void> {
  const { number, atMs } = theft;
  const at = (seconds: number): string => new Date(atMs - seconds * 1000).toISOString();
  const [victim, mule, second] = [victimOf(theft), muleOf(theft), muleOf(theft, 1)];
  const stolen = [
    { from: victim, to: mule, amount: baht(400_000), at: at(50), reference: `t-${number}-1` },
    { from: victim, to: mule, amount: baht(90_000), at: at(45), reference: `t-${number}-2` },
    { from: victim, to: muleOf(theft, 2), amount: baht(30_000), at: at(40), reference: `t-${number}-3` },
  ];
  const channel = 'mobile';
  // What the victim's bank tells as well is confirmed, and held by standing rule; the rest an officer decides about.
  const isConfirmed = number % 2 === 0;
  if (isConfirmed)
    await tell(
      server,
      banks.a,
      stolen.map((payment, index) => ({ id: `a-${number}-${index}`, channel, ...payment })),
    );
  await tell(server, banks.b, [
    { id: `b-${number}-1`, channel, from: mule, to: second, amount: baht(200_000), at: at(30) },
    { id: `b-${number}-2`, channel: 'atm', from: mule, amount: baht(20_000), at: at(20) },
  ]);
  const say = async (reference: string, report: object, headers?: Headers): Promise<void> => {
    const said = { reference, typology: 'impersonation-official', ...report };
    const { report: id, traces } = await server.call('POST', '/v1/reports', said, headers);
    acknowledged.reports.push({ reference, report: id, traces });
  };
  const named = (payments: typeof stolen): Map<string, string> =>
    new Map(payments.map(({ reference, amount }) => [reference, amount.value]));
  acknowledged.origins.set(`bank-${number}`, named(stolen.slice(0, 2)));
  await say(`bank-${number}`, { debitConfirmed: isConfirmed, payments: stolen.slice(0, 2) }, banks.a);
  if (number % 3 !== 0) return;
  // The victim calls the hotline as well, and remembers one payment more: the trace is the same.
  acknowledged.origins.set(`bank-${number}`, named(stolen));
  acknowledged.origins.set(`hotline-${number}`, named(stolen));
  await say(`hotline-${number}`, { channel: 'hotline', payments: stolen.slice(1) });
}

/** What the bank answers to one order follows from the order: whoever asks again hears the same. */
function outcomeOf(order: any): OrderOutcome {
  const { revision, kind } = order;
  if (kind !== 'hold-amount') return { outcome: 'placed', revision };
  const amount = BigInt(order.amount.value);
  const half = String(amount / 2n);
  const outcomes: OrderOutcome[] = [
    { outcome: 'placed', revision },
    { outcome: 'partly', revision, held: half, gone: String(amount - BigInt(half)) },
    { outcome: 'gone', revision },
    { outcome: 'refused', revision, refusal: 'court-order-needed' },
  ];
  return outcomes[Number.parseInt(order.id.slice(0, 2), 16) % 6] ?? outcomes[0]!;
}

async function answerOrders(server: ServerProcess, { b }: Banks, { outcomes }: Acknowledged): Promise<void> {
  const { orders } = await server.call('GET', '/v1/orders?waits=true&limit=100', undefined, b);
  for (const order of orders) {
    const path = `/v1/orders/${order.id}`;
    try {
      if (order.state === 'ended') await server.call('POST', `${path}/confirm`, undefined, b);
      else {
        const outcome = outcomeOf(order);
        await server.call('POST', `${path}/outcome`, outcome, b);
        outcomes.push({ order: order.id, revision: order.revision, outcome });
      }
    } catch (error) {
      // Meanwhile it was changed or ended: the next look shows it.
      if (!String(error).includes(': 409 ')) throw error;
    }
  }
}

async function orderHolds(server: ServerProcess, { acknowledged, isMinute }: Work): Promise<void> {
  const { holds } = await server.call('GET', '/v1/holds?state=proposed&limit=50');
  const traces = new Set<string>(holds.map(({ trace }: { trace: string }) => trace));
  for (const trace of traces) {
    try {
      const asked = { trace, ...(isMinute && { minutes: 1 }) };
      const { results } = await server.call('POST', '/v1/holds/order', asked);
      for (const { hold, refused } of results)
        if (refused === undefined) acknowledged.ordered.push({ hold: hold.id, order: hold.order, until: hold.until });
    } catch (error) {
      // Nothing is proposed there any more.
      if (!/: (409|422) /.test(String(error))) throw error;
    }
  }
}

/** Keeps doing one thing until told to stop; what the server did not answer is done again. */
async function repeat(isOver: () => boolean, pauseMs: number, work: () => Promise<void>): Promise<void> {
  while (!isOver()) {
    await work().catch(() => scheduler.wait(100));
    await scheduler.wait(pauseMs);
  }
}

async function load(server: ServerProcess, banks: Banks, work: Work, isOver: () => boolean): Promise<void> {
  const { unfinished, acknowledged } = work;
  const report = async (): Promise<void> => {
    const theft = unfinished.shift() ?? theftOf(work);
    await play(server, banks, theft, acknowledged).catch((error: unknown) => {
      unfinished.push(theft);
      throw error;
    });
  };
  await Promise.all([
    repeat(isOver, 30, report),
    repeat(isOver, 30, report),
    repeat(isOver, 60, () => answerOrders(server, banks, acknowledged)),
    repeat(isOver, 90, () => orderHolds(server, work)),
  ]);
}

/** A server that has just started is slow: so much is to be acknowledged before it may die, or five seconds are over. */
async function progress({ reports, outcomes, ordered }: Acknowledged): Promise<void> {
  const total = (): number => reports.length + outcomes.length + ordered.length;
  const before = total();
  for (let tries = 0; tries < 100 && total() < before + 10; tries += 1) await scheduler.wait(50);
}

async function openBanks(server: ServerProcess): Promise<Banks> {
  const open = async (id: string, serves: string): Promise<Headers> => {
    const quota = { perSecond: 100_000, burst: 1_000_000 };
    await server.call('POST', '/v1/institutions', { id, name: id, kind: 'bank', serves: [serves], quota });
    const { key } = await server.call('POST', `/v1/institutions/${id}/keys`, {});
    return { authorization: `Bearer ${key}` };
  };
  return { a: await open('bank-a', 'account:TH:901:'), b: await open('bank-b', 'account:TH:902:') };
}

export interface FundsCrashReport extends FundsVerdict {
  readonly reports: number;
  readonly outcomes: number;
  readonly ordered: number;
  readonly kills: { readonly server: number; readonly postgres: number };
  /** Holds whose minute went by while nothing ran. */
  readonly endedWhileDown: number;
}

/**
 * Kills the server or its database at random moments while a bank reports thefts, another answers orders, and an officer
 * orders holds, the first of them for one minute; waits with everything down until that minute is over; and looks.
 */
export async function fundsCrashJourney(rounds: number, seed: number): Promise<FundsCrashReport> {
  const random = randomOf(seed);
  const data = await mkdtemp(join(tmpdir(), 'drum-funds-crash-'));
  const acknowledged: Acknowledged = { reports: [], origins: new Map(), outcomes: [], ordered: [] };
  const work: Work = { next: 1, unfinished: [], acknowledged, isMinute: true };
  const kills = { server: 0, postgres: 0 };
  try {
    let banks: Banks | undefined;
    for (let round = 0; round < rounds; round += 1) {
      const server = await startServerProcess(data);
      if (banks === undefined) {
        banks = await openBanks(server);
        for (let count = 0; count < 3; count += 1) await play(server, banks, theftOf(work), acknowledged);
        await orderHolds(server, work);
      }
      let isOver = false;
      const loading = load(server, banks, work, () => isOver);
      await progress(acknowledged);
      await scheduler.wait(random() * 1500);
      if (round % 3 === 1) {
        process.kill(await server.postgresPid(), 'SIGKILL');
        kills.postgres += 1;
      } else {
        server.child.kill('SIGKILL');
        kills.server += 1;
      }
      isOver = true;
      await server.ended;
      await loading;
      work.isMinute = false;
    }
    const minutes = acknowledged.ordered.map(({ until }) => Date.parse(until)).filter((ms) => ms < Date.now() + 60_000);
    await scheduler.wait(Math.max(0, Math.max(...minutes, 0) - Date.now()) + 100);
    const server = await startServerProcess(data);
    try {
      for (const theft of work.unfinished.splice(0)) await play(server, banks!, theft, acknowledged);
      await orderHolds(server, work);
      await answerOrders(server, banks!, acknowledged);
      const verdict = await judgeFunds(data, server, acknowledged, banks!.a);
      const { reports, outcomes, ordered } = acknowledged;
      const counts = { reports: reports.length, outcomes: outcomes.length, ordered: ordered.length };
      return { ...counts, kills, endedWhileDown: minutes.length, ...verdict };
    } finally {
      server.child.kill('SIGTERM');
      await server.ended;
    }
  } finally {
    await rm(data, { recursive: true, force: true });
  }
}
