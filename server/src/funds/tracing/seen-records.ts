import { hashOn, mixed, openHashTable, type HashTable } from './hash-table.ts';

const dayMs = 24 * 3_600_000;

/** Which records were told, by 63 bits of their names, apart for each day on which they happened: an old day goes as a whole. */
export function openSeenRecords(seed: number) {
  const days = new Map<number, HashTable>();
  return {
    isNew(source: string, id: string, atMs: number): boolean {
      const day = Math.floor(atMs / dayMs);
      let names = days.get(day);
      if (names === undefined) {
        names = openHashTable();
        days.set(day, names);
      }
      const hash = mixed(hashOn(hashOn(seed ^ 0x2545f491, source) ^ 1, id));
      const name = mixed(hashOn(hashOn(~seed, id) ^ 1, source)) >>> 1;
      if (names.find(hash, (kept) => kept === name) !== -1) return false;
      names.insert(hash, name);
      return true;
    },
    forget(beforeMs: number): void {
      for (const day of days.keys()) if ((day + 1) * dayMs <= beforeMs) days.delete(day);
    },
    bytes: () => [...days.values()].reduce((sum, names) => sum + names.bytes(), 0),
  };
}
