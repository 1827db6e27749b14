import { join } from 'node:path';
import { Readable } from 'node:stream';
import { scheduler } from 'node:timers/promises';
import fastify from 'fastify';
import { checkpointBody, signatureAlgorithms, writeNote, type NoteKey } from '@bronze-drum/protocol/checkpoints';
import { commitmentOf, originOf } from '@bronze-drum/protocol/commitments';
import { readPositions, writeStreamLine } from '@bronze-drum/protocol/federation/pages';
import { audienceOf } from '@bronze-drum/protocol/members';
import { consistencyProof, rootOf, type Hash, type SubtreeReader } from '@bronze-drum/protocol/proofs';
import { hasher, sha256, writeEntryLine, type ReadEntry } from '../journal/journal.ts';
import { newSalt } from '../kernel/ids.ts';
import { openSigner, type Signer } from '../platform/signer.ts';
import type { TestHouse } from './test-house.ts';

/** What a statement's text says that is not as it should be. */
export interface Saying {
  readonly envelope?: object;
  readonly body?: object;
  readonly atMs?: number;
}

/** A book in memory, in which its author may write and sign whatever it likes. */
export interface TestBook {
  readonly name: string;
  size(): number;
  /** Adds leaves as they are given. */
  add(...entries: Omit<ReadEntry, 'number'>[]): void;
  /** A page as an honest server writes it; with another note, proof or header, one as no honest server does. */
  page(from: number, to: number, other?: Partial<{ note: string; proof: string[]; header: object }>): Promise<string>;
  note(more?: { readonly root?: Hash; readonly signer?: Signer }): Promise<string>;
}

/** What the author sends on one line, from the positions that a reader asks for; then the line stays open. */
export type Script = (positions: ReadonlyMap<string, number>) => AsyncIterable<string | Uint8Array>;

export interface TestAuthor {
  readonly signer: Signer;
  book(name: string): TestBook;
  /** A book that is shown by a script only. */
  bookAside(name: string): TestBook;
  /** From now on sends this to whoever listens; by default what its books hold, page by page. */
  play(script?: Script): void;
  /** The newest receipt of a reader for a book. */
  receipt(reader: string, book: string): any;
  close(): Promise<void>;
}

export const entryOf = (text: string | Uint8Array): Omit<ReadEntry, 'number'> => {
  const bytes = Buffer.from(text);
  const salt = newSalt(16);
  return { salt, bytes, commitment: commitmentOf(sha256, salt, bytes) };
};

/** A statement of a member's as text; a listing of an address unless it is said otherwise. */
export function textOf(member: string, book: string, key: string, { envelope, body, atMs }: Saying = {}): string {
  const at = new Date(atMs ?? Date.now()).toISOString();
  return JSON.stringify({
    envelope: {
      member,
      book,
      kind: 'listing',
      version: 1,
      at,
      author: { office: 'aoc' },
      audience: audienceOf(book),
      handling: { tlp: 'AMBER', conditions: [] },
      subject: key,
      ...envelope,
    },
    body: {
      id: crypto.randomUUID(),
      revision: 1,
      key,
      tier: 'observed',
      typologies: ['infrastructure'],
      offence: 'telecom-online-fraud',
      grading: { source: 'C', information: 3 },
      grounds: 'seen in an attack',
      since: at,
      until: new Date(Date.parse(at) + 30 * 86_400_000).toISOString(),
      discreet: false,
      ...body,
    },
  });
}

function openBook(signer: Signer, member: string, name: string): TestBook {
  const entries: ReadEntry[] = [];
  const read: SubtreeReader = async (level, index) =>
    level === 0
      ? hasher.leaf(entries[index]!.commitment)
      : hasher.node(await read(level - 1, index * 2), await read(level - 1, index * 2 + 1));
  const book: TestBook = {
    name,
    size: () => entries.length,
    add: (...added) => added.forEach((entry) => entries.push({ ...entry, number: entries.length })),
    async note({ root, signer: by = signer } = {}) {
      const key: NoteKey = {
        name: originOf(member, name),
        algorithm: signatureAlgorithms.ed25519,
        publicKey: by.publicKey('checkpoint'),
      };
      const shown = root ?? (await rootOf(hasher, read, entries.length));
      const body = checkpointBody({ origin: key.name, size: entries.length, root: shown });
      return writeNote(body, key, by.sign('checkpoint', Buffer.from(body)), sha256);
    },
    async page(from, to, { note, proof, header } = {}) {
      const path = await consistencyProof(hasher, read, to, entries.length);
      const page = {
        book: name,
        from,
        count: to - from,
        note: note ?? (await book.note()),
        proof: proof ?? path.map((hash) => Buffer.from(hash).toString('base64')),
        ...header,
      };
      return writeStreamLine({ page }) + entries.slice(from, to).map(writeEntryLine).join('');
    },
  };
  return book;
}

