import { DataSetError, type DataSet } from './data-set.ts';

/** Rows (judged payments, counted in order of time) of the three parts of a data set's time. */
export interface Slices {
  readonly training: Int32Array<ArrayBuffer>;
  readonly choosing: Int32Array<ArrayBuffer>;
  readonly reporting: Int32Array<ArrayBuffer>;
  /** The place in the data set of each row. */
  readonly places: Int32Array<ArrayBuffer>;
  readonly labels: Uint8Array<ArrayBuffer>;
  readonly choosingDays: number;
  readonly reportingDays: number;
}

const trainingShare = 0.6;
const choosingShare = 0.2;

/** The first 60 % of the time to learn from, the next 20 % to choose thresholds on, the last 20 % to report on. */
export function sliceByTime(data: DataSet): Slices {
  const places = Int32Array.from(data.judged.keys().filter((place) => data.judged[place] === 1));
  const [first, last] = [data.at[places[0]!]!, data.at[places[places.length - 1]!]!];
  const chooseFrom = first + trainingShare * (last - first);
  const reportFrom = first + (trainingShare + choosingShare) * (last - first);
  const rowsWhere = (isIn: (at: number) => boolean) =>
    Int32Array.from(places.keys().filter((row) => isIn(data.at[places[row]!]!)));
  const slices: Slices = {
    places,
    labels: Uint8Array.from(places, (place) => data.positive[place]!),
    training: rowsWhere((at) => at < chooseFrom),
    choosing: rowsWhere((at) => at >= chooseFrom && at < reportFrom),
    reporting: rowsWhere((at) => at >= reportFrom),
    choosingDays: (reportFrom - chooseFrom) / 86_400_000,
    reportingDays: (last - reportFrom) / 86_400_000,
  };
  for (const part of ['training', 'choosing', 'reporting'] as const)
    if (!slices[part].some((row) => slices.labels[row] === 1))
      throw new DataSetError(
        'evaluate.no-positives',
        `${data.name} has no illicit payment in the part for ${part} (${slices[part].length} payments): nothing can be learnt or measured`,
      );
  return slices;
}
