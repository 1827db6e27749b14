import { addCosignature, cosigningKey, cosignatureMessage, readCosignature } from '@bronze-drum/protocol/cosignatures';
import { isRefusal } from '@bronze-drum/protocol/refusals';
import type { Calls, Directory } from '../directory/directory.ts';
import { sha256, type Journal } from '../journal/journal.ts';
import { instantMs, instantText, secondMs, type Clock } from '../kernel/clock.ts';
import { Outage, refuse, Refused } from '../kernel/refusals.ts';
import type { Db } from '../platform/db.ts';
import { openLoop } from '../platform/loops.ts';
import type { Signer } from '../platform/signer.ts';
import { openCheckpoint } from '@bronze-drum/protocol/federation/reading';
import { heldInReceiptMax, receiptsMax, type Receipt, type Receipts } from './contract.ts';
import type { Ledger } from './ledger.ts';
import { checkpointKeys, verifier } from './taking.ts';
import * as store from './store.ts';

export interface ReceiptsParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly signer: Signer;
  readonly journal: Journal;
  readonly directory: Directory;
  readonly calls: Calls;
  readonly ledger: Ledger;
  /** A reader holds more of our book than is here, under our own signature. */
  onAhead(reader: string, book: string): void;
  readonly onError: (error: unknown) => void;
}

/** Authors hear what was applied this soon. */
const sendMs = 250;
/** And even with nothing new this often, so that they know that their reader lives. */
const repeatMs = 30 * secondMs;

/** What we tell authors of their books, and what readers tell us of ours. */
export function openReceipts(parts: ReceiptsParts) {
  const { db, clock, signer, journal, directory, calls } = parts;
  const cosigned = new Map<string, { note: string; cosigned: string }>();
  /** What each author was told last, as text, and when. */
  const told = new Map<string, { text: string; atMs: number }>();
  const dirty = new Set<string>();

  /** A note with our cosignature; made once for each note. */
  function cosign(member: string, book: string, note: string): string {
    const place = `${member}/${book}`;
    const known = cosigned.get(place);
    if (known?.note === note) return known.cosigned;
    const atSeconds = Math.floor(clock.now() / secondMs);
    const key = cosigningKey(directory.self, signer.publicKey('cosignature'));
    const signature = signer.sign('cosignature', cosignatureMessage(note, atSeconds));
    const text = addCosignature(note, key, atSeconds, signature, sha256);
    cosigned.set(place, { note, cosigned: text });
    return text;
  }

  async function receiptsFor(author: string): Promise<Receipt[]> {
    const receipts: Receipt[] = [];
    for (const { name, size, note } of (await journal.books(author)).slice(0, receiptsMax)) {
      const held = await store.heldOf(db, author, name, heldInReceiptMax);
      receipts.push({
        book: name,
        size,
        applied: Math.min(size, journal.applied(author, name)),
        ...(note !== null && { cosigned: cosign(author, name, note) }),
        held,
      });
    }
    return receipts;
  }

  async function tell(author: string): Promise<void> {
    const receipts = await receiptsFor(author);
    const text = JSON.stringify(receipts);
    const before = told.get(author);
    const nowMs = clock.now();
    if (receipts.length === 0 || (before?.text === text && nowMs - before.atMs < repeatMs)) return;
    const body: Receipts = { at: instantText(nowMs), receipts };
    await (await calls.call(author, { method: 'POST', path: '/federation/v1/cosignatures', body })).body.dump();
    told.set(author, { text, atMs: nowMs });
    // Rooms may still be at work on what is here already: look again at the next turn.
    if (receipts.some(({ size, applied }) => applied < size)) dirty.add(author);
  }

  const sending = new Set<string>();
  function send(author: string): void {
    if (sending.has(author) || directory.isIsolated()) return;
    if (['in', 'both'].includes(directory.pauseOf(author))) return;
    sending.add(author);
    dirty.delete(author);
    void tell(author)
      .catch((error: unknown) => {
        dirty.add(author);
        if (!(error instanceof Outage || error instanceof Refused)) parts.onError(error);
      })
      .finally(() => sending.delete(author));
  }

  const loop = openLoop(
    async () => {
      for (const { code, role } of directory.parties()) {
        if (code === directory.self || role !== 'member') continue;
        const isDue = clock.now() - (told.get(code)?.atMs ?? 0) >= repeatMs;
        if (dirty.has(code) || isDue) send(code);
      }
    },
    { onError: parts.onError, pollMs: sendMs },
  );

  return {
    cosign,
    taken: (author: string): void => void dirty.add(author),

    /** A reader's word about our books. What it says of books that it may not read is refused as of no book. */
    async hear(reader: string, { at, receipts }: Receipts): Promise<void> {
      const books = new Map((await journal.books()).map((book) => [book.name, book]));
      for (const receipt of receipts) {
        const book = directory.readersOf(receipt.book).includes(reader) ? books.get(receipt.book) : undefined;
        if (book === undefined) return refuse('not-found.book', { book: receipt.book });
        if (receipt.applied > receipt.size) return refuse('malformed.receipt', { book: receipt.book });
        if (receipt.cosigned === undefined) continue;
        const signedSize = signedSizeOf(reader, receipt.book, receipt.cosigned);
        if (signedSize <= book.size) continue;
        // Unless it was said since we looked.
        const now = (await journal.books()).find(({ name }) => name === receipt.book)?.size ?? 0;
        if (signedSize > now) parts.onAhead(reader, receipt.book);
      }
      const received = new Date(clock.now());
      for (const { book, size, applied, held, cosigned: note } of receipts) {
        const row = { reader, book, size, applied, cosigned: note ?? null, held };
        await store.saveReceipt(db, { ...row, reader_at: new Date(instantMs(at)), received_at: received });
        await parts.ledger.reconcile(reader, book, size);
      }
    },

    close: loop.close,
  };

  /** The size that we signed and the reader cosigned. */
  function signedSizeOf(reader: string, book: string, note: string): number {
    const keys = directory.keysOf(reader, 'cosignature').map((key) => cosigningKey(reader, key));
    if (readCosignature(note, keys, verifier.verify, sha256) === undefined) refuse('federation.cosignature', { book });
    const of = { member: directory.self, book };
    const opened = openCheckpoint(verifier, of, note, checkpointKeys(directory, directory.self, book));
    return isRefusal(opened) ? refuse('federation.cosignature', { book }) : opened.size;
  }
}
