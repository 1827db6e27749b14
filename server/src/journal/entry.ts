import type { Envelope, Statement } from '@bronze-drum/protocol/statements/envelope';
import { statementKinds } from '@bronze-drum/protocol/statements/kinds';

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
  /** Handed on once more, after what follows it in its book. */
  readonly redelivered?: boolean;
}

/** A book's member and name, its number of statements, and its newest checkpoint as a signed note (null while it is empty). */
export interface Book {
  readonly member: string;
  readonly name: string;
  readonly size: number;
  readonly note: string | null;
}

/**
 * The kind by which followers find a statement. A version that a later release made of a known kind is kept under another
 * name, `kind@version`, so that no room reads what it does not understand; the release that does takes it up.
 */
export function followedKind({ kind, version }: Pick<Envelope, 'kind' | 'version'>): string {
  const known = Object.hasOwn(statementKinds, kind) ? statementKinds[kind as keyof typeof statementKinds] : undefined;
  return known === undefined || version <= known.version ? kind : `${kind}@${version}`;
}
