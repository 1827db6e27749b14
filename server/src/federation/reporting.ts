import { isRefusal } from '@bronze-drum/protocol/refusals';
import { parse } from '@bronze-drum/protocol/identifiers/identifiers';
import type { Access } from '../access/access.ts';
import type { Directory } from '../directory/directory.ts';
import type { Journal } from '../journal/journal.ts';
import type { Actor } from '../kernel/actor.ts';
import { instantText } from '../kernel/clock.ts';
import { refuse } from '../kernel/refusals.ts';
import type { Db } from '../platform/db.ts';
import type { Links, StatementReceipts } from './contract.ts';
import type { LinkView } from './links.ts';
import type { Taking } from './taking.ts';
import * as store from './store.ts';

export interface ReportingParts {
  readonly db: Db;
  readonly journal: Journal;
  readonly access: Access;
  readonly directory: Directory;
  readonly taking: Taking;
  views(): readonly LinkView[];
  /** Whose answer a restored server waits for. */
  waiting(): Promise<string[]>;
}

const statementsMax = 200;

/** How it stands with the neighbours, and what became of our statements with them. */
export function openReporting(parts: ReportingParts) {
  const { db, journal, access, directory, taking } = parts;

  async function linkViews(): Promise<Links> {
    const [books, given] = await Promise.all([journal.allBooks(), store.readReceipts(db)]);
    const own = books.filter((book) => book.member === directory.self && book.name !== 'domestic');
    const views = parts.views().map((view) => ({
      party: view.party,
      state: view.state,
      reason: view.reason,
      since: instantText(view.sinceMs),
      heardAt: view.heardAtMs === null ? null : instantText(view.heardAtMs),
      skewMs: view.skewMs === null ? null : Math.round(view.skewMs),
      reads: books
        .filter((book) => book.member === view.party)
        .map(({ name, size }) => ({
          book: name,
          size: taking.shownSize(view.party, name),
          here: size,
          applied: Math.min(size, journal.applied(view.party, name)),
          forked: taking.isForked(view.party, name),
        })),
      read: own
        .filter((book) => directory.readersOf(book.name).includes(view.party))
        .map(({ name, size }) => {
          const receipt = given.find((row) => row.reader === view.party && row.book === name);
          return {
            book: name,
            size,
            received: receipt?.size ?? 0,
            applied: receipt?.applied ?? 0,
            held: [...(receipt?.held ?? [])],
            receiptAt: receipt === undefined ? null : instantText(receipt.received_at.getTime()),
          };
        }),
    }));
    return { self: directory.self, recovering: await parts.waiting(), links: views };
  }

  /** What became of our statements about an identifier at each of their readers. */
  async function receiptsAbout(actor: Actor, text: string): Promise<StatementReceipts> {
    const officer = access.requireOfficer(actor, 'federation.read');
    const key = parse(text);
    if (isRefusal(key)) return refuse(key.refused, key.params);
    const given = await store.readReceipts(db);
    const entries = (await journal.about(key, statementsMax)).filter(
      ({ member, book }) => member === directory.self && book !== 'domestic',
    );
    await access.recordRead(db, officer, { what: 'receipts', subject: key, count: entries.length });
    const statements = entries.map(({ book, number, statement }) => ({
      book,
      number,
      kind: statement!.envelope.kind,
      at: statement!.envelope.at,
      readers: directory.readersOf(book).map((reader) =>
        stateOf(
          reader,
          number,
          given.find((row) => row.reader === reader && row.book === book),
        ),
      ),
    }));
    return { statements };
  }

  return { linkViews, receiptsAbout };
}

function stateOf(reader: string, number: number, receipt: store.ReceiptRow | undefined) {
  const held = receipt?.held.find((item) => item.number === number);
  const receiptAt = receipt === undefined ? null : instantText(receipt.received_at.getTime());
  if (held !== undefined) return { reader, state: 'held' as const, code: held.code, receiptAt };
  if (receipt === undefined || number >= receipt.size) return { reader, state: 'not-received' as const, receiptAt };
  return { reader, state: number < receipt.applied ? ('applied' as const) : ('received' as const), receiptAt };
}
