import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { stepMs, stepsFromMs, type DataSet } from './data-set.ts';
import { readDataSet } from './layouts.ts';

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

/** A folder with these files; those whose name ends in .gz are packed. */
async function folderOf(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'drum-data-'));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), name.endsWith('.gz') ? gzipSync(text) : text);
  }
  return folder;
}

const judgedOf = (data: DataSet) => data.judged.reduce((sum, judged) => sum + judged, 0);
const truthOf = (data: DataSet) =>
  Array.from(
    data.at.keys().filter((place) => data.positive[place] === 1),
    (place) => ({
      at: data.at[place],
      usd: data.usd[place],
      typology: data.typologies[data.typology[place]!],
    }),
  );

const gentexLog = `step,type,amount,nameOrig,nameDest,bankOrig,bankDest,oldbalanceOrig,newbalanceOrig,oldbalanceDest,newbalanceDest,isSAR,patternID,modelType
0,INITALBALANCE,900,-2,1,source,A,0,0,900,1800,0,-1,0
1,TRANSFER,500,-2,1,source,A,0,0,900,1400,0,-1,0
2,TRANSFER,40,1,2,A,B,1400,1360,10,50,0,7,10
2,CASH,30,2,-1,B,sink,50,20,0,0,0,-1,0
3,TRANSFER,25.5,2,3,B,A,20,0,0,25.5,1,9,3
`;

describe('AMLGentex', () => {
  test.each(['tx_log.csv', 'tx_log.csv.gz', 'temporal/tx_log.csv'])('its log as %s', async (name) => {
    const data = await readDataSet(
      await folderOf({ [name]: gentexLog, 'accounts.csv': 'ACCOUNT_ID,IS_SAR\n1,false\n' }),
      1,
    );
    expect(data.layout).toBe('amlgentex');
    // Opening balances are nobody's payment; salaries and spending are history.
    expect([data.at.length, judgedOf(data), data.accounts]).toEqual([4, 2, 3]);
    expect(truthOf(data)).toEqual([{ at: stepsFromMs + 3 * stepMs, usd: 25.5, typology: 'cycle' }]);
    expect(data.from[0]).toBe(-1);
    expect(data.toBalance[0]).toBe(1400);
    const cash = data.to.indexOf(-1);
    expect([data.channel[cash], data.fromBalance[cash], data.judged[cash]]).toEqual([3, 20, 0]);
  });
});

