/** What an audit can find, with what it means in one sentence. */
export const auditFindings = {
  'audit.checkpoint': 'the checkpoint cannot be trusted: it is not well formed, or no trusted key signed it',
  'audit.origin': 'the checkpoint is of another book',
  'audit.no-key': 'no trusted key is known for this book',
  'audit.malformed': 'what stands here is not an entry',
  'audit.gap': 'the numbers do not follow each other: entries are missing, repeated or out of order',
  'audit.size': 'the book has not as many entries as its checkpoint says',
  'audit.commitment': 'the text is not the one that was committed to',
  'audit.envelope': 'the text has no valid envelope',
  'audit.foreign': 'the envelope names another member or book',
  'audit.unexplained-erasure': 'the text is gone, and no statement in this book says that it was erased',
  'audit.not-erased': 'a statement says that this text was erased, but it is still here',
  'audit.root': 'the entries do not give the root that was signed: one was changed',
  'audit.consistency': 'this is not a continuation of the earlier history: the past was changed',
  'audit.missing-book': 'the book was there before, and is gone',
} as const;
export type FindingCode = keyof typeof auditFindings;

/** What is wrong and where. Params are facts such as sizes and field paths, never what a statement says. */
export interface Finding {
  readonly code: FindingCode;
  readonly book: string;
  readonly number?: number;
  readonly params?: Readonly<Record<string, string | number>>;
}
