import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Author } from '@bronze-drum/protocol/statements/envelope';
import { openTestAccess, type Answer, type TestAccess } from '../access/test-access.ts';
import type { TestAlliance, TestParty } from '../directory/test-calls.ts';
import { openJournal, type Entry, type Journal } from '../journal/journal.ts';
import { openBlobs, type Blobs } from '../platform/blobs.ts';
import { openTestSigner } from '../platform/test-keys.ts';
import type { Signer } from '../platform/signer.ts';
import type { Exhibit } from './contract.ts';
import { openEvidence, type Evidence, type EvidenceParts } from './evidence.ts';
import { evidenceRoutes } from './routes.ts';

const collector: Author = { office: 'aoc', officer: 'malee' };

/** What is said of an exhibit, as changed. */
export const said = (change: Record<string, string> = {}): Record<string, string> => ({
  title: 'Payment slip of 3 January',
  collectedAt: '2025-12-31T09:00:00.000Z',
  collectedFrom: 'counter of the Bang Rak branch',
  means: 'photograph',
  ...change,
});

export interface TestEvidence extends TestAccess {
  readonly journal: Journal;
  readonly signer: Signer;
  readonly blobs: Blobs;
  readonly folder: string;
  readonly evidence: Evidence;
  readonly party: TestParty;
  /** Parties that may read nothing now; the others read the books in whose names they stand. */
  readonly mayNotRead: Set<string>;
  /** Takes an exhibit in over HTTP. */
  take(token: string, content: string | Buffer, change?: Record<string, string>, type?: string): Promise<Answer>;
  /** The same, of which the exhibit is wanted. */
  taken(token: string, content: string | Buffer, change?: Record<string, string>): Promise<Exhibit>;
  /** An answer whose body is no JSON. */
  raw(url: string, token: string, purpose?: string): Promise<{ status: number; headers: object; body: Buffer }>;
  attach(ids: readonly string[], to: Parameters<Evidence['attach']>[3], reference?: string): Promise<unknown>;
  /** The statements of this member's book, of one kind if it is named. */
  said(book: string, kind?: string): Promise<Entry[]>;
  /** An institution with a key. */
  institution(id: string): Promise<string>;
  /** Opens the room again over the same database and folder, as after a stop. */
  reopen(change?: Partial<EvidenceParts>): Promise<Evidence>;
}

/** A member's evidence, whose server the others of an alliance reach under its code. */
export async function openTestEvidence(
  alliance: TestAlliance,
  member: string,
  change: Partial<EvidenceParts> = {},
): Promise<TestEvidence> {
  const house = await openTestAccess();
  const { db, clock, access } = house;
  const folder = await mkdtemp(join(tmpdir(), 'drum-evidence-'));
  const signer = openTestSigner();
  const onError = (error: unknown) => house.errors.push(error);
  const journal = await openJournal({ db, clock, signer, member, onError });
  const blobs = await openBlobs(join(folder, 'blobs'));
  const party = await alliance.join(member, clock);
  const mayNotRead = new Set<string>();
  const mayRead = (code: string, book: string): boolean =>
    !mayNotRead.has(code) && (book === 'alliance' || book.split('+').includes(code));
  const parts = { db, clock, journal, access, directory: { mayRead }, calls: party.calls, blobs, restored: false };
  const evidence = await openEvidence({ ...parts, ...change });
  evidenceRoutes(house.http, evidence, access, party.calls.authenticate);
  evidenceRoutes(party.http, evidence, access, party.calls.authenticate);
  await alliance.listen(party);
  const take: TestEvidence['take'] = async (token, content, changed, type = 'image/jpeg') => {
    const response = await house.http.inject({
      method: 'POST',
      url: `/v1/exhibits?${new URLSearchParams(said(changed))}`,
      headers: { authorization: `Bearer ${token}`, 'drum-purpose': 'operation', 'content-type': type },
      payload: content,
    });
    const body = response.json() as Record<string, unknown>;
    return { status: response.statusCode, body, code: body['code'] };
  };
  return {
    ...house,
    journal,
    signer,
    blobs,
    folder,
    evidence,
    party,
    mayNotRead,
    take,
    async taken(token, content, changed) {
      const { status, body } = await take(token, content, changed);
      if (status !== 201) throw new Error(`not taken: ${JSON.stringify(body)}`);
      return body as unknown as Exhibit;
    },
    async raw(url, token, purpose = 'investigation') {
      const headers = { authorization: `Bearer ${token}`, ...(purpose !== '' && { 'drum-purpose': purpose }) };
      const response = await house.http.inject({ method: 'GET', url, headers });
      return { status: response.statusCode, headers: response.headers, body: response.rawPayload };
    },
    attach: (ids, to, reference = 'request:r1') => db.tx((tx) => evidence.attach(tx, collector, ids, to, reference)),
    async said(book, kind) {
      const isThere = (await journal.books()).some(({ name, size }) => name === book && size > 0);
      const entries = isThere ? await journal.read(book, 0, 1000) : [];
      return entries.filter(({ statement }) => kind === undefined || statement?.envelope.kind === kind);
    },
    async institution(id) {
      const administrator = await house.actor(await access.localKey());
      const quota = { perSecond: 1000, burst: 1000 };
      await access.institutions.add(administrator, { id, name: id, kind: 'bank', quota, serves: [] });
      return (await access.keys.issue(administrator, id, {})).key;
    },
    reopen: async (changed = {}) =>
      openEvidence({
        ...parts,
        // What follows the journal goes on in the room that was opened first.
        journal: { ...journal, follow: () => ({ caughtUp: async () => undefined, close: async () => undefined }) },
        blobs: await openBlobs(join(folder, 'blobs')),
        ...changed,
      }),
    async close() {
      await journal.close();
      await house.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What others read of a member's book, as it stands in their copy: from where that ends. */
export async function copyBook(from: TestEvidence, to: TestEvidence, book: string): Promise<void> {
  const { member } = from.journal;
  const known = (await to.journal.books(member)).find(({ name }) => name === book)?.size ?? 0;
  const entries = await from.journal.read(book, known, 1000);
  await to.db.tx((tx) => to.journal.receive(tx, { member, book, entries, accept: () => null }));
}
