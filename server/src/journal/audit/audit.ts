import { Compile } from 'typebox/compile';
import { openNote, type Checkpoint, type NoteKey } from '@bronze-drum/protocol/checkpoints';
import { commitmentOf, originOf } from '@bronze-drum/protocol/commitments';
import { emptyFrontier, equalHashes, pushLeaf, rootOfFrontier } from '@bronze-drum/protocol/proofs';
import { isRefusal } from '@bronze-drum/protocol/refusals';
import { Envelope, type Statement } from '@bronze-drum/protocol/statements/envelope';
import { ErasureBody } from '@bronze-drum/protocol/statements/erasure';
import { verifyEd25519 } from '../../platform/signer.ts';
import { hasher, sha256 } from '../tree.ts';
import type { ReadEntry } from './entry-lines.ts';
import type { Finding, FindingCode } from './findings.ts';
import { openNumberSet } from './number-set.ts';

export { auditFindings, type Finding, type FindingCode } from './findings.ts';

/** A book as somebody outside holds it: a checkpoint, what they trust, and the entries under it. */
export interface BookSource {
  readonly member: string;
  readonly book: string;
  /** The checkpoint's signed note; null for a book in which nothing was ever said. */
  readonly note: string | null;
  readonly keys: readonly NoteKey[];
  /** Another member's book: its keeper forgets bodies by its own rules, and holds back what it does not trust. */
  readonly isCopy?: boolean;
  /** Oldest first. Null stands for something that could not be read as an entry. */
  entries(): AsyncIterable<ReadEntry | null>;
}

export interface AuditOptions {
  /** Hears of each finding as it is made; the audit goes on after it. */
  report(finding: Finding): void;
  /** A checkpoint that was seen earlier, which this book must continue. */
  readonly earlier?: string | null | undefined;
  /** Called now and then with the number of entries so far. */
  progress?(entries: number): void;
}

export interface BookAudit {
  readonly book: string;
  readonly entries: number;
  readonly findings: number;
  /** What was verified; undefined if the checkpoint could not be trusted. */
  readonly checkpoint: Checkpoint | undefined;
}

type Report = (code: FindingCode, number?: number, params?: Finding['params']) => void;

const progressEntries = 4096;
const envelopes = Compile(Envelope);
const erasures = Compile(ErasureBody);

/**
 * Audits one book from nothing but what its readers may see: recomputes every commitment, leaf and root, and accounts
 * for every number and every erased text. It believes nothing that the source says about itself except the keys.
 */
export async function auditBook(source: BookSource, options: AuditOptions): Promise<BookAudit> {
  let findings = 0;
  const report: Report = (code, number, params) => {
    findings += 1;
    options.report({ code, book: source.book, ...(number !== undefined && { number }), ...(params && { params }) });
  };
  const checkpoint = openCheckpoint(source, source.note, report);
  const earlier = options.earlier == null ? undefined : openCheckpoint(source, options.earlier, report);
  const statements = statementChecks(source, report);
  let frontier = emptyFrontier;
  let next = 0;
  let whole = true;
  for await (const entry of source.entries()) {
    if (entry === null || entry.number !== next) {
      whole = false;
      if (entry === null) report('audit.malformed', next);
      else report('audit.gap', next, { found: entry.number });
    }
    if (entry !== null) {
      statements.check(entry);
      frontier = pushLeaf(hasher, frontier, hasher.leaf(entry.commitment));
      if (whole && frontier.size === earlier?.size) compareEarlier(earlier, rootOfFrontier(hasher, frontier), report);
    }
    next = (entry?.number ?? next) + 1;
    if (next % progressEntries === 0) options.progress?.(next);
  }
  statements.finish();
  if (checkpoint !== undefined && next !== checkpoint.size) {
    report('audit.size', undefined, { signed: checkpoint.size, found: next });
  } else if (checkpoint !== undefined && whole && !equalHashes(rootOfFrontier(hasher, frontier), checkpoint.root)) {
    report('audit.root', undefined, { size: checkpoint.size });
  }
  if (earlier !== undefined && earlier.size > frontier.size) {
    report('audit.consistency', undefined, { earlier: earlier.size, now: frontier.size });
  }
  return { book: source.book, entries: frontier.size, findings, checkpoint };
}

/** The checkpoint that a note holds. A book without entries has none, and needs none. */
function openCheckpoint(source: BookSource, note: string | null, report: Report): Checkpoint | undefined {
  if (note === null) return { origin: originOf(source.member, source.book), size: 0, root: hasher.empty };
  if (source.keys.length === 0) {
    report('audit.no-key');
    return undefined;
  }
  const verify = (key: NoteKey, message: Uint8Array, signature: Uint8Array): boolean =>
    verifyEd25519(key.publicKey, message, signature);
  const opened = openNote(note, source.keys, verify, sha256);
  if (isRefusal(opened)) {
    report('audit.checkpoint', undefined, { reason: opened.refused });
    return undefined;
  }
  if (opened.origin === originOf(source.member, source.book)) return opened;
  report('audit.origin', undefined, { origin: opened.origin });
  return undefined;
}

function compareEarlier(earlier: Checkpoint, root: Uint8Array, report: Report): void {
  if (!equalHashes(root, earlier.root)) report('audit.consistency', undefined, { earlier: earlier.size });
}

/** What is checked of each text by itself, and of what the texts say about erased ones. */
function statementChecks(source: BookSource, report: Report) {
  const erased = openNumberSet();
  const explained = openNumberSet();
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

  function statementOf(number: number, bytes: Uint8Array): Statement | undefined {
    let statement: Partial<Statement> | null;
    try {
      statement = JSON.parse(decoder.decode(bytes)) as Partial<Statement> | null;
    } catch {
      report('audit.envelope', number, { at: '', rule: 'json' });
      return undefined;
    }
    const envelope = statement?.envelope;
    if (envelopes.Check(envelope)) return statement as Statement;
    const [first] = envelopes.Errors(envelope);
    report('audit.envelope', number, { at: first?.instancePath ?? '', rule: first?.keyword ?? 'unknown' });
    return undefined;
  }

  function explain(number: number, body: unknown): void {
    if (!erasures.Check(body) || body.number >= number) return;
    explained.add(body.number);
    if (!erased.has(body.number)) report('audit.not-erased', body.number, { by: number });
  }

  return {
    check({ number, commitment, salt, bytes }: ReadEntry): void {
      if (salt === null || bytes === null) return erased.add(number);
      if (!equalHashes(commitmentOf(sha256, salt, bytes), commitment)) report('audit.commitment', number);
      const statement = statementOf(number, bytes);
      if (statement === undefined) return;
      const { member, book, kind } = statement.envelope;
      if (member !== source.member || book !== source.book) report('audit.foreign', number);
      else if (kind === 'erasure') explain(number, statement.body);
    },
    finish(): void {
      if (source.isCopy === true) return;
      for (const number of erased.without(explained)) report('audit.unexplained-erasure', number);
    },
  };
}
