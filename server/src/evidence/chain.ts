import { hash } from 'node:crypto';
import type { CustodyEntry } from './contract.ts';

type Plain = string | number | { readonly [name: string]: Plain | undefined };

/** JSON with sorted names and no spaces, as RFC 8785 writes texts, whole numbers and objects of them. */
export function canonicalText(value: Plain): string {
  if (typeof value !== 'object') return JSON.stringify(value);
  const members = Object.entries(value).filter((pair): pair is [string, Plain] => pair[1] !== undefined);
  // The order of UTF-16 units, whatever the language of this machine.
  members.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonicalText(member)}`).join(',')}}`;
}

/** What an entry says, without its digest. */
export type NewEntry = Omit<CustodyEntry, 'digest'>;

export function sealEntry(entry: NewEntry): CustodyEntry {
  return { ...entry, digest: digestOf(entry) };
}

const digestOf = (entry: NewEntry): string => hash('sha256', Buffer.from(canonicalText(entry as Plain)));

/** The number of the first entry that is not what it was, or not in its place; undefined if the chain is whole. */
export function brokenAt(exhibit: string, chain: readonly CustodyEntry[]): number | undefined {
  let before: string | undefined;
  for (const [index, { digest, ...entry }] of chain.entries()) {
    const isNext = entry.exhibit === exhibit && entry.number === index + 1 && entry.before === before;
    const isFirst = entry.act === 'sealed' || entry.act === 'received';
    if (!isNext || isFirst !== (index === 0) || digestOf(entry) !== digest) return index + 1;
    before = digest;
  }
  return undefined;
}