describe('AMLSim', () => {
  const nodes = 'nodeid,isFraud,init_balance,fraudStep\n1,0,5,-1\n2,1,5,3\n3,1,5,3\n';
  const links = 'sourceNodeId,targetNodeId,value,time\n1,2,10,1\n2,3,20,2\n3,1,30,3\n';

  test('a sample archive: a payment is illicit if both of its ends are', async () => {
    const data = await readDataSet(await folderOf({ 'x/nodes.csv': nodes, 'x/transactions.csv': links }), 1);
    expect(data.layout).toBe('amlsim-archive');
    expect(truthOf(data).map(({ usd }) => usd)).toEqual([20]);
  });

  test('the same as a .tgz', async () => {
    const folder = await folderOf({});
    await writeFile(join(folder, 'x.tgz'), gzipSync(tarOf({ 'x/nodes.csv': nodes, 'x/transactions.csv': links })));
    const data = await readDataSet(join(folder, 'x.tgz'), 1);
    expect([data.name, data.layout, data.at.length]).toEqual(['x', 'amlsim-archive', 3]);
    await writeFile(join(folder, 'bad.tgz'), gzipSync(new Uint8Array(1024).fill(65)));
    await expect(readDataSet(join(folder, 'bad.tgz'), 1)).rejects.toMatchObject({ code: 'evaluate.bad-archive' });
  });

  const converted = `tran_id,orig_acct,bene_acct,tx_type,base_amt,tran_timestamp,is_sar,alert_id
1,10,11,TRANSFER,100.5,2017-01-02T00:00:00Z,False,-1
2,11,12,TRANSFER,300,2017-01-03T00:00:00Z,True,4
`;
  const alerts = `alert_id,alert_type,is_sar,tran_id,orig_acct,bene_acct,tx_type,base_amt,tran_timestamp
4,Scatter_Gather,True,2,11,12,TRANSFER,300,2017-01-03T00:00:00Z
`;

  test('its converted tables', async () => {
    const files = { 'transactions.csv': converted, 'alert_transactions.csv': alerts, 'accounts.csv': 'acct_id\n10\n' };
    const data = await readDataSet(await folderOf(files), 1);
    expect(data.layout).toBe('amlsim');
    expect(data.at.length).toBe(2);
    expect(truthOf(data)).toEqual([{ at: Date.UTC(2017, 0, 3), usd: 300, typology: 'scatter_gather' }]);
  });

  test('labels come from the other tables where payments have none', async () => {
    const bare = converted.replaceAll(/,(?:False|True),.*$/gm, '').replace(',is_sar,alert_id', '');
    const byPayment = await readDataSet(await folderOf({ 'tx.csv': bare, 'alert_transactions.csv': alerts }), 1);
    expect(truthOf(byPayment).map(({ usd }) => usd)).toEqual([300]);
    const accounts = 'ALERT_ID,ACCOUNT_ID\n4,11\n4,12\n';
    const byAccount = await readDataSet(await folderOf({ 'tx.csv': bare, 'sar_accounts.csv': accounts }), 1);
    expect(truthOf(byAccount).map(({ usd }) => usd)).toEqual([300]);
  });

  test('a folder a bank: what two banks tell of one payment is one payment', async () => {
    const [head, one, two] = converted.trimEnd().split('\n');
    const files = {
      'bank_a/transactions.csv': `${head}\n${one}\n${two}\n`,
      'bank_b/transactions.csv': `${head}\n${two}\n3,12,13,TRANSFER,7,2017-01-04T00:00:00Z,False,-1\n`,
    };
    expect((await readDataSet(await folderOf(files), 1)).at.length).toBe(3);
  });

  test('its raw log, with balances, is read rather than what was made of it', async () => {
    const log = `step,type,amount,nameOrig,oldbalanceOrig,newbalanceOrig,nameDest,oldbalanceDest,newbalanceDest,isSAR,alertID
5,TRANSFER,10,1,100,90,2,0,10,0,-1
6,CASH-OUT,5,2,10,5,9,0,0,0,-1
7,TRANSFER,9,2,10,1,3,0,9,1,2
`;
    const members = 'alertID,reason,accountID,isMain\n2,fan_in,3,true\n';
    const files = { 'tx_log.csv': log, 'transactions.csv': converted, 'alert_members.csv': members };
    const data = await readDataSet(await folderOf(files), 1);
    expect([data.at.length, judgedOf(data), data.fromBalance[0]]).toEqual([3, 2, 90]);
    expect(truthOf(data)).toEqual([{ at: stepsFromMs + 7 * stepMs, usd: 9, typology: 'fan_in' }]);
  });
});

