import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDb, copyText, type Db, type DbAddress } from '../server/src/platform/db.ts';
import { startServerProcess, type ServerProcess } from '../server/src/journeys/server-process.ts';
import { dayPartitionsOf, dayOf } from '../server/src/platform/day-partitions.ts';
import type { BenchOptions, Figure } from './bench.ts';

const sizeDefault = 200_000;
const rounds = 5;
const batchRecords = 1000;
const connections = 4;
/** As many days as the server remembers ids, so that it looks for each where it might be. */
const olderDays = 8;
const olderRecords = 20_000;

/**
 * Payments in batches of 1,000 over HTTP into a server process of its own, checked, brought to their keys, each stored once
 * and durable before it is acknowledged; against the same rows by COPY in batches as large, each committed, straight into
 * a table with the same columns and indexes in the same database. They take turns.
 */
export async function run(options: BenchOptions): Promise<Figure[]> {
  const size = options.size ?? sizeDefault;
  const data = await mkdtemp(join(tmpdir(), 'drum-bench-'));
  let server = await startServerProcess(data);
  const address = JSON.parse(await readFile(join(data, 'th', 'database.json'), 'utf8')) as DbAddress;
  const db = openDb({ address, connectionsMax: connections + 1, onError: () => undefined });
  try {
    const key = await newBank(server);
    await report(server, key, jsonBatches(batchRecords * 20, 'warm'));
    await fillOlderDays(db);
    await makePeer(db);
    await stop(server);
    server = await startServerProcess(data);
    await report(server, key, jsonBatches(batchRecords * 20, 'warm-again'));
    const turns: Turn[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const ours = await report(server, key, jsonBatches(size, `r${round}`));
      const theirs = await copy(db, size, `p-r${round}-`, connections);
      await db.query('TRUNCATE peer');
      const single = await copy(db, size, `p-r${round}-`, 1);
      await db.query('TRUNCATE peer');
      const xml = await report(server, key, xmlBatches(size / 10, `x${round}`));
      turns.push({ ours: size / ours, theirs: size / theirs, single: size / single, xml: size / 10 / xml });
    }
    return figuresOf(turns);
  } finally {
    await db.close();
    await stop(server);
    await rm(data, { recursive: true, force: true });
  }
}

async function stop(server: ServerProcess): Promise<void> {
  server.child.kill('SIGTERM');
  await server.ended;
}

/** Payments a second. */
interface Turn {
  readonly ours: number;
  readonly xml: number;
  /** By COPY over as many connections as ours came over, and over one, as who must keep an order has. */
  readonly theirs: number;
  readonly single: number;
}

function figuresOf(turns: readonly Turn[]): Figure[] {
  const figure = (name: string, read: (turn: Turn) => number, against: (turn: Turn) => number): Figure => ({
    name,
    value: Math.round(median(turns.map(read))),
    unit: 'payments/s',
    baseline: Math.round(median(turns.map(against))),
    // Neighbours in time have seen the same weather: the median of their ratios, not the ratio of medians.
    ratio: median(turns.map((turn) => read(turn) / against(turn))),
  });
  return [
    figure(
      'ingest (COPY in one order, one connection)',
      ({ ours }) => ours,
      ({ single }) => single,
    ),
    figure(
      `ingest (COPY in no order, ${connections} connections)`,
      ({ ours }) => ours,
      ({ theirs }) => theirs,
    ),
    figure(
      'ingest pacs.008 (COPY in one order, one connection)',
      ({ xml }) => xml,
      ({ single }) => single,
    ),
  ];
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;

async function newBank(server: ServerProcess): Promise<string> {
  const quota = { perSecond: 1_000_000, burst: 1_000_000 };
  await server.call('POST', '/v1/institutions', { id: 'bench', name: 'Bench', kind: 'bank', quota });
  const { key } = await server.call<{ key: string }>('POST', '/v1/institutions/bench/keys', {});
  return key;
}

interface Batch {
  readonly type: string;
  readonly count: number;
  readonly body: string;
}

/** Sends batches over a few connections, and says how many seconds it took until all were acknowledged. */
async function report(server: ServerProcess, key: string, batches: readonly Batch[]): Promise<number> {
  let next = 0;
  const sender = async (): Promise<void> => {
    for (let batch = batches[next++]; batch !== undefined; batch = batches[next++]) {
      const response = await fetch(`${server.address}/v1/activity/payments`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': batch.type },
        body: batch.body,
      });
      const answer = (await response.json()) as { accepted?: number };
      if (answer.accepted !== batch.count)
        throw new Error(`${response.status} ${JSON.stringify(answer).slice(0, 300)}`);
    }
  };
  const started = performance.now();
  await Promise.all(Array.from({ length: connections }, sender));
  return (performance.now() - started) / 1000;
}

const numbersOf = (size: number): number[] => Array.from({ length: size }, (_, index) => index);

