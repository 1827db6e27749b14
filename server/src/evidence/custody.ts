import type { Handling } from '@bronze-drum/protocol/handling';
import type { Author } from '@bronze-drum/protocol/statements/envelope';
import type { ExhibitBody } from '@bronze-drum/protocol/statements/exhibit';
import type { ExhibitCustodyBody } from '@bronze-drum/protocol/statements/exhibit-custody';
import type { Journal } from '../journal/journal.ts';
import { instantText, type Clock } from '../kernel/clock.ts';
import type { Tx } from '../platform/db.ts';
import { sealEntry } from './chain.ts';
import type { CustodyAct, CustodyBy, CustodyEntry } from './contract.ts';
import * as store from './store.ts';

export interface CustodyParts {
  readonly clock: Clock;
  readonly journal: Pick<Journal, 'append' | 'member'>;
}

export interface Deed {
  readonly act: CustodyAct;
  readonly by: CustodyBy;
  /** The server itself unless said. */
  readonly place?: string;
  readonly details: CustodyEntry['details'];
}

export const subjectOf = (id: string): string => `exhibit:${id}`;
/** By which the statement about one entry is found again. */
export const entrySubjectOf = (id: string, number: number): string => `exhibit-entry:${id}/${number}`;

/** Chains of custody: each entry stands in the journal as soon as it stands in its chain. */
export function openCustody({ clock, journal }: CustodyParts) {
  const here = `server:${journal.member}`;
  const entryOf = (id: string, number: number, before: string | undefined, deed: Deed): CustodyEntry =>
    sealEntry({
      exhibit: id,
      number,
      at: instantText(clock.now()),
      act: deed.act,
      by: deed.by,
      place: deed.place ?? here,
      details: deed.details,
      ...(before !== undefined && { before }),
    });

  return {
    /** Begins the chain of a new exhibit: keeps it, and says in the journal that it is sealed. */
    async begin(
      tx: Tx,
      row: Omit<store.ExhibitRow, 'entries' | 'head' | 'destroyed_at'>,
      deed: Deed & { by: Author },
    ): Promise<void> {
      const entry = entryOf(row.id, 1, undefined, deed);
      await store.insertExhibit(tx, { ...row, entries: 1, head: entry.digest });
      await store.insertEntry(tx, entry);
      const body: ExhibitBody = {
        exhibit: store.refOf(row),
        act: 'sealed',
        custody: entry.digest,
        collectedAt: instantText(row.collected_at.getTime()),
      };
      await journal.append(tx, [
        {
          book: 'domestic',
          kind: 'exhibit',
          version: 1,
          author: deed.by,
          handling: store.handlingIn(row),
          subject: subjectOf(row.id),
          body,
        },
      ]);
    },
    /** Adds to a chain. The caller holds the exhibit's lock, and `row` is as it was read under it. Returns the new row. */
    async add(tx: Tx, row: store.ExhibitRow, deed: Deed): Promise<store.ExhibitRow> {
      const entry = entryOf(row.id, row.entries + 1, row.head, deed);
      await store.insertEntry(tx, entry);
      await store.moveHead(tx, entry);
      const body: ExhibitCustodyBody = {
        exhibit: row.id,
        number: entry.number,
        act: entry.act,
        custody: entry.digest,
      };
      await journal.append(tx, [
        {
          book: 'domestic',
          kind: 'exhibit-custody',
          version: 1,
          author: 'member' in deed.by ? { office: 'evidence', rule: 'disclosed' } : deed.by,
          handling: store.handlingIn(row),
          subject: entrySubjectOf(row.id, entry.number),
          body,
        },
      ]);
      return { ...row, entries: entry.number, head: entry.digest };
    },
  };
}
export type Custody = ReturnType<typeof openCustody>;

/** What the first entry says of an exhibit, so that nothing of it can be changed afterwards. */
export function detailsOf(row: Omit<store.ExhibitRow, 'entries' | 'head' | 'destroyed_at'>): CustodyEntry['details'] {
  const { tlp, conditions, restriction }: Handling = store.handlingIn(row);
  return {
    sha256: row.sha256,
    bytes: row.bytes,
    mediaType: row.media_type,
    title: row.title,
    collectedAt: instantText(row.collected_at.getTime()),
    collectedFrom: row.collected_from,
    means: row.means,
    tlp,
    conditions: conditions.join(','),
    ...(restriction !== undefined && { restriction }),
  };
}
