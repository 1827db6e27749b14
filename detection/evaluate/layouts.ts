import { readAmlgentex } from './amlgentex.ts';
import { readAmlsimArchive } from './amlsim-archive.ts';
import { readAmlsimOutput } from './amlsim-output.ts';
import { DataSetError, type DataSet } from './data-set.ts';
import { readSimulated } from './simulated.ts';
import { openStoredFiles } from './stored-files.ts';
import { readTable } from './table.ts';

const headBytes = 4096;

/** Reads a data set in whichever of the known layouts it is: AMLGentex, an AMLSim archive, AMLSim's own output, `drum-simulate`'s. */
export async function readDataSet(path: string, seed: number): Promise<DataSet> {
  const files = await openStoredFiles(path);
  if (files.paths.some((stored) => /(?:^|\/)payments\.ndjson$/.test(stored)))
    return checked(await readSimulated(files, seed));
  for (const stored of files.paths) {
    if (!stored.endsWith('.csv')) continue;
    const bytes = await files.read(stored);
    const head = readTable(bytes.subarray(0, headBytes));
    const has = (...names: readonly string[]) => names.every((name) => head.column(name) >= 0);
    if (has('nameOrig', 'nameDest', 'bankOrig', 'bankDest', 'step'))
      return checked(readAmlgentex(bytes, { name: files.name, seed }));
    if (has('nodeid') && (has('isFraud') || has('isSar'))) {
      const payments = files.paths.find((path) => path.endsWith('transactions.csv'));
      if (payments === undefined) continue;
      return checked(
        readAmlsimArchive({ nodes: bytes, payments: await files.read(payments) }, { name: files.name, seed }),
      );
    }
  }
  if (!files.paths.some((stored) => stored.endsWith('.csv')))
    throw new DataSetError(
      'evaluate.unknown-layout',
      `${path} has no payments.ndjson and no .csv, plain or gzipped. Known are AMLGentex (tx_log.csv), AMLSim archives (nodes.csv and transactions.csv), AMLSim's output, and what drum-simulate --out writes`,
    );
  return checked(await readAmlsimOutput(files, seed));
}

function checked(data: DataSet): DataSet {
  if (!data.judged.includes(1))
    throw new DataSetError('evaluate.no-payments', `${data.name} has no payment between accounts`);
  const bad = data.at.findIndex((at) => !(at > 0)) + 1 || data.usd.findIndex((usd) => !(usd >= 0)) + 1;
  if (bad > 0)
    throw new DataSetError(
      'evaluate.bad-payment',
      `Payment ${bad} of ${data.name} has no time or amount: ${data.at[bad - 1]}, ${data.usd[bad - 1]}`,
    );
  return data;
}
