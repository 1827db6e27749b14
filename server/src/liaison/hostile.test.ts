import { afterAll, beforeAll, expect, test } from 'vitest';
import type { OfficerActor } from '../kernel/actor.ts';
import { newId } from '../kernel/ids.ts';
import { minuteMs } from '../kernel/clock.ts';
import type { Draft } from '../journal/journal.ts';
import { alertedOf, holdRequest, openTestLiaison, question, type TestLiaison } from './test-liaison.ts';

let house: TestLiaison;
let malee: OfficerActor;
let linh: OfficerActor;
let lay: OfficerActor;

beforeAll(async () => {
  house = await openTestLiaison(['kh', 'th', 'vn']);
  malee = await house.desk('th').officer('malee', 'liaison');
  linh = await house.desk('vn').officer('linh', 'liaison');
  lay = await house.desk('kh').officer('lay', 'liaison');
});
afterAll(() => house.close());

const desk = (member: string) => house.desk(member).liaison.desk;
const author = { office: 'aoc', officer: 'malee' };
const handling = { tlp: 'AMBER' as const, conditions: [] };

function requestDraft(id: string, change: object = {}, book = 'th+vn'): Draft {
  const body = {
    id,
    revision: 1,
    kind: 'information',
    to: { member: 'vn' },
    priority: 'P1',
    offence: 'telecom-online-fraud',
    purpose: 'investigation',
    legalBasis: 'Penal Code',
    necessity: { language: 'en', text: 'why' },
    language: 'en',
    exhibits: [],
    details: { question: { language: 'en', text: 'who?' } },
    ...change,
  };
  return { book, kind: 'request', version: 1, author, handling, body };
}
const deedDraft = (request: string, change: object = {}, book = 'kh+vn'): Draft => ({
  book,
  kind: 'request-deed',
  version: 1,
  author,
  handling,
  body: { request, number: 1, revision: 1, deed: 'withdrawn', exhibits: [], ...change },
});
const known = async (id: string) =>
  await house
    .desk('vn')
    .liaison.desk.get(linh, id)
    .catch((error: Error) => error.message);

test('hostile words, names and keys are kept out of harm, and stop nobody', async () => {
  const [words, key] = [newId(), newId()];
  const text = 'NUL \u0000 and half \ud800 a character';
  await house.desk('th').say(
    requestDraft(words, {
      to: { member: 'vn', officer: 'x\u0000y', desk: "'; DROP TABLE" },
      necessity: { language: 'en', text },
      details: { question: { language: 'en', text } },
    }),
    requestDraft(key, { details: { question: { language: 'en', text: 'x' }, subjects: ['phone:\u0000'] } }),
  );
  await house.settle();
  expect(await known(words)).toMatchObject({ request: { state: 'received', owner: null, desk: null } });
  expect(await known(key)).toMatchObject({
    request: { state: 'refused' },
    deeds: [{ body: { refusal: 'missing-detail' } }],
  });
});

test('a request counts only in the book of the two, and an id belongs to whoever used it first', async () => {
  const [wide, aside, stolen] = [newId(), newId(), newId()];
  await house
    .desk('th')
    .say(requestDraft(wide, {}, 'alliance'), requestDraft(aside, { to: { member: 'kh' } }), requestDraft(stolen));
  await house.settle();
  expect(await known(wide)).toBe('not-found.request');
  expect(await known(aside)).toBe('not-found.request');
  await house.desk('kh').say(requestDraft(stolen, { revision: 2, priority: 'P4' }, 'kh+vn'), deedDraft(stolen));
  await house.settle();
  expect(await known(stolen)).toMatchObject({
    request: { from: 'th', state: 'received', priority: 'P1', revision: 1 },
  });
});

test('the asking member answers nothing in the asked one’s name, and a number is used once', async () => {
  const id = newId();
  await house
    .desk('th')
    .say(requestDraft(id), deedDraft(id, { deed: 'answered' }, 'th+vn'), deedDraft(id, { deed: 'withdrawn' }, 'th+vn'));
  await house.settle();
  expect(await known(id)).toMatchObject({ request: { state: 'received' } });
});

test('a revision that comes late, or again, changes nothing', async () => {
  const id = newId();
  await house.desk('th').say(requestDraft(id, { revision: 2, priority: 'P2' }), requestDraft(id));
  await house.settle();
  await house.desk('th').say(requestDraft(id, { revision: 2, priority: 'P4' }));
  await house.settle();
  const conversation = await desk('vn').get(linh, id);
  expect(conversation.request).toMatchObject({ state: 'received', priority: 'P2', revision: 2 });
  expect(conversation.deeds.map(({ deed }) => deed)).toEqual(['received']);
});

