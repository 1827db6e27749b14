import type { Table } from './replay.ts';

/**
 * A rule as a person would write it, to compare with: a first payment between two accounts, whose receiver was paid by many new
 * payers in about four days, or whose sender paid many, or which passes on what came in, less a fee, within days.
 */
interface Rule {
  readonly payersMin: number;
  readonly payeesMin: number;
  readonly passedDaysMax: number;
}

const many = [2, 3, 4, 6, 9, Number.POSITIVE_INFINITY] as const;
const soon = [0, 0.02, 0.5, 1, 3, 7] as const;
const [passedMin, passedMax] = [0.85, 1.001];

/** The rule that does best by F1 on the rows to choose on; 1 for each row that it flags. */
export function flagByHand(table: Table, labels: Uint8Array, choosing: Int32Array): Float64Array<ArrayBuffer> {
  const column = (name: string): number => table.names.indexOf(name);
  const columns = {
    pairs: column('pair.count'),
    payers: column('to.in.new.4d'),
    payees: column('from.out.new.4d'),
    passed: column('recent.from.in.match'),
    since: column('recent.from.in.match.since'),
  };
  const { rows, columns: width, values } = table.matrix;
  const flags = (row: number, { payersMin, payeesMin, passedDaysMax }: Rule): boolean => {
    const at = row * width;
    if (values[at + columns.pairs]! > 0) return false;
    const passed = values[at + columns.passed]!;
    return (
      values[at + columns.payers]! >= payersMin ||
      values[at + columns.payees]! >= payeesMin ||
      (passed >= passedMin && passed <= passedMax && values[at + columns.since]! < passedDaysMax)
    );
  };
  let positives = 0;
  for (const row of choosing) positives += labels[row]!;
  let best = -1;
  let chosen: Rule = { payersMin: 2, payeesMin: 2, passedDaysMax: 1 };
  for (const payersMin of many)
    for (const payeesMin of many)
      for (const passedDaysMax of soon) {
        const rule = { payersMin, payeesMin, passedDaysMax };
        let [flagged, hits] = [0, 0];
        for (const row of choosing)
          if (flags(row, rule)) {
            flagged += 1;
            hits += labels[row]!;
          }
        const f1 = (2 * hits) / (flagged + positives);
        if (f1 <= best) continue;
        best = f1;
        chosen = rule;
      }
  return Float64Array.from({ length: rows }, (_, row) => (flags(row, chosen) ? 1 : 0));
}
