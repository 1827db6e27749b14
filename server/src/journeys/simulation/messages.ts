import type { ShownEntry } from '@bronze-drum/protocol/federation/checks';
import type { Beat, PageHeader } from '@bronze-drum/protocol/federation/pages';
import type { Fork } from '@bronze-drum/protocol/federation/reading';
import type { KeyRecord } from './keys.ts';

/** What servers say to each other. A session is one stream: a reader passes over pages of a stream that it has left. */
export type Message =
  | { readonly type: 'positions'; readonly session: string; readonly positions: string }
  | PageMessage
  | { readonly type: 'beat'; readonly beat: Beat }
  | { readonly type: 'refusal'; readonly code: string }
  | ReceiptMessage
  | { readonly type: 'taken'; readonly book: string; readonly mark: string; readonly sentMs: number }
  | { readonly type: 'shown'; readonly member: string; readonly book: string; readonly note: string }
  | { readonly type: 'fork'; readonly fork: Fork }
  | { readonly type: 'ask-keys' }
  | { readonly type: 'keys'; readonly records: readonly KeyRecord[] }
  /** A restored server asks what is remembered of its books; an answer counts for the question that it answers. */
  | { readonly type: 'recall'; readonly question: string }
  | {
      readonly type: 'remembered';
      readonly question: string;
      readonly books: readonly { readonly book: string; readonly size: number }[];
    }
  | { readonly type: 'ask-recalled'; readonly book: string; readonly from: number }
  | { readonly type: 'recalled'; readonly header: PageHeader; readonly entries: readonly ShownEntry[] };

export interface PageMessage {
  readonly type: 'page';
  readonly session: string;
  readonly header: PageHeader;
  readonly entries: readonly ShownEntry[];
}

export interface ReceiptMessage {
  readonly type: 'receipt';
  readonly book: string;
  readonly size: number;
  readonly applied: number;
  readonly cosigned: string | null;
  readonly atMs: number;
}

/** The one answer for a book that is not there, that is not the asker's to read, and of whoever has paused the asker. */
export const notFound: Message = { type: 'refusal', code: 'not-found.book' };

/** Whose books a message tells of: the owner is the sender, the receiver or a third. */
export function booksNamed(from: string, to: string, message: Message): { owner: string; book: string }[] {
  switch (message.type) {
    case 'page':
      return [{ owner: from, book: message.header.book }];
    case 'taken':
    case 'ask-recalled':
      return [{ owner: from, book: message.book }];
    case 'shown':
      return [{ owner: message.member, book: message.book }];
    case 'fork':
      return [{ owner: message.fork.member, book: message.fork.book }];
    case 'receipt':
      return [{ owner: to, book: message.book }];
    case 'recalled':
      return [{ owner: to, book: message.header.book }];
    case 'remembered':
      return message.books.map(({ book }) => ({ owner: to, book }));
    // The others name no book, or, where somebody asks, what it guesses.
    default:
      return [];
  }
}
