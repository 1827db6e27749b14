import { paymentChannels } from '@bronze-drum/protocol/activity/payment';
import { DataSetError, openGathering, stepMs, stepsFromMs, type DataSet } from './data-set.ts';
import type { StoredFiles } from './stored-files.ts';
import { readTable, type Table } from './table.ts';

const other = paymentChannels.indexOf('other');
const atm = paymentChannels.indexOf('atm');

/** Where a table of payments has what; -1 where it has not. */
interface Columns {
  readonly id: number;
  readonly from: number;
  readonly to: number;
  readonly amount: number;
  readonly at: number;
  readonly type: number;
  readonly positive: number;
  readonly alert: number;
  readonly fromBalance: number;
  readonly toBalance: number;
}

function columnsOf(table: Table): Columns | undefined {
  const columns: Columns = {
    id: table.column('tran_id', 'transaction_id', 'tx_id', 'txn_id', 'id'),
    from: table.column(
      'orig_acct',
      'nameOrig',
      'orig_id',
      'orig',
      'sender',
      'sender_account_id',
      'from_account',
      'source',
      'src',
    ),
    to: table.column(
      'bene_acct',
      'nameDest',
      'bene_id',
      'bene',
      'dest_id',
      'dest',
      'receiver',
      'receiver_account_id',
      'to_account',
      'target',
      'dst',
    ),
    amount: table.column('base_amt', 'amount', 'tx_amount', 'value', 'amt'),
    at: table.column('tran_timestamp', 'timestamp', 'step', 'time', 'date'),
    type: table.column('tx_type', 'type', 'ttype'),
    positive: table.column('is_sar', 'sar', 'is_fraud', 'is_laundering', 'label', 'fraud'),
    alert: table.column('alert_id', 'alert'),
    fromBalance: table.column('newbalanceOrig', 'orig_balance_after'),
    toBalance: table.column('newbalanceDest', 'dest_balance_after', 'bene_balance_after'),
  };
  return Math.min(columns.from, columns.to, columns.amount, columns.at) < 0 ? undefined : columns;
}

/**
 * What AMLSim itself writes: its raw log (`tx_log.csv`), or the tables that its converter makes of it, of one bank or in a folder a
 * bank. Where a folder has both, the raw log is read. Names of alerts and labels that are elsewhere are looked up in the other tables.
 */
export async function readAmlsimOutput(files: StoredFiles, seed: number): Promise<DataSet> {
  const chosen = new Map<string, [path: string, table: Table, columns: Columns]>();
  const labels: Labels = { payments: new Set(), accounts: new Set(), names: new Map() };
  for (const path of files.paths.filter((path) => path.endsWith('.csv')).sort()) {
    const table = readTable(await files.read(path));
    learn(path, table, labels);
    const columns = columnsOf(table);
    if (columns === undefined || /alert|sar_/i.test(fileOf(path))) continue;
    // The converter puts cash into a table of its own, beside that of payments.
    const place = /cash/i.test(fileOf(path)) ? path : path.slice(0, -fileOf(path).length);
    if (!chosen.has(place) || /log/i.test(fileOf(path))) chosen.set(place, [path, table, columns]);
  }
  if (chosen.size === 0)
    throw new DataSetError('evaluate.no-payments', 'No table has columns for sender, receiver, amount and time');
  const gathering = openGathering();
  const seen = new Set<string>();
  const used = [...chosen.values()];
  for (const [, table, columns] of used)
    for (const row of table.rows) {
      // Two banks may both tell of one payment.
      const key =
        used.length > 1 && columns.id >= 0
          ? [columns.id, columns.from, columns.to, columns.amount, columns.at].map((at) => row[at]).join('|')
          : undefined;
      if (key !== undefined && seen.has(key)) continue;
      if (key !== undefined) seen.add(key);
      gathering.add(found(row, columns, labels));
    }
  const hasBalance = used.some(([, , { fromBalance }]) => fromBalance >= 0);
  const fields = ['day', 'amount', 'accounts', ...(hasBalance ? ['balances of both ends'] : [])];
  return gathering.finish({ name: files.name, layout: 'amlsim', fields }, seed);
}

interface Labels {
  readonly payments: Set<string>;
  readonly accounts: Set<string>;
  /** Of an alert. */
  readonly names: Map<string, string>;
}

const fileOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** Names of alerts, which payments belong to one, which accounts are suspected: only for labels, never for features. */
function learn(path: string, table: Table, labels: Labels): void {
  const name = fileOf(path);
  if (!/alert|sar_acc/i.test(name)) return;
  const [alert, kind] = [table.column('alert_id', 'alertID'), table.column('alert_type', 'reason', 'type')];
  const payment = table.column('tran_id', 'tx_id');
  const account = table.column('acct_id', 'account_id', 'accountID');
  for (const row of table.rows) {
    if (alert >= 0 && kind >= 0) labels.names.set(row[alert]!, row[kind]!.toLowerCase());
    if (payment >= 0) labels.payments.add(row[payment]!);
    else if (account >= 0 && /sar_acc/i.test(name)) labels.accounts.add(row[account]!);
  }
}

function found(row: readonly string[], columns: Columns, labels: Labels) {
  const type = row[columns.type]?.toUpperCase() ?? '';
  const isCashIn = /CASH.?IN|DEPOSIT/.test(type);
  const isCash = isCashIn || type.includes('CASH');
  const [from, to] = [row[columns.from]!, row[columns.to]!];
  const alert = row[columns.alert];
  const isNamed = alert !== undefined && alert !== '' && alert !== '-1';
  const positive =
    columns.positive >= 0
      ? /^(?:1|true|t|yes)$/i.test(row[columns.positive]!)
      : labels.payments.has(row[columns.id] ?? '') || (labels.accounts.has(from) && labels.accounts.has(to));
  return {
    atMs: instantOf(row[columns.at]!),
    from: isCashIn ? undefined : from,
    to: isCash && !isCashIn ? undefined : to,
    usd: Number(row[columns.amount]),
    channel: isCash ? atm : other,
    fromBalance: isCashIn ? Number.NaN : balanceOf(row[columns.fromBalance]),
    toBalance: isCash && !isCashIn ? Number.NaN : balanceOf(row[columns.toBalance]),
    judged: !isCash,
    positive: positive && !isCash,
    typology: isNamed ? labels.names.get(alert) : undefined,
    pattern: isNamed ? alert : undefined,
  };
}

const balanceOf = (text: string | undefined): number => (text === undefined || text === '' ? Number.NaN : Number(text));

/** A step, a date as 20170131, or an instant. */
function instantOf(text: string): number {
  if (/^\d{8}$/.test(text))
    return Date.UTC(Number(text.slice(0, 4)), Number(text.slice(4, 6)) - 1, Number(text.slice(6)));
  const step = Number(text);
  if (text !== '' && Number.isFinite(step)) return stepsFromMs + step * stepMs;
  const instant = Date.parse(text);
  if (Number.isNaN(instant)) throw new DataSetError('evaluate.bad-time', `"${text}" is no step and no instant`);
  return instant;
}
