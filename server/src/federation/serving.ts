import { writeStreamLine, pageBytesMax, pageEntriesMax, type PageHeader } from '@bronze-drum/protocol/federation/pages';
import type { Directory } from '../directory/directory.ts';
import { writeEntryLine, type Book, type Journal } from '../journal/journal.ts';
import { instantText, type Clock } from '../kernel/clock.ts';
import { openSignal, pause } from '../platform/loops.ts';
import type { Ledger } from './ledger.ts';

export interface ServingParts {
  readonly clock: Clock;
  readonly journal: Journal;
  readonly directory: Directory;
  readonly ledger: Ledger;
}

interface Page {
  readonly text: Buffer;
  readonly next: number;
}

/** Silence for longer than this is broken, so that the reader knows that the line is alive. */
const beatMs = 3000;
/** After a page the next one waits this long for company: many small pages cost each reader a transaction each. */
const lingerMs = 20;
/** Readers that are level ask for the same pages. */
const sharedPagesMax = 64;

/** Gives each party the books that it may read, from where it asks on, for as long as it listens. */
export function openServing(parts: ServingParts) {
  const { clock, journal, directory, ledger } = parts;
  const grown = openSignal();
  const shared = new Map<string, Promise<Page>>();
  let listed: Promise<Book[]> | undefined;
  let open = true;
  journal.onGrowth(() => {
    listed = undefined;
    grown.raise();
  });
  directory.onChange(grown.raise);

  const listens = (party: string): boolean =>
    open && !directory.isIsolated() && !['out', 'both'].includes(directory.pauseOf(party));
  const booksFor = async (party: string): Promise<Book[]> => {
    listed ??= journal.books();
    return (await listed).filter((book) => book.note !== null && directory.mayRead(party, book.name));
  };

  function pageOf(book: Book, from: number): Promise<Page> {
    // By the note, not the size: after a change of the key the same size is signed anew.
    const key = `${book.name}:${from}:${book.note}`;
    const known = shared.get(key);
    if (known !== undefined) return known;
    const page = makePage(journal, book, from);
    page.catch(() => shared.delete(key));
    shared.set(key, page);
    if (shared.size > sharedPagesMax) shared.delete(shared.keys().next().value!);
    return page;
  }

  async function* stream(party: string, positions: ReadonlyMap<string, number>): AsyncGenerator<Buffer> {
    const sentTo = new Map<string, number>();
    let quietSinceMs = 0;
    while (listens(party)) {
      const seen = grown.count();
      let sent = false;
      for (const book of await booksFor(party)) {
        // A book is shown once even to a reader that has all of it, or more: so it sees what is signed now.
        const from = sentTo.get(book.name) ?? Math.min(positions.get(book.name) ?? 0, book.size);
        if (sentTo.has(book.name) && from >= book.size) continue;
        const page = await pageOf(book, from);
        ledger.delivered({ reader: party, book: book.name, first: from, next: page.next });
        sentTo.set(book.name, page.next);
        sent = true;
        yield page.text;
        if (!listens(party)) return;
      }
      const nowMs = clock.now();
      if (sent) quietSinceMs = nowMs;
      if (!sent && Math.abs(nowMs - quietSinceMs) >= beatMs) {
        quietSinceMs = nowMs;
        yield Buffer.from(writeStreamLine({ beat: { at: instantText(nowMs), directory: directory.digest() } }));
      }
      if (sent) await pause(lingerMs);
      else await grown.wait(seen, beatMs);
    }
  }

  return {
    stream,
    close(): void {
      open = false;
      grown.raise();
    },
  };
}

async function makePage(journal: Journal, book: Book, from: number): Promise<Page> {
  const entries =
    from < book.size ? await journal.read(book.name, from, Math.min(pageEntriesMax, book.size - from)) : [];
  let text = '';
  let count = 0;
  for (const entry of entries) {
    if (text.length > pageBytesMax) break;
    text += writeEntryLine(entry);
    count += 1;
  }
  const next = from + count;
  const proof = next === book.size ? [] : await journal.consistency(book.name, next, book.size);
  const page: PageHeader = {
    book: book.name,
    from,
    count,
    note: book.note!,
    proof: proof.map((hash) => Buffer.from(hash).toString('base64')),
  };
  return { text: Buffer.from(writeStreamLine({ page }) + text), next };
}
