import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hourMs } from '../kernel/clock.ts';
import { password } from '../access/test-access.ts';
import { openTestRegistry, type TestRegistry } from './test-registry.ts';

let house: TestRegistry;
let analyst: string;
let supervisor: string;

// Where accounts wait for an approving officer before they leave, and an approver has six hours.
beforeEach(async () => {
  house = await openTestRegistry((rules) => {
    rules.sharing.exportApproval.types = ['account'];
    rules.sharing.exportApproval.decideWithinHours = 6;
    rules.secondPerson.acts = ['registry.list:court'];
  });
  analyst = await house.enlist('malee', ['analyst']);
});
afterEach(() => house.close());

const account = 'account:TH:014:1234567890';
const withSupervisor = async () => (supervisor = await house.enlist('somchai', ['supervisor']));
const decide = (id: string, approve: boolean) =>
  house.call('POST', `/v1/approvals/${id}/decision`, supervisor, { approve, note: 'seen' });
const exportsOf = async () =>
  (await house.call('GET', '/v1/registry/exports', analyst)).body['exports'] as Record<string, unknown>[];
const kindsIn = async (book: string) => {
  const books = await house.journal.books();
  if (!books.some(({ name }) => name === book)) return [];
  const entries = await house.journal.read(book, 0, 100);
  return entries.map((entry) => [entry.statement?.envelope.kind, (entry.statement?.body as any)?.revision]);
};
const listing = (answer: { body: Record<string, unknown> }) => answer.body['listing'] as Record<string, any>;

describe('a listing that needs approval to leave', () => {
  test('is said at home at once, and abroad when an officer approves', async () => {
    await withSupervisor();
    const listed = await house.list(analyst, account);
    expect(listed.body).toMatchObject({
      listing: { book: 'domestic', revision: 1 },
      export: { proposal: expect.any(String) },
    });
    expect(await kindsIn('alliance')).toEqual([]);
    const { proposal } = listed.body['export'] as { proposal: string };
    expect(await exportsOf()).toMatchObject([{ id: proposal, subject: account, book: 'alliance', state: 'proposed' }]);
    expect(await decide(proposal, true)).toMatchObject({ status: 200 });
    expect(await kindsIn('alliance')).toEqual([['listing', 2]]);
    const path = `/v1/registry/listings/${listing(listed)['id']}`;
    expect((await house.call('GET', path, analyst)).body).toMatchObject({ book: 'alliance', revision: 2 });
    const acted = await house.db.query('SELECT acted_by FROM registry.listings');
    expect(acted).toEqual([{ acted_by: ['officer:malee', 'officer:somchai'] }]);
    expect(await exportsOf()).toMatchObject([{ state: 'approved', decidedBy: 'officer:somchai' }]);
  });

  test('stays at home when it is rejected, and when nobody decides within its own clock', async () => {
    await withSupervisor();
    const first = await house.list(analyst, account);
    const second = await house.list(analyst, 'account:TH:014:1234567891');
    await decide((first.body['export'] as any).proposal, false);
    house.clock.advance(6 * hourMs);
    await house.clocks.run();
    expect(await kindsIn('alliance')).toEqual([]);
    analyst = (await house.access.sessions.signIn({ officer: 'malee', password })).token;
    const states = new Map((await exportsOf()).map((one) => [one['listing'], one['state']]));
    expect(states.get(listing(first)['id'])).toBe('rejected');
    expect(states.get(listing(second)['id'])).toBe('lapsed');
  });

  test('stays at home where nobody else could approve, and is still listed', async () => {
    const listed = await house.list(analyst, account);
    expect(listed).toMatchObject({ status: 201, body: { listing: { state: 'listed', book: 'domestic' } } });
    expect(listed.body['export']).toEqual({ refused: 'conflict.nobody-to-approve' });
    expect(await exportsOf()).toMatchObject([{ state: 'withheld', why: 'conflict.nobody-to-approve' }]);
  });

  test('leaves with the decision of its second person, where it needs one anyway', async () => {
    await withSupervisor();
    const proposed = await house.list(analyst, account, { tier: 'court' });
    expect(proposed.body).toMatchObject({ proposal: expect.any(String) });
    await decide(proposed.body['proposal'] as string, true);
    expect(await kindsIn('alliance')).toEqual([['listing', 1]]);
    expect(await exportsOf()).toMatchObject([{ state: 'approved', decidedBy: 'officer:somchai' }]);
  });

  test('done alone and reviewed later never leaves without an approver', async () => {
    const listed = await house.list(analyst, account, { tier: 'court' });
    expect(listed.body).toMatchObject({ review: expect.any(String), listing: { book: 'domestic' } });
    expect(listed.body['export']).toEqual({ refused: 'conflict.nobody-to-approve' });
  });

  test('is revised abroad only as approved, and withdrawn without asking', async () => {
    await withSupervisor();
    const listed = await house.list(analyst, account);
    await decide((listed.body['export'] as any).proposal, true);
    const path = `/v1/registry/listings/${listing(listed)['id']}`;
    const revised = await house.call('PATCH', path, analyst, { revision: 2, tier: 'victim', grounds: 'a victim' });
    expect(revised.body).toMatchObject({ listing: { revision: 2 }, export: { proposal: expect.any(String) } });
    expect(await kindsIn('alliance')).toEqual([['listing', 2]]);
    expect(await kindsIn('domestic')).toEqual([['listing', 1]]);
    await decide((revised.body['export'] as any).proposal, true);
    expect((await house.call('GET', path, analyst)).body).toMatchObject({ tier: 'victim', revision: 3 });
    await house.call('POST', `${path}/withdrawal`, supervisor, { reason: 'resolved', grounds: 'repaid' });
    expect(await kindsIn('alliance')).toEqual([
      ['listing', 2],
      ['listing', 3],
      ['listing-withdrawal', 4],
    ]);
  });

  test('that changed at home since it was proposed is not exported as it was', async () => {
    await withSupervisor();
    const listed = await house.list(analyst, account);
    await house.call('PATCH', `/v1/registry/listings/${listing(listed)['id']}`, analyst, {
      revision: 1,
      tier: 'observed',
      grounds: 'weaker than thought',
    });
    const { proposal } = listed.body['export'] as { proposal: string };
    expect(await decide(proposal, true)).toMatchObject({ status: 409, code: 'conflict.revision' });
    expect(await decide(proposal, false)).toMatchObject({ status: 200 });
  });

  test('of another type leaves at once', async () => {
    const listed = await house.list(analyst, 'ip:45.66.77.88');
    expect(listed.body).toMatchObject({ listing: { book: 'alliance' } });
    expect(listed.body['export']).toBeUndefined();
  });
});

