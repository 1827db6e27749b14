import { paymentChannels } from '@bronze-drum/protocol/activity/payment';
import { openGathering, stepMs, stepsFromMs, type DataSet } from './data-set.ts';
import { readTable } from './table.ts';

/** AMLGentex numbers its patterns. */
const patternNames: Readonly<Record<string, string>> = {
  1: 'fan_out',
  2: 'fan_in',
  3: 'cycle',
  4: 'bipartite',
  5: 'stack',
  6: 'random',
  7: 'scatter_gather',
  8: 'gather_scatter',
};

const other = paymentChannels.indexOf('other');
const atm = paymentChannels.indexOf('atm');

/**
 * AMLGentex's log. Opening balances are left out: no institution reports them. Salaries (from `source`) and spending (to `sink`)
 * are payments with the outside: history, never judged.
 */
export function readAmlgentex(log: Uint8Array, about: { readonly name: string; readonly seed: number }): DataSet {
  const table = readTable(log);
  const column = {
    step: table.column('step'),
    type: table.column('type'),
    amount: table.column('amount'),
    from: table.column('nameOrig'),
    to: table.column('nameDest'),
    fromBank: table.column('bankOrig'),
    toBank: table.column('bankDest'),
    fromBalance: table.column('newbalanceOrig'),
    toBalance: table.column('newbalanceDest'),
    positive: table.column('isSAR'),
    pattern: table.column('patternID', 'alertID'),
    model: table.column('modelType'),
  };
  const gathering = openGathering();
  for (const row of table.rows) {
    const type = row[column.type]!;
    if (type === 'INITALBALANCE' || type === 'INITIALBALANCE') continue;
    const isFromOutside = row[column.fromBank] === 'source' || row[column.from]!.startsWith('-');
    const isToOutside = row[column.toBank] === 'sink' || row[column.to]!.startsWith('-');
    gathering.add({
      atMs: stepsFromMs + Number(row[column.step]) * stepMs,
      from: isFromOutside ? undefined : row[column.from],
      to: isToOutside ? undefined : row[column.to],
      usd: Number(row[column.amount]),
      channel: type === 'CASH' ? atm : other,
      ...(isFromOutside ? {} : { fromBalance: numberIn(row, column.fromBalance) }),
      ...(isToOutside ? {} : { toBalance: numberIn(row, column.toBalance) }),
      judged: !isFromOutside && !isToOutside,
      positive: row[column.positive] === '1' || row[column.positive]?.toLowerCase() === 'true',
      typology: patternNames[row[column.model] ?? ''],
      pattern: row[column.pattern],
    });
  }
  return gathering.finish(
    {
      name: about.name,
      layout: 'amlgentex',
      fields: ['day', 'amount', 'accounts', 'balances of both ends', 'cash', 'salaries and spending'],
    },
    about.seed,
  );
}

function numberIn(row: readonly string[], column: number): number {
  const text = row[column];
  return text === undefined || text === '' ? Number.NaN : Number(text);
}
