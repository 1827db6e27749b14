import type { Envelope, Statement } from '@bronze-drum/protocol/statements/envelope';

/** What a verb wants to say; the journal adds the member, the instant and the audience that the book's name implies. */
export type Draft<Body = unknown> = Pick<Envelope, 'book' | 'kind' | 'version' | 'author' | 'handling'> &
  Partial<Pick<Envelope, 'retention' | 'subject' | 'withdraws'>> & { readonly body: Body };

/** A statement as it stands in a book. `statement` is null once its body has been erased. */
export interface Entry {
  readonly member: string;
  readonly book: string;
  readonly number: number;
  readonly commitment: Uint8Array;
  readonly salt: Uint8Array | null;
  /** The exact text that was committed to. */
  readonly bytes: string | null;
  readonly statement: Statement | null;
}

/** A book's name, its number of statements, and its newest checkpoint as a signed note (null while it is empty). */
export interface Book {
  readonly name: string;
  readonly size: number;
  readonly note: string | null;
}
