import type { MemberCode } from '@bronze-drum/protocol/members';
import { tiers, typologies, type Tier, type Typology } from '@bronze-drum/protocol/statements/listing';
import type { ListedChange, ListedRow } from '../registry/registry.ts';
import { openAddressRanges, type AddressRanges } from './address-ranges.ts';
import type { Seed } from './fingerprint.ts';
import { openKeyIndex } from './key-index.ts';
import { field, instant, openListingRows } from './listing-rows.ts';
import { memberNumber, memberOf } from './member-numbers.ts';

/** One member's claim about a key, as it is in force. */
export interface Listing {
  readonly id: string;
  readonly member: MemberCode;
  readonly tier: Tier;
  /** A set, as bits in the order of the protocol's typologies. */
  readonly typologies: number;
  readonly presented: boolean;
  readonly discreet: boolean;
  readonly sinceMs: number;
  readonly untilMs: number;
}

/**
 * What is listed, in memory. Of one listing the highest revision stands, whatever came first; of equals, the one that ends
 * it. A listing's id stays with its key: the registry sees to that.
 */
export interface ListingTable {
  apply(change: ListedChange): void;
  /** The listings of a key that are in force at an instant, in no order. */
  inForce(key: string, nowMs: number): readonly Listing[];
  readonly ranges: Pick<AddressRanges, 'covering'>;
  /** Looks at some more rows, and frees those of listings whose time was over before an instant. */
  forget(overBeforeMs: number, rowsMax: number): void;
  counts(): { keys: number; listings: number; indexBytes: number; keyBytes: number; listingBytes: number };
}

type End = Extract<ListedChange, { end: unknown }>['end'];

const none: readonly Listing[] = [];
const tierShift = 8;
const presentedBit = 1 << 16;
const discreetBit = 1 << 17;
const endedBit = 1 << 18;
const revisionMax = 2 ** 31 - 1;

