import type { FastifyRequest } from 'fastify';
import type { NoteKey } from '@bronze-drum/protocol/checkpoints';
import type { Entry } from './entry.ts';

/** Who may read which books, and by which keys they verify. Rooms below this one answer, and are therefore given. */
export interface Readers {
  /** What the caller may read. Throws a refusal to whoever may read nothing. */
  admit(request: FastifyRequest): Promise<(member: string, book: string) => boolean>;
  /** Every key that may have signed a member's book. */
  keysOf(member: string, book: string): Promise<readonly NoteKey[]>;
  /** The officer who looks at books from a desk. Throws a refusal to everybody else. */
  desk(request: FastifyRequest): Promise<DeskReader>;
}

/** An officer at a desk. Each of them may see which books there are, and that an entry stands in one. */
export interface DeskReader {
  /** Refuses whoever did not say why they read. */
  requirePurpose(): void;
  /** Whether they may also read what the entry says; its text is here. */
  mayRead(entry: Entry): Promise<boolean>;
  /** Writes down that they read about a subject: await it before the answer. */
  recordRead(subject: string): Promise<void>;
}
