import type { BookRow } from './store.ts';

/** How a book stands as it is committed. */
export type BookHead = Omit<BookRow, 'frontier'>;

/**
 * How every book stands, in memory: this server is the only one that writes them (`openSequencer` holds the lock), and
 * followers and readers ask after each statement.
 */
export function openHeads(rows: readonly BookHead[]) {
  const heads = new Map<string, BookHead>();
  let sorted: readonly BookHead[] | undefined;
  const placeOf = (member: string, name: string): string => `${member}/${name}`;
  const put = ({ id, member, name, size, note }: BookHead): void => {
    const known = heads.get(placeOf(member, name));
    if (known !== undefined && known.size > size) return;
    heads.set(placeOf(member, name), { id, member, name, size, note: note ?? known?.note ?? null });
    sorted = undefined;
  };
  rows.forEach(put);
  return {
    /** To be called once a transaction that changed the book has committed. */
    put,
    of: (member: string, name: string): BookHead | undefined => heads.get(placeOf(member, name)),
    /** By member, then by name. */
    all: (): readonly BookHead[] =>
      (sorted ??= [...heads.values()].sort((a, b) => (placeOf(a.member, a.name) < placeOf(b.member, b.name) ? -1 : 1))),
  };
}