export function openListingTable(seed: Seed): ListingTable {
  const index = openKeyIndex(seed);
  const rows = openListingRows();
  const ranges = openAddressRanges();
  const asked = new Int32Array(4);
  let listings = 0;
  let sweptTo = 1;

  /** The row of a member's listing under a key, which is made if there is none. */
  function rowOf(key: string, member: number, id: string): number {
    const place = index.add(key);
    const head = index.value(place);
    readId(id, asked);
    for (let row = head; row !== 0; row = rows.word(row, field.next)) {
      if ((rows.word(row, field.claim) & 0xff) === member && hasId(row)) return row;
    }
    const row = rows.allocate();
    rows.setWord(row, field.next, head);
    rows.setWord(row, field.place, place);
    for (let at = 0; at < 4; at += 1) rows.setWord(row, field.id + at, asked[at]!);
    rows.setWord(row, field.revision, 0);
    rows.setWord(row, field.claim, member | endedBit);
    // Of a listing that ended before it was heard of, nobody knows how long it would have lasted.
    rows.setInstant(row, instant.until, Infinity);
    index.setValue(place, row);
    listings += 1;
    if (head === 0) ranges.added(key);
    return row;
  }

  function hasId(row: number): boolean {
    for (let at = 0; at < 4; at += 1) if (rows.word(row, field.id + at) !== asked[at]) return false;
    return true;
  }

  function put(listed: ListedRow): void {
    const member = memberNumber(listed.member);
    const tier = tiers.indexOf(listed.tier);
    if (member < 0 || tier < 0) return;
    const row = rowOf(listed.key, member, listed.id);
    const revision = Math.min(listed.revision, revisionMax);
    if (revision <= rows.word(row, field.revision)) return;
    const flags = (listed.presented ? presentedBit : 0) | (listed.discreet ? discreetBit : 0);
    rows.setWord(row, field.revision, revision);
    rows.setWord(row, field.claim, member | (tier << tierShift) | flags);
    rows.setWord(row, field.typologies, typologySet(listed.typologies));
    rows.setInstant(row, instant.since, listed.sinceMs);
    rows.setInstant(row, instant.until, listed.untilMs);
  }

  function end(ended: End): void {
    const member = memberNumber(ended.member);
    if (member < 0) return;
    const row = rowOf(ended.key, member, ended.id);
    const revision = Math.min(ended.revision, revisionMax);
    if (revision < rows.word(row, field.revision)) return;
    rows.setWord(row, field.revision, revision);
    rows.setWord(row, field.claim, rows.word(row, field.claim) | endedBit);
  }

  function read(row: number): Listing {
    const claim = rows.word(row, field.claim);
    return {
      id: idText(
        rows.word(row, field.id),
        rows.word(row, field.id + 1),
        rows.word(row, field.id + 2),
        rows.word(row, field.id + 3),
      ),
      member: memberOf(claim & 0xff),
      tier: tiers[(claim >> tierShift) & 0xff]!,
      typologies: rows.word(row, field.typologies),
      presented: (claim & presentedBit) !== 0,
      discreet: (claim & discreetBit) !== 0,
      sinceMs: rows.instant(row, instant.since),
      untilMs: rows.instant(row, instant.until),
    };
  }

  function remove(gone: number): void {
    const place = rows.word(gone, field.place);
    const after = rows.word(gone, field.next);
    let row = index.value(place);
    if (row === gone) index.setValue(place, after);
    else {
      while (rows.word(row, field.next) !== gone) row = rows.word(row, field.next);
      rows.setWord(row, field.next, after);
    }
    rows.free(gone);
    listings -= 1;
    if (index.value(place) !== 0) return;
    const key = index.key(place);
    index.remove(key);
    ranges.removed(key);
  }

  return {
    apply(change) {
      if ('put' in change) put(change.put);
      else end(change.end);
    },
    inForce(key, nowMs) {
      const place = index.find(key);
      if (place === 0) return none;
      let found: Listing[] | undefined;
      for (let row = index.value(place); row !== 0; row = rows.word(row, field.next)) {
        if ((rows.word(row, field.claim) & endedBit) !== 0) continue;
        if (rows.instant(row, instant.since) > nowMs || rows.instant(row, instant.until) <= nowMs) continue;
        (found ??= []).push(read(row));
      }
      return found ?? none;
    },
    ranges,
    forget(overBeforeMs, rowsMax) {
      const steps = Math.min(rowsMax, rows.end() - 1);
      for (let step = 0; step < steps; step += 1) {
        if (rows.word(sweptTo, field.place) !== 0 && rows.instant(sweptTo, instant.until) <= overBeforeMs)
          remove(sweptTo);
        sweptTo = sweptTo + 1 < rows.end() ? sweptTo + 1 : 1;
      }
    },
    counts() {
      const { index: indexBytes, keys: keyBytes } = index.bytes();
      return { keys: index.size(), listings, indexBytes, keyBytes, listingBytes: rows.bytes() };
    },
  };
}

function readId(uuid: string, into: Int32Array): void {
  into[0] = Number.parseInt(uuid.slice(0, 8), 16);
  into[1] = Number.parseInt(uuid.slice(9, 13) + uuid.slice(14, 18), 16);
  into[2] = Number.parseInt(uuid.slice(19, 23) + uuid.slice(24, 28), 16);
  into[3] = Number.parseInt(uuid.slice(28, 36), 16);
}

const hex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
const highHalf = (word: number): string => hex[word >>> 24]! + hex[(word >>> 16) & 0xff]!;
const lowHalf = (word: number): string => hex[(word >>> 8) & 0xff]! + hex[word & 0xff]!;

function idText(a: number, b: number, c: number, d: number): string {
  return `${highHalf(a)}${lowHalf(a)}-${highHalf(b)}-${lowHalf(b)}-${highHalf(c)}-${lowHalf(c)}${highHalf(d)}${lowHalf(d)}`;
}

function typologySet(names: readonly string[]): number {
  let set = 0;
  // A name from a newer release is `unspecified` here.
  for (const name of names) set |= 1 << Math.max(0, typologies.indexOf(name as Typology));
  return set;
}
