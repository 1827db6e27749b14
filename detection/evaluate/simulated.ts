import { paymentChannels, type Payment } from '@bronze-drum/protocol/activity/payment';
import { currencyNumber, dollarsPerMinor } from '../state/money.ts';
import { openGathering, type DataSet } from './data-set.ts';
import type { StoredFiles } from './stored-files.ts';

interface Told {
  readonly institution: string;
  readonly record: Payment;
}

interface Label {
  readonly kind: string;
  readonly institution: string;
  readonly id: string;
  readonly case?: string;
  readonly role: string;
}

/** Payments that belong to a fraud; what a thief buys with stolen money from somebody honest is no fraud of the seller. */
const illicitRoles = new Set([
  'victim-payment',
  'test-payment',
  'mule-hop',
  'consolidation',
  'crypto-exit',
  'cash-out',
]);

interface Merged {
  readonly record: Payment;
  label: Label | undefined;
  fromBalance: number;
  toBalance: number;
}

/** What `drum-simulate` writes. What both institutions tell of one payment is one payment here, with the balances that each gives. */
export async function readSimulated(files: StoredFiles, seed: number): Promise<DataSet> {
  const pathOf = (name: string) => files.paths.find((path) => path === name || path.endsWith(`/${name}`));
  const labels = new Map<string, Label>();
  const labelled = pathOf('labels.ndjson');
  if (labelled !== undefined)
    for (const line of linesOf(await files.read(labelled))) {
      const label = JSON.parse(line) as Label;
      if (label.kind === 'payment' && illicitRoles.has(label.role))
        labels.set(`${label.institution} ${label.id}`, label);
    }
  const merged = new Map<string, Merged>();
  for (const line of linesOf(await files.read(pathOf('payments.ndjson') ?? 'payments.ndjson'))) {
    const { institution, record } = JSON.parse(line) as Told;
    if (record.state !== undefined && record.state !== 'settled') continue;
    const key = record.reference ?? `${institution} ${record.id}`;
    const known = merged.get(key) ?? { record, label: undefined, fromBalance: Number.NaN, toBalance: Number.NaN };
    known.label ??= labels.get(`${institution} ${record.id}`);
    if (record.balanceAfter !== undefined) {
      const usd = dollars(record.balanceAfter, record.amount.currency);
      if (record.side === 'receiver') known.toBalance = usd;
      else known.fromBalance = usd;
    }
    merged.set(key, known);
  }
  const gathering = openGathering();
  for (const { record, label, fromBalance, toBalance } of merged.values())
    gathering.add({
      atMs: Date.parse(record.at),
      from: record.from,
      to: record.to,
      usd: dollars(record.amount.value, record.amount.currency),
      channel: paymentChannels.indexOf(record.channel),
      fromBalance,
      toBalance,
      judged: record.from !== undefined && record.to !== undefined,
      positive: label !== undefined && record.from !== undefined && record.to !== undefined,
      typology: label?.role,
      pattern: label?.case,
    });
  const data = gathering.finish(
    {
      name: files.name,
      layout: 'simulated',
      fields: ['instant', 'amount', 'currency', 'accounts', 'channel', 'balances of reporters’ customers', 'cash'],
    },
    seed,
  );
  const world = pathOf('world.json');
  const { rings } =
    world === undefined
      ? {}
      : (JSON.parse(new TextDecoder().decode(await files.read(world))) as Pick<DataSet, 'rings'>);
  return rings === undefined ? data : { ...data, rings };
}

const dollars = (minor: string, currency: string): number => Number(minor) * dollarsPerMinor[currencyNumber(currency)]!;

function* linesOf(bytes: Uint8Array): Generator<string> {
  const decoder = new TextDecoder();
  for (let start = 0; start < bytes.length;) {
    let end = bytes.indexOf(10, start);
    if (end === -1) end = bytes.length;
    if (end > start) yield decoder.decode(bytes.subarray(start, end));
    start = end + 1;
  }
}