function batchesOf(size: number, bodyOf: (from: number) => string, type: string): Batch[] {
  return numbersOf(size / batchRecords).map((batch) => ({
    type,
    count: batchRecords,
    body: bodyOf(batch * batchRecords),
  }));
}

function jsonBatches(size: number, prefix: string): Batch[] {
  const at = new Date().toISOString();
  const lines = (from: number): string =>
    numbersOf(batchRecords)
      .map((index) => `${paymentText(`p-${prefix}-${from + index}`, from + index, at)}\n`)
      .join('');
  return batchesOf(size, lines, 'application/x-ndjson');
}

function paymentText(id: string, number: number, at: string): string {
  const from = `account:TH:004:${accountNumber(number)}`;
  const to = `account:TH:014:${accountNumber(number * 7)}`;
  const amount = { value: String(10_000 + number), currency: 'THB' };
  return JSON.stringify({ id, at, from, to, amount, channel: 'mobile', state: 'settled', reference: `E2E${number}` });
}

const accountNumber = (number: number): string => String(1_000_000_000 + ((number * 7919) % 9_000_000_000));

function xmlBatches(size: number, prefix: string): Batch[] {
  const at = new Date().toISOString();
  const end = (side: string, bank: string, number: number): string =>
    `<${side}><Nm>Somebody</Nm></${side}><${side}Acct><Id><Othr><Id>${accountNumber(number)}</Id></Othr></Id></${side}Acct>` +
    `<${side}Agt><FinInstnId><BICFI>${bank}</BICFI></FinInstnId></${side}Agt>`;
  const transaction = (number: number): string =>
    `<CdtTrfTxInf><PmtId><EndToEndId>x-${prefix}-${number}</EndToEndId></PmtId><IntrBkSttlmAmt Ccy="THB">${number + 1}.00</IntrBkSttlmAmt>` +
    `${end('Dbtr', 'KASITHBK', number)}${end('Cdtr', 'SICOTHBK', number * 7)}<RmtInf><Ustrd>noodles</Ustrd></RmtInf></CdtTrfTxInf>\n`;
  const head = `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pacs.008.001.10"><FIToFICstmrCdtTrf><GrpHdr><MsgId>M</MsgId><CreDtTm>${at}</CreDtTm><NbOfTxs>${batchRecords}</NbOfTxs></GrpHdr>\n`;
  const message = (from: number): string =>
    `${head}${numbersOf(batchRecords)
      .map((index) => transaction(from + index))
      .join('')}</FIToFICstmrCdtTrf></Document>`;
  return batchesOf(size, message, 'application/xml');
}

const columns = 'number, reaches, kind, source, id, digest, at, received, day, text';

/** Records of other senders on earlier days. */
async function fillOlderDays(db: Db): Promise<void> {
  const days = dayPartitionsOf('activity.records');
  for (let back = 1; back <= olderDays; back += 1) {
    const day = dayOf(Date.now() - back * 24 * 3_600_000);
    await db.tx(async (tx) => {
      await days.ensure(tx, day);
      await tx.query(
        `INSERT INTO ${days.nameOf(day)} (${columns})
         SELECT 0, reaches, kind, 'older', id, digest, at, received, $1::date, text FROM activity.records WHERE source = 'bench' AND number <= $2`,
        [day, olderRecords],
      );
    });
  }
}

async function makePeer(db: Db): Promise<void> {
  await db.query('CREATE TABLE peer (LIKE activity.records INCLUDING INDEXES) PARTITION BY RANGE (day)');
  await db.tx((tx) => dayPartitionsOf('public.peer').ensure(tx, dayOf(Date.now())));
}

/** The newest round's rows, as the server wrote them, in batches of the same size, each committed. */
async function copy(db: Db, size: number, prefix: string, senders: number): Promise<number> {
  const rows = await db.query<{ line: string }>(
    `SELECT concat_ws(E'\\t', number, reaches, kind, source, id, digest, at, received, day, '') AS line, text
     FROM activity.records WHERE source = 'bench' AND starts_with(id, $1) ORDER BY number`,
    [prefix],
  );
  if (rows.length !== size) throw new Error(`${rows.length} of ${size} were stored`);
  const lines = (rows as { line: string; text: string }[]).map(({ line, text }) => `${line}${copyText(text)}\n`);
  const batches = numbersOf(size / batchRecords).map((batch) =>
    lines.slice(batch * batchRecords, (batch + 1) * batchRecords),
  );
  const table = dayPartitionsOf('public.peer').nameOf(dayOf(Date.now()));
  let next = 0;
  const started = performance.now();
  const sender = async (): Promise<void> => {
    for (let batch = batches[next++]; batch !== undefined; batch = batches[next++]) {
      const own = batch;
      await db.tx((tx) => tx.copyIn(table, columns.split(', '), own));
    }
  };
  await Promise.all(Array.from({ length: senders }, sender));
  return (performance.now() - started) / 1000;
}
