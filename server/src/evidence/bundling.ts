import type { Entry, Journal } from '../journal/journal.ts';
import { writeEntryLine } from '../journal/journal.ts';
import { must } from '../kernel/assert.ts';
import { Outage, refuse } from '../kernel/refusals.ts';
import type { Sql } from '../platform/db.ts';
import { bundleFormat, custodyPageMax, type BundleManifest, type CustodyEntry } from './contract.ts';
import { entrySubjectOf, subjectOf } from './custody.ts';
import * as store from './store.ts';
import { endOfTar, tarBytes, tarHeader, tarPadding } from './tar.ts';

export const manifestName = 'manifest.json';
export const contentName = 'content';
/** Some hundred thousand entries of a chain. */
export const manifestBytesMax = 64 * 1024 * 1024;

/** An archive that proves by itself what an exhibit is and what was done with it. */
export interface Bundle {
  readonly bytes: number;
  readonly content: AsyncGenerator<Uint8Array>;
}

type Proven = BundleManifest['sealed'];
type Books = Pick<Journal, 'member' | 'about' | 'books' | 'inclusion'>;

/** The manifest of an exhibit as its chain and the journal stand now. */
export async function manifestOf(sql: Sql, journal: Books, row: store.ExhibitRow): Promise<BundleManifest> {
  const custody: CustodyEntry[] = [];
  while (custody.length < row.entries) {
    const limit = Math.min(custodyPageMax, row.entries - custody.length);
    const page = await store.readCustody(sql, row.id, custody.length, limit);
    must(page.at(-1), 'a chain has as many entries as its exhibit says');
    custody.push(...page);
  }
  return {
    format: bundleFormat,
    member: journal.member,
    exhibit: store.refOf(row),
    custody,
    sealed: await prove(journal, subjectOf(row.id)),
    newest: await prove(journal, entrySubjectOf(row.id, row.entries)),
  };
}

/** Our own first statement about a subject in the domestic book, with its proof under the newest checkpoint. */
async function prove(journal: Books, subject: string): Promise<Proven> {
  const { entry, book } = await ownEntry(journal, subject);
  const path = await journal.inclusion(book.name, entry.number, book.size);
  return {
    entry: writeEntryLine(entry).trimEnd(),
    path: path.map((hash) => Buffer.from(hash).toString('base64')),
    checkpoint: must(book.note, 'a book with statements has a checkpoint'),
  };
}

async function ownEntry(journal: Books, subject: string) {
  const entries = await journal.about(subject, 100);
  const isOwn = ({ member, book }: Entry): boolean => member === journal.member && book === 'domestic';
  const entry = entries.find(isOwn);
  // Its body was erased, and with it what leads to it.
  if (entry === undefined) return refuse('gone.statement');
  const book = (await journal.books()).find(({ name }) => name === 'domestic');
  if (book === undefined || book.size <= entry.number) throw new Outage('the statement has no checkpoint yet', 2);
  return { entry, book };
}

/** The archive: the manifest, then the content. Refuses `too-large.bundle`. */
export function writeBundle(manifest: BundleManifest, content: AsyncIterable<Uint8Array>): Bundle {
  const text = Buffer.from(JSON.stringify(manifest));
  if (text.length > manifestBytesMax) refuse('too-large.bundle');
  const { bytes } = manifest.exhibit;
  return { bytes: tarBytes([text.length, bytes]), content: parts() };

  async function* parts(): AsyncGenerator<Uint8Array> {
    yield tarHeader(manifestName, text.length);
    yield text;
    yield tarPadding(text.length);
    yield tarHeader(contentName, bytes);
    yield* content;
    yield tarPadding(bytes);
    yield endOfTar;
  }
}
