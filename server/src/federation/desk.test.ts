import type { FastifyRequest } from 'fastify';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openTestAccess, type TestAccess } from '../access/test-access.ts';
import { openJournal, type DeskReader, type Draft, type Journal } from '../journal/journal.ts';
import { openTestSigner } from '../platform/test-keys.ts';
import { openDesk } from './desk.ts';

const key = 'account:TH:014:1234567890';
let th: TestAccess;
let journal: Journal;
let reader: (token: string, headers?: Record<string, string>) => Promise<DeskReader>;
/** Tokens: of an analyst, who sees discreet listings; of a duty officer, who does not; of an auditor. */
let malee: string;
let somchai: string;
let niran: string;

beforeEach(async () => {
  th = await openTestAccess();
  const { db, clock, access } = th;
  const onError = (error: unknown) => th.errors.push(error);
  journal = await openJournal({ db, clock, signer: openTestSigner(), member: 'th', onError });
  const desk = openDesk({ db, access, journal });
  reader = (token, headers = { 'drum-purpose': 'audit' }) =>
    desk({ headers: { authorization: `Bearer ${token}`, ...headers } } as unknown as FastifyRequest);
  malee = await th.enlist('malee', ['analyst']);
  somchai = await th.enlist('somchai', ['duty-officer']);
  niran = await th.enlist('niran', ['auditor']);
});
afterEach(async () => {
  await journal.close();
  await th.close();
});

const said = (kind: string, body: unknown, subject = key): Draft => ({
  book: 'domestic',
  kind,
  version: 1,
  author: { office: 'aoc' },
  handling: { tlp: 'AMBER', conditions: [] },
  subject,
  body,
});
const say = (...drafts: Draft[]) => th.db.tx((tx) => journal.append(tx, drafts));

/** Which entries of the book somebody reads. */
async function readBy(token: string): Promise<boolean[]> {
  const { mayRead } = await reader(token);
  const entries = await journal.read('domestic', 0, 100);
  return Promise.all(entries.map((entry) => mayRead(entry)));
}

test('a discreet listing, and what ended it, is read only by those who see discreet ones', async () => {
  await say(
    said('listing', { id: 'a', discreet: true }),
    said('listing-withdrawal', { id: 'a' }),
    said('appeal', { act: { kind: 'listing', id: 'a' } }),
    said('listing', { id: 'b', discreet: false }),
    said('listing-withdrawal', { id: 'b' }),
    said('appeal-decision', { act: { kind: 'listing', id: 'b' } }),
    said('listing-withdrawal', { id: 'c' }),
    said('listing', null),
  );
  expect(await readBy(malee)).toEqual(Array.from({ length: 8 }, () => true));
  // Of a listing that is not known here nobody can tell whether it was discreet.
  expect(await readBy(somchai)).toEqual([false, false, false, true, true, true, false, false]);
  expect(await readBy(niran)).toEqual(Array.from({ length: 8 }, () => true));
});

test('a listing that was once discreet stays so for those who do not see discreet ones', async () => {
  await say(said('listing', { id: 'a', discreet: true }), said('listing', { id: 'a', discreet: false }));
  expect(await readBy(somchai)).toEqual([false, false]);
});

test('a kind is read only by those who read it elsewhere, and what nobody knows by auditors alone', async () => {
  const kinds = ['hold', 'order', 'request', 'alert', 'exhibit', 'dowry', 'constructor'];
  await say(...kinds.map((kind) => said(kind, {})), ...['hold', 'x'].map((kind) => said('appeal', { act: { kind } })));
  expect(await readBy(somchai)).toEqual([true, true, true, false, false, false, false, true, false]);
  expect(await readBy(niran)).toEqual(Array.from({ length: 9 }, () => true));
});

test('who reads says why, and it is written down; whoever may neither search nor audit is no reader', async () => {
  const { requirePurpose, recordRead } = await reader(somchai);
  requirePurpose();
  await recordRead(key);
  const { body } = await th.call('GET', '/v1/access/reads', niran);
  expect((body['reads'] as object[])[0]).toMatchObject({ actor: 'officer:somchai', what: 'entry', subject: key });
  const silent = await reader(somchai, {});
  expect(() => silent.requirePurpose()).toThrow('forbidden.purpose');
  const administrator = await th.enlist('chai', ['administrator']);
  await expect(reader(administrator)).rejects.toMatchObject({ refusal: { refused: 'forbidden.permission' } });
  await expect(reader('')).rejects.toMatchObject({ refusal: { refused: 'unauthenticated.missing' } });
});