test('another member sees nothing of a request that is not its own, and what is joined tells it nothing', async () => {
  const account = 'account:VN:970436:7770001';
  const details = { account, amount: { value: '100', currency: 'VND' } };
  const { id } = await desk('th').draft(malee, holdRequest({ details }));
  await desk('th').send(malee, id, {});
  const theirs = await desk('kh').draft(lay, holdRequest({ details }));
  await desk('kh').send(lay, theirs.id, {});
  await house.settle();
  expect((await desk('vn').get(linh, id)).joined).toEqual([theirs.id]);
  await expect(desk('kh').get(lay, id)).rejects.toThrow('not-found.request');
  expect((await desk('kh').get(lay, theirs.id)).joined).toEqual([]);
  expect((await desk('kh').scorecard(lay, {})).rows.every(({ asking, asked }) => [asking, asked].includes('kh'))).toBe(
    true,
  );
  const books = await house.desk('vn').journal.read('kh+vn', 0, 1000);
  expect(JSON.stringify(books.map(({ bytes }) => bytes))).not.toContain(id);
});

test('an erased request is forgotten by its reader, and an erased answer keeps only that it was given', async () => {
  const { id } = await desk('th').draft(malee, question('vn'));
  await desk('th').send(malee, id, {});
  await house.settle();
  await desk('vn').say(linh, id, { deed: 'answered', text: { language: 'vi', text: 'một cái tên' } });
  await house.settle();
  const [th, vn] = [house.desk('th'), house.desk('vn')];
  const numberOf = async (from: typeof th, kind: string): Promise<number> =>
    (await from.journal.read('th+vn', 0, 1000)).findLast(({ statement }) => statement?.envelope.kind === kind)!.number;
  const erase = async (from: typeof th, number: number) =>
    from.db.tx((tx) =>
      from.journal.erase(tx, { member: from.member, book: 'th+vn', number }, { author, handling, basis: 'a court' }),
    );
  await erase(vn, await numberOf(vn, 'request-deed'));
  await house.settle();
  expect(JSON.stringify(await desk('th').get(malee, id))).not.toContain('một cái tên');
  expect(JSON.stringify(await desk('vn').get(linh, id))).not.toContain('một cái tên');
  expect((await desk('th').get(malee, id)).request.state).toBe('answered');
  await erase(th, await numberOf(th, 'request'));
  await house.settle();
  expect(await known(id)).toBe('not-found.request');
  await house.pass(600 * minuteMs);
});

test('terms that are no terms are not heard', async () => {
  const terms = (body: object, book = 'alliance'): Draft => ({
    book,
    kind: 'liaison-terms',
    version: 1,
    author,
    handling,
    body,
  });
  const [row] = await house.desk('vn').db.query<{ body: string }>("SELECT body FROM liaison.terms WHERE member = 'th'");
  const mine = JSON.parse(row!.body) as object;
  await house
    .desk('th')
    .say(
      terms({ revision: 99 }),
      terms({ ...mine, revision: 99, timeZone: 'Nowhere/Else', staffed: true }, 'th+vn'),
      terms({ ...mine, revision: 98, timeZone: 'Nowhere/Else', holidays: [] }),
    );
  await house.settle();
  const { id } = await desk('vn').draft(linh, question('th', { priority: 'P3' }));
  expect((await desk('vn').check(linh, id)).staffed).toBe(false);
  await desk('vn').send(linh, id, {});
  await house.settle();
  expect((await desk('vn').get(linh, id)).request.state).toBe('received');
  expect(alertedOf(house.desk('vn'))).not.toContain('request.overdue act officer x');
});

test('after a restore this member learns from its reader what it had asked and withdrawn', async () => {
  const { id } = await desk('th').draft(malee, question('vn'));
  await desk('th').send(malee, id, {});
  await desk('th').say(malee, id, { deed: 'withdrawn' });
  await house.settle();
  const th = house.desk('th');
  // What a restore from an older backup leaves behind.
  for (const table of ['requests', 'revisions', 'deeds', 'touches'])
    await th.db.query(`DELETE FROM liaison.${table} WHERE ${table === 'requests' ? 'id' : 'request'} = $1`, [id]);
  await expect(desk('th').get(malee, id)).rejects.toThrow('not-found.request');
  const entries = (await th.journal.read('th+vn', 0, 1000)).filter(({ bytes }) => bytes?.includes(id));
  const alerts = th.alerts.length;
  for (const { number, salt, bytes } of entries)
    await th.db.tx((tx) =>
      th.journal.admit(tx, { member: 'th', book: 'th+vn', number }, { salt: salt!, bytes: bytes! }),
    );
  await house.settle();
  expect((await desk('th').get(malee, id)).request).toMatchObject({ state: 'withdrawn', direction: 'out' });
  expect(th.alerts.length).toBe(alerts);
});
