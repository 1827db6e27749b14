import type { Finding } from '@bronze-drum/detection/engine';

/** A batch that was looked at, whose commit nobody has seen yet: its records, and what was found in them. */
export interface Batches<Record extends { readonly number: number }> {
  /** The last record that was looked at. */
  seen(): number;
  /** Goes on after a record, as if all before it had been looked at. */
  goOn(number: number): void;
  /**
   * Looks at those of a batch that were not looked at before, and gives what is to be stored with the batch: also what was
   * found in an attempt that did not come to its commit.
   */
  look(records: readonly Record[]): readonly Finding[];
  /** The batch came to its commit. */
  committed(): void;
  /** Whether all that was looked at is durable, as far as this process knows. */
  isDurable(): boolean;
}

/** An engine cannot unsee a record: a batch that comes again is not looked at again. */
export function openBatches<Record extends { readonly number: number }>(
  see: (record: Record) => Finding[],
): Batches<Record> {
  let seen = 0;
  let found: Finding[] = [];
  let isDurable = true;
  return {
    seen: () => seen,
    goOn(number) {
      seen = number;
      found = [];
      isDurable = true;
    },
    look(records) {
      const fresh = records.filter(({ number }) => number > seen);
      // Nothing comes again, so the batch before is durable, whether or not that was heard of.
      if (fresh.length === records.length) found = [];
      for (const record of fresh) found.push(...see(record));
      seen = records.at(-1)?.number ?? seen;
      isDurable = false;
      return found;
    },
    committed() {
      isDurable = true;
    },
    isDurable: () => isDurable,
  };
}
