import type { Identities } from './identities.ts';
import { daysSince, type FeaturePart } from './payment-sight.ts';

/** What two accounts paid each other before, as long as it is remembered: each bucket forgets the pair that was silent longest. */
export interface PairHistory extends FeaturePart {
  /** Whether no payment from the one to the other is remembered. */
  isNew(from: number, to: number): boolean;
}

const ways = 4;
const valuesPerPair = 3;

export function openPairHistory(pairsMax: number, identities: Identities): PairHistory {
  const buckets = 2 ** Math.ceil(Math.log2(Math.max(64, pairsMax) / ways));
  const keys = new Uint32Array(buckets * ways * 2);
  const firstAt = new Float64Array(buckets * ways);
  const lastAt = new Float64Array(buckets * ways);
  /** Count, last dollars, mean dollars. */
  const values = new Float32Array(buckets * ways * valuesPerPair);

  const bucketOf = (from: number, to: number): number => {
    let hash = Math.imul(from, 0x9e3779b1) ^ Math.imul(to, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    return ((hash ^ (hash >>> 13)) & (buckets - 1)) * ways;
  };

  function find(from: number, to: number): number {
    const one = identities.of(from);
    const other = identities.of(to);
    const bucket = bucketOf(one, other);
    for (let place = bucket; place < bucket + ways; place += 1)
      if (keys[place * 2] === one && keys[place * 2 + 1] === other) return place;
    return -1;
  }

  /** The place for a new pair: an empty one, or that of the pair that was silent longest. */
  function make(from: number, to: number, atMs: number): number {
    const one = identities.of(from);
    const other = identities.of(to);
    const bucket = bucketOf(one, other);
    let place = bucket;
    for (let way = bucket + 1; way < bucket + ways; way += 1) if (lastAt[way]! < lastAt[place]!) place = way;
    keys[place * 2] = one;
    keys[place * 2 + 1] = other;
    firstAt[place] = atMs;
    values.fill(0, place * valuesPerPair, (place + 1) * valuesPerPair);
    return place;
  }

  return {
    names: [
      'pair.count',
      'pair.since',
      'pair.age',
      'pair.usd.toLast',
      'pair.usd.toMean',
      'pair.back.count',
      'pair.back.since',
      'pair.back.usd',
    ],
    isNew: (from, to) => find(from, to) === -1,
    read({ from, to, atMs, usd }, row, offset) {
      row.fill(Number.NaN, offset, offset + 8);
      if (from < 0 || to < 0) return;
      const place = find(from, to);
      row[offset] = place === -1 ? 0 : values[place * valuesPerPair]!;
      if (place !== -1) {
        row[offset + 1] = daysSince(lastAt[place]!, atMs);
        row[offset + 2] = daysSince(firstAt[place]!, atMs);
        row[offset + 3] = usd / values[place * valuesPerPair + 1]!;
        row[offset + 4] = usd / values[place * valuesPerPair + 2]!;
      }
      const back = find(to, from);
      row[offset + 5] = back === -1 ? 0 : values[back * valuesPerPair]!;
      if (back === -1) return;
      row[offset + 6] = daysSince(lastAt[back]!, atMs);
      row[offset + 7] = usd / values[back * valuesPerPair + 1]!;
    },
    note({ from, to, atMs, usd }) {
      if (from < 0 || to < 0) return;
      const known = find(from, to);
      const place = known === -1 ? make(from, to, atMs) : known;
      const count = values[place * valuesPerPair]! + 1;
      lastAt[place] = Math.max(lastAt[place]!, atMs);
      if (known === -1) lastAt[place] = atMs;
      values[place * valuesPerPair] = count;
      values[place * valuesPerPair + 1] = usd;
      values[place * valuesPerPair + 2] =
        values[place * valuesPerPair + 2]! + (usd - values[place * valuesPerPair + 2]!) / count;
    },
    // The account that has the slot next has another number: its pairs are other pairs.
    forget: () => undefined,
    arrays: () => [keys, firstAt, lastAt, values],
  };
}
