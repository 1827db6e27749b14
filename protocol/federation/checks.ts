import { Compile } from 'typebox/compile';
import type { TSchema } from 'typebox';
import { commitmentOf } from '../commitments.ts';
import { audienceOf } from '../members.ts';
import { mayLeave } from '../handling.ts';
import { equalHashes, type Sha256 } from '../proofs.ts';
import { Envelope, type Statement } from '../statements/envelope.ts';
import type { ErasureBody } from '../statements/erasure.ts';
import { statementKinds } from '../statements/kinds.ts';

/** A statement from further ahead than this waits until its time. */
export const futureMsMax = 5 * 60_000;

/** Why a body is held back. Its leaf stands in the book all the same: only what it says is not believed yet. */
export const quarantineCodes = [
  'quarantine.commitment',
  'quarantine.text',
  'quarantine.envelope',
  'quarantine.author',
  'quarantine.audience',
  'quarantine.handling',
  'quarantine.schema',
  'quarantine.future',
] as const;
export type QuarantineCode = (typeof quarantineCodes)[number];

/** What an officer may release: the statement is its author's own word, and rooms can read it. */
export const releasableCodes: readonly QuarantineCode[] = ['quarantine.handling', 'quarantine.future'];

export interface ShownEntry {
  /** Its number in the book, where the book is known. */
  readonly number?: number;
  readonly commitment: Uint8Array;
  readonly salt: Uint8Array | null;
  readonly bytes: Uint8Array | null;
}

export type Checked =
  | { readonly statement: Statement; readonly text: string }
  /** The body was erased by its author. */
  | 'erased'
  | { readonly held: QuarantineCode; readonly statement: Statement | null };

const envelopes = Compile(Envelope);
const bodies = new Map(
  Object.entries(statementKinds).map(([kind, { version, body }]) => [
    kind,
    { version, body: Compile(body as TSchema) },
  ]),
);
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Looks at one entry of `member`'s book as a reader must: everything that the proofs do not cover. */
export function checkEntry(
  of: { readonly member: string; readonly book: string },
  entry: ShownEntry,
  nowMs: number,
  sha256: Sha256,
): Checked {
  if (entry.salt === null || entry.bytes === null) return 'erased';
  if (!equalHashes(commitmentOf(sha256, entry.salt, entry.bytes), entry.commitment))
    return { held: 'quarantine.commitment', statement: null };
  const read = readStatement(entry.bytes);
  if (read === undefined) return { held: 'quarantine.text', statement: null };
  const { text, value } = read;
  const statement = value as Statement | null;
  if (!envelopes.Check(statement?.envelope)) return { held: 'quarantine.envelope', statement: null };
  if (Number.isNaN(Date.parse(statement.envelope.at))) return { held: 'quarantine.envelope', statement: null };
  const held = holdOf({ ...of, number: entry.number }, statement, nowMs);
  return held === undefined ? { statement, text } : { held, statement };
}

function readStatement(bytes: Uint8Array): { text: string; value: unknown } | undefined {
  try {
    const text = decoder.decode(bytes);
    // PostgreSQL keeps no NUL, and no honest text holds one.
    return text.includes('\0') ? undefined : { text, value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

function holdOf(
  of: { readonly member: string; readonly book: string; readonly number: number | undefined },
  { envelope, body }: Statement,
  nowMs: number,
): QuarantineCode | undefined {
  const { member, book, kind, version, at, audience, handling, subject } = envelope;
  if (member !== of.member || book !== of.book) return 'quarantine.author';
  if (audience.join('+') !== audienceOf(book).join('+')) return 'quarantine.audience';
  const known = bodies.get(kind);
  if (known !== undefined && version <= known.version) {
    if (!known.body.Check(body)) return 'quarantine.schema';
    if (kind === 'erasure' && isOfNothing(body as ErasureBody, of.number)) return 'quarantine.schema';
  }
  if (mayLeave(handling, book, subject?.split(':', 1)[0] ?? '') !== undefined) return 'quarantine.handling';
  if (!(Date.parse(at) <= nowMs + futureMsMax)) return 'quarantine.future';
  return undefined;
}

/** An erasure is of something that was said before it. */
const isOfNothing = (erasure: ErasureBody, number = Number.MAX_SAFE_INTEGER): boolean => !(erasure.number < number);