/** Plays the server of a member that has been closed, at its address and by its keys. */
export async function openTestAuthor(house: Pick<TestHouse, 'member' | 'folder' | 'address'>): Promise<TestAuthor> {
  const signer = await openSigner(join(house.folder, 'keys'), undefined);
  const books = new Map<string, TestBook>();
  const receipts = new Map<string, any>();
  const lines = new Set<Readable>();
  const honest: Script = async function* (positions) {
    for (const book of books.values()) {
      const from = Math.min(positions.get(book.name) ?? 0, book.size());
      yield await book.page(from, book.size());
    }
  };
  let script = honest;
  const http = fastify({ forceCloseConnections: true });
  const callerOf = (headers: Record<string, unknown>): string =>
    /keyid="([a-z]+)\//.exec(String(headers['signature-input']))?.[1] ?? '';
  http.get('/federation/v1/stream', async (request, reply) => {
    const { from = '' } = request.query as { from?: string };
    const line = Readable.from(linesOf(script, readPositions(from) ?? new Map()), { objectMode: false });
    lines.add(line);
    line.on('close', () => lines.delete(line)).on('error', () => undefined);
    return reply.type('application/x-ndjson').send(line);
  });
  http.get('/federation/v1/cosignatures', async () => ({ notes: [], forks: [] }));
  http.post('/federation/v1/cosignatures', async (request, reply) => {
    const { receipts: given } = request.body as { receipts: { book: string }[] };
    for (const receipt of given) receipts.set(`${callerOf(request.headers)} ${receipt.book}`, receipt);
    return reply.code(204).send();
  });
  http.get('/federation/v1/directory', async () => ({ digest: '', records: [] }));
  http.post('/federation/v1/directory', async () => ({ changed: false }));
  const { port } = new URL(house.address);
  await http.listen({ host: '127.0.0.1', port: Number(port) });
  return {
    signer,
    book(name) {
      const book = books.get(name) ?? openBook(signer, house.member, name);
      books.set(name, book);
      return book;
    },
    bookAside: (name) => openBook(signer, house.member, name),
    play(next = honest) {
      script = next;
      for (const line of lines) line.destroy();
    },
    receipt: (reader, book) => receipts.get(`${reader} ${book}`),
    close: () => http.close(),
  };
}

async function* linesOf(
  script: Script,
  positions: ReadonlyMap<string, number>,
): AsyncGenerator<string | Uint8Array, void> {
  yield* script(positions);
  for (;;) {
    yield writeStreamLine({ beat: { at: new Date().toISOString(), directory: '' } });
    await scheduler.wait(500);
  }
}

/** What a member's server has said in a book while it was honest: it stays said, whoever speaks in its name afterwards. */
export async function honestEntries(
  house: Pick<TestHouse, 'address' | 'operatorKey'>,
  book: string,
): Promise<Omit<ReadEntry, 'number'>[]> {
  const said = await fetch(`${house.address}/federation/v1/entries?book=${book}&from=0&limit=10`, {
    headers: { authorization: `Bearer ${house.operatorKey}`, 'drum-purpose': 'audit' },
  });
  const lines = (await said.text()).split('\n').filter((line) => line !== '');
  return lines.map((line) => {
    const { commitment, salt, bytes } = JSON.parse(line) as Record<'commitment' | 'salt' | 'bytes', string>;
    const [read, seasoned, text] = [commitment, salt, bytes].map((part) => Buffer.from(part, 'base64'));
    return { commitment: read!, salt: seasoned!, bytes: text! };
  });
}