test('what drum-simulate wrote: both reports of a payment are one, with the balances of both ends', async () => {
  const record = {
    at: '2026-01-05T00:00:01.000Z',
    amount: { value: '100000', currency: 'THB' },
    channel: 'mobile',
    from: 'account:TH:901:1',
    to: 'account:TH:902:2',
    reference: 'r1',
  };
  const told = (institution: string, more: object) =>
    JSON.stringify({ member: 'th', institution, reportedAt: record.at, record: { ...record, ...more } });
  const payments = [
    told('bank-901', { id: 'a', side: 'sender', balanceAfter: '5000' }),
    told('bank-902', { id: 'b', side: 'receiver', balanceAfter: '200000' }),
    told('bank-901', { id: 'c', reference: 'r2', to: undefined, channel: 'atm' }),
    told('bank-901', { id: 'd', reference: 'r3', state: 'rejected' }),
  ].join('\n');
  const labels = [
    {
      member: 'th',
      institution: 'bank-902',
      kind: 'payment',
      id: 'b',
      scheme: 'ring-1',
      case: 'case-1',
      role: 'mule-hop',
    },
    { member: 'th', institution: 'bank-901', kind: 'payment', id: 'c', scheme: 'ring-1', role: 'innocent-purchase' },
  ].map((label) => JSON.stringify(label));
  const data = await readDataSet(
    await folderOf({ 'payments.ndjson.gz': payments, 'labels.ndjson': labels.join('\n') }),
    1,
  );
  expect([data.layout, data.at.length, judgedOf(data)]).toEqual(['simulated', 2, 1]);
  expect(truthOf(data)).toMatchObject([{ typology: 'mule-hop' }]);
  const place = data.judged.indexOf(1);
  expect(data.fromBalance[place]).toBeCloseTo(1.5);
  expect(data.toBalance[place]).toBeCloseTo(60);
});

test('payments of one instant come in an order that the seed decides, not the file', async () => {
  const rows = Array.from({ length: 50 }, (_, row) => `1,TRANSFER,${row + 1},1,2,A,B,0,0,0,0,0,-1,10`);
  const log = `${gentexLog.split('\n')[0]}\n${rows.join('\n')}\n`;
  const folder = await folderOf({ 'tx_log.csv': log });
  const order = async (seed: number) => [...(await readDataSet(folder, seed)).usd];
  expect(await order(1)).toEqual(await order(1));
  expect(await order(1)).not.toEqual(await order(2));
  expect((await order(1)).toSorted((one, other) => one - other)).toEqual(rows.map((_, row) => row + 1));
});

describe('what cannot be read is refused with a code', () => {
  test.each([
    ['evaluate.unknown-layout', { 'readme.txt': 'x' }],
    ['evaluate.no-payments', { 'a.csv': 'x,y\n1,2\n' }],
    ['evaluate.no-payments', { 'tx_log.csv': `${gentexLog.split('\n')[0]}\n` }],
    ['evaluate.bad-payment', { 'tx_log.csv': gentexLog.replace('25.5,2,3', 'x,2,3') }],
    ['evaluate.bad-time', { 'tx.csv': 'orig,bene,amount,timestamp,is_sar\n1,2,3,soon,0\n' }],
  ])('%s', async (code, files) => {
    await expect(readDataSet(await folderOf(files), 1)).rejects.toMatchObject({ code });
  });

  test('a path where nothing is', async () => {
    await expect(readDataSet('/nowhere/at/all', 1)).rejects.toMatchObject({ code: 'evaluate.not-found' });
  });
});

const shared = join(import.meta.dirname, '../../../shared/data/payments/20K_fanin200.tgz');
test.skipIf(!existsSync(shared))('the archive of AMLSim in ../shared (skipped where it is not)', async () => {
  const data = await readDataSet(shared, 1);
  expect([data.at.length, data.layout]).toEqual([118_250, 'amlsim-archive']);
});

function tarOf(files: Readonly<Record<string, string>>): Uint8Array {
  const blocks: Uint8Array[] = [];
  for (const [name, text] of Object.entries(files)) {
    const bytes = new TextEncoder().encode(text);
    const header = new Uint8Array(512);
    const put = (value: string, at: number) => header.set(new TextEncoder().encode(value), at);
    put(name, 0);
    put(bytes.length.toString(8).padStart(11, '0'), 124);
    put('0', 156);
    put('ustar', 257);
    const body = new Uint8Array(Math.ceil(bytes.length / 512) * 512);
    body.set(bytes);
    blocks.push(header, body);
  }
  return Buffer.concat([...blocks, new Uint8Array(1024)]);
}