describe('an import that needs approval to leave', () => {
  const terms = {
    source: 'a feed',
    type: 'account',
    tier: 'observed',
    typologies: ['mule-account'],
    offence: 'telecom-online-fraud',
    grading: { source: 'C', information: 3 },
    grounds: 'named by the feed',
    audience: 'alliance',
    handling: { tlp: 'AMBER', conditions: [] },
  };
  const start = (more: object = {}) => house.call('POST', '/v1/registry/imports', analyst, { ...terms, ...more });

  test('is proposed as a whole, and refused where nobody could approve', async () => {
    expect(await start()).toMatchObject({ status: 409, code: 'conflict.nobody-to-approve' });
    await withSupervisor();
    const proposed = await start();
    expect(await exportsOf()).toMatchObject([{ subject: 'import:a feed', state: 'proposed' }]);
    await decide(proposed.body['proposal'] as string, true);
    const { import: opened } = (await start()).body as any;
    const batch = { after: 0, digest: '0'.repeat(64), items: [{ line: 1, identifier: account }] };
    const taken = await house.call('POST', `/v1/registry/imports/${opened.id}/batches`, analyst, batch);
    expect(taken.body).toMatchObject({ taken: 1, refused: [] });
    expect(await kindsIn('alliance')).toEqual([['listing', 1]]);
    expect(await exportsOf()).toMatchObject([{ state: 'approved' }]);
  });

  test('does not slip in under another type', async () => {
    const { import: opened } = (await start({ type: 'ip' })).body as any;
    const batch = { after: 0, digest: '0'.repeat(64), items: [{ line: 1, identifier: account }] };
    const taken = await house.call('POST', `/v1/registry/imports/${opened.id}/batches`, analyst, batch);
    expect(taken.body).toMatchObject({ taken: 0, refused: [{ line: 1, refused: 'registry.export-needs-approval' }] });
  });
});
