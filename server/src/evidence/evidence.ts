import type { Author } from '@bronze-drum/protocol/statements/envelope';
import type { ExhibitRef } from '@bronze-drum/protocol/statements/exhibit';
import type { Tx } from '../platform/db.ts';

/** Exhibits as hashed blobs, each with a chain of custody. */
export interface Evidence {
  /**
   * Gives sealed exhibits to the readers of a book abroad or to an institution, as part of something (`request:<id>`,
   * `order:<id>`, `report:<id>`): an entry of their custody and, for a book, a statement that lets its readers fetch them.
   * Refuses `not-found.exhibit`, and with a code of `handling.…` what may not leave.
   */
  attach(
    tx: Tx,
    by: Author,
    ids: readonly string[],
    to: { readonly book: string } | { readonly institution: string },
    reference: string,
  ): Promise<ExhibitRef[]>;
}
