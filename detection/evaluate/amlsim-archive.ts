import { paymentChannels } from '@bronze-drum/protocol/activity/payment';
import { openGathering, stepMs, stepsFromMs, type DataSet } from './data-set.ts';
import { readTable } from './table.ts';

const other = paymentChannels.indexOf('other');

/** AMLSim's sample archives: accounts are labelled; a payment is illicit if both of its ends are. */
export function readAmlsimArchive(
  files: { readonly nodes: Uint8Array; readonly payments: Uint8Array },
  about: { readonly name: string; readonly seed: number },
): DataSet {
  const nodes = readTable(files.nodes);
  const [node, fraud] = [nodes.column('nodeid', 'id', 'account'), nodes.column('isFraud', 'isSar', 'fraud')];
  const frauds = new Set<string>();
  for (const row of nodes.rows) if (/^(?:1|true)$/i.test(row[fraud] ?? '')) frauds.add(row[node]!);

  const table = readTable(files.payments);
  const from = table.column('sourceNodeId', 'source', 'orig');
  const to = table.column('targetNodeId', 'target', 'dest');
  const [value, time] = [table.column('value', 'amount'), table.column('time', 'step')];
  const gathering = openGathering();
  for (const row of table.rows) {
    gathering.add({
      atMs: stepsFromMs + Number(row[time]) * stepMs,
      from: row[from],
      to: row[to],
      usd: Number(row[value]),
      channel: other,
      judged: true,
      positive: frauds.has(row[from]!) && frauds.has(row[to]!),
    });
  }
  return gathering.finish(
    { name: about.name, layout: 'amlsim-archive', fields: ['day', 'amount', 'accounts'] },
    about.seed,
  );
}
