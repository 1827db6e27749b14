import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { startAlliance, type AllianceProcesses } from '../server/src/journeys/alliance-processes.ts';
import type { ServerProcess } from '../server/src/journeys/server-process.ts';
import type { BenchOptions, Figure } from './bench.ts';

const countDefault = 300;
const warmCount = 30;
const perSecond = 3;
/** The design's goal, in milliseconds at the 99th percentile. */
const limitMs = 1000;
const lookEveryMs = 5;

type Headers = Record<string, string>;
const minutesAgo = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();
const baht = (amount: number) => ({ value: String(amount * 100), currency: 'THB' });
const account = (bank: string, number: number): string => `account:${bank}:${String(number).padStart(10, '0')}`;

/**
 * Two servers, each a process with its own database. The victims’ bank in Thailand reports a theft; the money went through
 * two more accounts there and then to one in Cambodia. From before the report is posted until the bank in Cambodia has
 * the order to hold it, with nobody but standing rules in between.
 */
export async function run({ size = countDefault }: BenchOptions): Promise<Figure[]> {
  const data = await mkdtemp(join(tmpdir(), 'drum-hold-'));
  const alliance = await startAlliance(data, ['kh', 'th']);
  try {
    const banks = await openBanks(alliance);
    await tellPayments(alliance.of('th'), banks, warmCount + size);
    // Compilers and connections are warm before anything is measured.
    await measure(alliance, banks, 0, warmCount);
    const { ordered, answered } = await measure(alliance, banks, warmCount, size);
    return [
      figure('hold: report to order at the bank abroad, p50', percentile(ordered, 0.5)),
      figure('hold: report to order at the bank abroad, p99', percentile(ordered, 0.99)),
      figure('hold: the report itself is answered, p99', percentile(answered, 0.99)),
    ];
  } finally {
    await alliance.close();
    await rm(data, { recursive: true, force: true });
  }
}

const figure = (name: string, value: number): Figure => ({
  name,
  value,
  unit: 'ms',
  baseline: limitMs,
  ratio: value / limitMs,
});

interface Banks {
  readonly victims: Headers;
  readonly mules: Headers;
  readonly abroad: Headers;
}

async function openBanks(alliance: AllianceProcesses): Promise<Banks> {
  const open = async (code: string, id: string, serves: string): Promise<Headers> => {
    const server = alliance.of(code);
    const quota = { perSecond: 1_000_000, burst: 1_000_000 };
    await server.call('POST', '/v1/institutions', { id, name: id, kind: 'bank', serves: [serves], quota });
    const { key } = await server.call('POST', `/v1/institutions/${id}/keys`, {});
    return { authorization: `Bearer ${key}` };
  };
  return {
    victims: await open('th', 'bank-of-victims', 'account:TH:901:'),
    mules: await open('th', 'bank-of-mules', 'account:TH:902:'),
    abroad: await open('kh', 'bank-abroad', 'account:KH:ABCDKHPP:'),
  };
}

const victimOf = (number: number): string => account('TH:901', number);
const firstOf = (number: number): string => account('TH:902', 2 * number);
const secondOf = (number: number): string => account('TH:902', 2 * number + 1);
const lastOf = (number: number): string => account('KH:ABCDKHPP', number);

/** The payments of every theft, as the banks in Thailand tell them when they happen. */
async function tellPayments(server: ServerProcess, { victims, mules }: Banks, count: number): Promise<void> {
  const pay = (id: string, from: string, to: string, at: string) =>
    JSON.stringify({ id, from, to, at, amount: baht(100_000), channel: 'mobile', reference: id });
  for (let number = 0; number < count; number += 1) {
    const own = pay(`a-${number}`, victimOf(number), firstOf(number), minutesAgo(10));
    const on = [
      pay(`b-${number}`, firstOf(number), secondOf(number), minutesAgo(9)),
      pay(`c-${number}`, secondOf(number), lastOf(number), minutesAgo(8)),
    ];
    await tell(server, victims, [own]);
    await tell(server, mules, on);
  }
  // The rooms that follow what is told have had their turn.
  await wait(3000);
}

async function tell(server: ServerProcess, bank: Headers, lines: readonly string[]): Promise<void> {
  const response = await fetch(`${server.address}/v1/activity/payments`, {
    method: 'POST',
    headers: { ...bank, 'content-type': 'application/x-ndjson' },
    body: lines.join('\n'),
  });
  const answer = (await response.json()) as { refused: number };
  if (!response.ok || answer.refused > 0) throw new Error(`the payments were refused: ${JSON.stringify(answer)}`);
}

/** Milliseconds from before each report until its order is at the bank abroad, and until the report is answered. */
async function measure(
  alliance: AllianceProcesses,
  banks: Banks,
  from: number,
  count: number,
): Promise<{ ordered: number[]; answered: number[] }> {
  const postedMs = new Map<string, number>();
  const ordered: number[] = [];
  const answered: number[] = [];
  const watch = async (): Promise<void> => {
    const giveUpMs = performance.now() + (count / perSecond) * 1000 + 60_000;
    while (ordered.length < count) {
      await wait(lookEveryMs);
      if (performance.now() > giveUpMs) throw new Error(`only ${ordered.length} of ${count} orders arrived`);
      const path = '/v1/orders?state=issued&kind=hold-amount&limit=50';
      const { orders } = await alliance.of('kh').call('GET', path, undefined, banks.abroad);
      const nowMs = performance.now();
      for (const { id, subject } of orders) {
        const began = postedMs.get(subject);
        if (began === undefined) continue;
        postedMs.delete(subject);
        ordered.push(nowMs - began);
        await alliance.of('kh').call('POST', `/v1/orders/${id}/outcome`, { outcome: 'placed' }, banks.abroad);
      }
    }
  };
  const post = async (): Promise<void> => {
    const calls: Promise<void>[] = [];
    const began = performance.now();
    for (let place = 0; place < count; place += 1) {
      await wait(Math.max(0, began + (place / perSecond) * 1000 - performance.now()));
      calls.push(report(from + place));
    }
    await Promise.all(calls);
  };
  const report = async (number: number): Promise<void> => {
    const payment = { from: victimOf(number), to: firstOf(number), amount: baht(100_000), at: minutesAgo(10) };
    const body = {
      typology: 'investment-scam',
      debitConfirmed: true,
      payments: [{ ...payment, reference: `a-${number}` }],
    };
    const beganMs = performance.now();
    postedMs.set(lastOf(number), beganMs);
    await alliance.of('th').call('POST', '/v1/reports', body, banks.victims);
    answered.push(performance.now() - beganMs);
  };
  await Promise.all([watch(), post()]);
  return { ordered, answered };
}

function percentile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) * share)]!;
}
