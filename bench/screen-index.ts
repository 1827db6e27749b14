import { openKeyIndex, type KeyIndex } from '../server/src/screening/key-index.ts';
import type { BenchOptions, Figure } from './bench.ts';
import { syntheticKey } from './screening-world/listings.ts';

const sizeDefault = 10_000_000;
const rounds = 31;
const lookUpsARound = 20_000;

/**
 * The index of keys in memory against a JavaScript Map, each asked for keys of which half are listed, in strings that were
 * decoded a moment ago, as they come out of a request. The processor's time is taken, which another program on the machine
 * disturbs less than the clock's; the two take turns.
 */
export async function run(options: BenchOptions): Promise<Figure[]> {
  const size = options.size ?? sizeDefault;
  const index = openKeyIndex(crypto.getRandomValues(new Uint8Array(8)));
  const growth = fill(index, size);
  const peer = new Map<string, number>();
  for (let n = 0; n < size; n += 1) peer.set(fresh(syntheticKey(n)), n);
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const asked = Array.from({ length: lookUpsARound }, () => Math.floor(Math.random() * size * 2));
    const expected = asked.filter((n) => n < size).length;
    ours.push(microseconds(asked, expected, (key) => index.find(key) !== 0));
    theirs.push(microseconds(asked, expected, (key) => peer.has(key)));
  }
  const perSecond = (times: readonly number[]): number => (lookUpsARound / median(times)) * 1e6;
  const bytes = index.bytes();
  return [
    against('screen-index look-ups, half listed (Map)', perSecond(ours), 'look-ups/s', perSecond(theirs)),
    against('screen-index bytes an identifier (limit)', bytes.index / size, 'bytes', 24),
    against('screen-index most bytes at any size (limit)', growth.bytesMax, 'bytes', 24),
    against('screen-index longest growth (limit)', growth.millisecondsMax, 'ms', 50),
    against(
      'screen-index whole keys, beside the index (their text)',
      bytes.keys / size,
      'bytes',
      growth.textBytes / size,
    ),
  ];
}

const against = (name: string, value: number, unit: string, baseline: number): Figure => ({
  name,
  value,
  unit,
  baseline,
  ratio: value / baseline,
});

function fill(index: KeyIndex, size: number): { bytesMax: number; millisecondsMax: number; textBytes: number } {
  let bytesMax = 0;
  let millisecondsMax = 0;
  let textBytes = 0;
  let before = index.bytes().index;
  for (let n = 0; n < size; n += 1) {
    const key = syntheticKey(n);
    textBytes += key.length;
    const from = process.cpuUsage();
    index.add(key);
    // Asking for the bytes is dear, and only an addition that took a while can have been a growth.
    const spent = process.cpuUsage(from);
    if (spent.user + spent.system < 100) continue;
    const { index: bytes } = index.bytes();
    if (bytes === before) continue;
    before = bytes;
    millisecondsMax = Math.max(millisecondsMax, (spent.user + spent.system) / 1000);
    if (n > 1000) bytesMax = Math.max(bytesMax, bytes / index.size());
  }
  return { bytesMax, millisecondsMax, textBytes };
}

/** A string that nothing has looked at yet: its hash is not known, and it is nobody else's. */
function fresh(text: string): string {
  return Buffer.from(text).toString('latin1');
}

function microseconds(asked: readonly number[], expected: number, isListed: (key: string) => boolean): number {
  const keys = asked.map((n) => fresh(syntheticKey(n)));
  let found = 0;
  const from = process.cpuUsage();
  for (const key of keys) if (isListed(key)) found += 1;
  const { user, system } = process.cpuUsage(from);
  if (found !== expected) throw new Error(`${found} of ${expected} listed keys were found`);
  return user + system;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}
