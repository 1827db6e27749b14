import { openNote, writeVerifyingKey, type NoteKey } from '@bronze-drum/protocol/checkpoints';
import type { Hash } from '@bronze-drum/protocol/proofs';
import { isRefusal } from '@bronze-drum/protocol/refusals';
import { must } from '../kernel/assert.ts';
import { refuse } from '../kernel/refusals.ts';
import type { Http } from '../platform/http.ts';
import { verifyEd25519 } from '../platform/signer.ts';
import { DeskBooks, DeskProof, DeskProofQuery } from './contract.ts';
import type { Book, Entry, Journal } from './journal.ts';
import type { DeskReader, Readers } from './readers.ts';
import { hasher, sha256 } from './tree.ts';

/** What an officer's browser needs to verify by itself what the journal holds. */
export function deskRoutes(http: Http, journal: Journal, readers: Pick<Readers, 'desk' | 'keysOf'>): void {
  const security = [{ bearer: [] }];
  const tags = ['journal'];

  http.get(
    '/v1/journal/books',
    { schema: { summary: 'Every book that is kept here', tags, security, response: { 200: DeskBooks } } },
    async (request) => {
      await readers.desk(request);
      const books = (await journal.allBooks()).map(async ({ member, name, size, note }) => ({
        author: member,
        book: name,
        size,
        root: base64(await journal.root(name, size, member)),
        checkpoint: note,
        verifyingKeys: (await readers.keysOf(member, name)).map((key) => writeVerifyingKey(key, sha256)),
      }));
      return { books: await Promise.all(books) };
    },
  );

  http.get(
    '/v1/journal/proof',
    {
      schema: {
        summary: 'An entry with the proof that it stands in its book',
        tags,
        security,
        querystring: DeskProofQuery,
        response: { 200: DeskProof },
      },
    },
    async (request) => {
      const reader = await readers.desk(request);
      reader.requirePurpose();
      const { author, book: name, number } = request.query;
      const book =
        (await journal.books(author)).find((one) => one.name === name) ?? refuse('not-found.book', { book: name });
      const [entry] = await journal.read(name, number, 1, author);
      if (entry?.number !== number) return refuse('not-found.entry', { number });
      const { note, size, signedBy } = await checkpointOver(book, number);
      const path = await journal.inclusion(name, number, size, author);
      return {
        author,
        book: name,
        number,
        commitment: base64(entry.commitment),
        leafHash: base64(hasher.leaf(entry.commitment)),
        size,
        path: path.map(base64),
        checkpoint: note,
        verifyingKey: writeVerifyingKey(signedBy, sha256),
        ...(await textFor(reader, entry)),
      };
    },
  );

  /** The newest checkpoint of a book, by a key that is known, if it covers an entry. */
  async function checkpointOver({ member, name, note }: Book, number: number) {
    const keys = await readers.keysOf(member, name);
    const opened = note === null ? undefined : openNote(note, keys, verify, sha256);
    // A copy may have grown since its author last signed, or by a key that is no longer trusted.
    if (opened === undefined || isRefusal(opened) || opened.size <= number)
      return refuse('not-found.checkpoint', { size: number + 1 });
    return { ...opened, note: must(note, 'it was opened') };
  }
}

async function textFor(reader: DeskReader, entry: Entry): Promise<Pick<DeskProof, 'entry' | 'absent'>> {
  const { salt, bytes, statement } = entry;
  if (salt === null || bytes === null || statement === null) return { entry: null, absent: 'not-here' };
  if (!(await reader.mayRead(entry))) return { entry: null, absent: 'withheld' };
  await reader.recordRead(statement.envelope.subject ?? `${entry.member}/${entry.book}/${entry.number}`);
  return { entry: { text: bytes, salt: base64(salt) } };
}

const verify = (key: NoteKey, message: Uint8Array, signature: Uint8Array): boolean =>
  verifyEd25519(key.publicKey, message, signature);

const base64 = (bytes: Hash): string => Buffer.from(bytes).toString('base64');
