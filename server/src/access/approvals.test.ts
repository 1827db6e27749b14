import { afterEach, beforeEach, expect, test } from 'vitest';
import { dayMs, hourMs, minuteMs } from '../kernel/clock.ts';
import { refuse } from '../kernel/refusals.ts';
import { openTestAccess, password, type TestAccess } from './test-access.ts';

let house: TestAccess;
let heard: string[];

async function open(whenAlone: 'refuse' | 'act-then-review' = 'act-then-review'): Promise<TestAccess> {
  heard = [];
  const opened = await openTestAccess((rules) => {
    rules.secondPerson.whenAlone = whenAlone;
  });
  await opened.db.query('CREATE TABLE acts (name text)');
  opened.access.defineAct({
    act: 'registry.list',
    permission: 'registry.approve',
    async perform(tx, actor, payload, approval) {
      const { name } = payload as { name: string };
      if (name === 'gone') refuse('conflict.gone');
      await tx.query('INSERT INTO acts VALUES ($1)', [name]);
      heard.push(`${actor.officer} listed ${name}, approved by ${approval?.approver ?? 'nobody'}`);
      return { name };
    },
    async undo(tx, payload, result, { by }) {
      await tx.query('DELETE FROM acts WHERE name = $1', [(result as { name: string }).name]);
      heard.push(`undone ${(payload as { name: string }).name} by ${by ?? 'lapse'}`);
    },
  });
  opened.access.defineAct({
    act: 'registry.withdraw',
    permission: 'registry.approve',
    perform: async () => 'withdrawn',
  });
  return opened;
}

beforeEach(async () => {
  house = await open();
});
afterEach(() => house.close());

const acts = async () => (await house.db.query<{ name: string }>('SELECT name FROM acts')).map((row) => row.name);
const propose = async (token: string, variant: string, name = 'x', act = 'registry.list') =>
  house.access.perform(await house.actor(token), { act, variant, payload: { name }, subject: `phone:${name}` });
const proposalOf = async (token: string, name?: string): Promise<string> => {
  const outcome = await propose(token, 'court', name);
  if ('done' in outcome) throw new Error('done at once');
  return outcome.proposal;
};
const decide = (token: string, id: string, approve: boolean, note = 'seen') =>
  house.call('POST', `/v1/approvals/${id}/decision`, token, { approve, note });
const list = async (token: string, which = 'to-decide') =>
  (await house.call('GET', `/v1/approvals?which=${which}`, token)).body['approvals'] as { id: string; state: string }[];

test('an act for which policy asks nobody else is done at once', async () => {
  const analyst = await house.enlist('malee', ['analyst']);
  expect(await propose(analyst, 'observed')).toEqual({ done: { name: 'x' } });
  expect(heard).toEqual(['malee listed x, approved by nobody']);
});

test('an act that needs a second person is done when another officer approves it, and says by whom', async () => {
  const analyst = await house.enlist('malee', ['analyst']);
  const supervisor = await house.enlist('somchai', ['supervisor']);
  const id = await proposalOf(analyst);
  expect(await acts()).toEqual([]);
  expect(await list(supervisor)).toMatchObject([{ id, act: 'registry.list', variant: 'court', proposer: 'malee' }]);
  expect(await list(analyst)).toEqual([]);
  expect(await decide(supervisor, id, true)).toMatchObject({ status: 200, body: { id, state: 'approved' } });
  expect(heard).toEqual(['malee listed x, approved by somchai']);
  expect(await list(supervisor)).toEqual([]);
  const read = await house.call('GET', `/v1/approvals/${id}`, analyst);
  expect(read.body).toMatchObject({ state: 'approved', decidedBy: 'somchai', note: 'seen', payload: { name: 'x' } });
});

test('the proposer, whoever lacks the permission, and whoever has not stepped up do not decide', async () => {
  const both = await house.enlist('malee', ['analyst', 'supervisor']);
  const supervisor = await house.enlist('somchai', ['supervisor']);
  const analyst = await house.enlist('niran', ['analyst']);
  const id = await proposalOf(both);
  expect(await decide(both, id, true)).toMatchObject({ status: 403, code: 'forbidden.same-person' });
  expect(await decide(analyst, id, true)).toMatchObject({ status: 403, code: 'forbidden.permission' });
  house.clock.advance(11 * minuteMs);
  expect(await decide(supervisor, id, true)).toMatchObject({ status: 403, code: 'forbidden.step-up' });
  await house.call('POST', '/v1/sessions/step-up', supervisor, { password });
  expect((await decide(supervisor, id, true)).status).toBe(200);
});

test('of decisions made at once one stands, and the act is done once', async () => {
  const analyst = await house.enlist('malee', ['analyst']);
  const deciders = [await house.enlist('somchai', ['supervisor']), await house.enlist('niran', ['supervisor'])];
  const id = await proposalOf(analyst);
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, index) => decide(deciders[index % 2]!, id, index % 3 !== 0)),
  );
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(answers.filter(({ code }) => code === 'conflict.decided')).toHaveLength(7);
  const approved = answers.find(({ status }) => status === 200)!.body['state'] === 'approved';
  expect(await acts()).toEqual(approved ? ['x'] : []);
});

test('a proposal that nobody decides lapses by itself, and from that instant nobody can decide it', async () => {
  const analyst = await house.enlist('malee', ['analyst']);
  await house.enlist('somchai', ['supervisor']);
  const id = await proposalOf(analyst);
  house.clock.advance(24 * hourMs);
  const signedIn = await house.access.sessions.signIn({ officer: 'somchai', password });
  expect(await decide(signedIn.token, id, true)).toMatchObject({ status: 410, code: 'gone.lapsed' });
  expect(await list(signedIn.token)).toEqual([]);
  await house.clocks.run();
  expect(await decide(signedIn.token, id, true)).toMatchObject({ status: 410, code: 'gone.lapsed' });
  const again = await house.access.sessions.signIn({ officer: 'malee', password });
  expect(await list(again.token, 'proposed-by-me')).toMatchObject([{ id, state: 'lapsed' }]);
  expect(heard).toEqual([]);
});

test('a proposer can withdraw, and nobody else', async () => {
  const analyst = await house.enlist('malee', ['analyst']);
  const supervisor = await house.enlist('somchai', ['supervisor']);
  const id = await proposalOf(analyst);
  expect((await house.call('DELETE', `/v1/approvals/${id}`, supervisor)).code).toBe('not-found.approval');
  expect((await house.call('DELETE', `/v1/approvals/${id}`, analyst)).status).toBe(204);
  expect((await decide(supervisor, id, true)).body).toMatchObject({
    code: 'conflict.decided',
    params: { state: 'withdrawn' },
  });
  expect((await house.call('DELETE', `/v1/approvals/${id}`, analyst)).code).toBe('conflict.decided');
});

test('an act that can no longer be done stays open, to be rejected', async () => {
  const analyst = await house.enlist('malee', ['analyst']);
  const supervisor = await house.enlist('somchai', ['supervisor']);
  const id = await proposalOf(analyst, 'gone');
  expect((await decide(supervisor, id, true)).code).toBe('conflict.gone');
  expect((await decide(supervisor, id, false)).body).toMatchObject({ state: 'rejected' });
});

test('whoever is alone acts at once, and whoever joins later confirms it', async () => {
  const analyst = await house.enlist('malee', ['analyst', 'supervisor']);
  const outcome = await propose(analyst, 'court');
  expect(outcome).toMatchObject({ done: { name: 'x' }, review: expect.any(String) });
  const supervisor = await house.enlist('somchai', ['supervisor']);
  const [review] = await list(supervisor);
  expect(review).toMatchObject({ performed: true, decideBy: '2026-01-04T00:00:00.000Z' });
  expect((await house.call('DELETE', `/v1/approvals/${review!.id}`, analyst)).code).toBe('conflict.performed');
  expect((await decide(analyst, review!.id, true)).code).toBe('forbidden.same-person');
  expect((await decide(supervisor, review!.id, true)).body).toMatchObject({ state: 'approved' });
  house.clock.advance(4 * dayMs);
  await house.clocks.run();
  expect(await acts()).toEqual(['x']);
});

test('what was done alone is undone when its review says no, and when nobody reviews it in time', async () => {
  const analyst = await house.enlist('malee', ['analyst']);
  const first = (await propose(analyst, 'court', 'a')) as { review: string };
  await propose(analyst, 'court', 'b');
  const supervisor = await house.enlist('somchai', ['supervisor']);
  await decide(supervisor, first.review, false);
  expect(await acts()).toEqual(['b']);
  house.clock.advance(72 * hourMs);
  await house.clocks.run();
  expect(await acts()).toEqual([]);
  expect(heard.slice(2)).toEqual(['undone a by somchai', 'undone b by lapse']);
  expect(house.errors).toEqual([]);
});

test('whoever is alone is refused where policy says so, and where the act could not be undone', async () => {
  const analyst = await house.enlist('malee', ['analyst', 'supervisor']);
  await expect(propose(analyst, 'released', 'x', 'registry.withdraw')).rejects.toThrow('conflict.nobody-to-approve');
  await house.close();
  house = await open('refuse');
  const alone = await house.enlist('malee', ['analyst', 'supervisor']);
  await expect(propose(alone, 'court')).rejects.toThrow('conflict.nobody-to-approve');
  expect(await acts()).toEqual([]);
});

test('an officer who has set no password yet is nobody who could approve', async () => {
  const analyst = await house.enlist('malee', ['analyst']);
  const roles = ['supervisor' as const];
  await house.access.officers.add(house.administrator, { id: 'somchai', office: 'national-centre', name: 'S', roles });
  expect(await propose(analyst, 'court')).toHaveProperty('review');
});

test('a deactivated officer’s proposals are withdrawn', async () => {
  const analyst = await house.enlist('malee', ['analyst']);
  const supervisor = await house.enlist('somchai', ['supervisor']);
  const id = await proposalOf(analyst);
  await house.access.officers.change(house.administrator, 'malee', { active: false });
  expect((await decide(supervisor, id, true)).code).toBe('conflict.decided');
  house.clock.advance(dayMs);
  await house.clocks.run();
  expect(heard).toEqual([]);
});

test('to whoever may not decide it a proposal does not exist, and each reading is recorded with its purpose', async () => {
  const analyst = await house.enlist('malee', ['analyst']);
  const supervisor = await house.enlist('somchai', ['supervisor']);
  const liaison = await house.enlist('niran', ['liaison']);
  const id = await proposalOf(analyst);
  expect((await house.call('GET', `/v1/approvals/${id}`, liaison)).code).toBe('not-found.approval');
  const without = await house.http.inject({
    method: 'GET',
    url: `/v1/approvals/${id}`,
    headers: { authorization: `Bearer ${supervisor}` },
  });
  expect(without.json()).toMatchObject({ status: 403, code: 'forbidden.purpose' });
  await house.call('GET', `/v1/approvals/${id}`, supervisor);
  expect(await house.db.query('SELECT actor, purpose, what, subject FROM access.reads')).toEqual([
    { actor: 'officer:somchai', purpose: 'operation', what: 'access.approval', subject: 'phone:x' },
  ]);
});

test('a list of proposals is read page by page without gap or repetition', async () => {
  const analyst = await house.enlist('malee', ['analyst']);
  const supervisor = await house.enlist('somchai', ['supervisor']);
  const ids: string[] = [];
  for (let count = 0; count < 7; count += 1) ids.push(await proposalOf(analyst, `n${count}`));
  const walk = async (token: string, which: string): Promise<string[]> => {
    const seen: string[] = [];
    let after = '';
    for (;;) {
      const { body } = await house.call('GET', `/v1/approvals?limit=3&which=${which}${after}`, token);
      seen.push(...(body['approvals'] as { id: string }[]).map((one) => one.id));
      if (body['next'] === undefined) return seen;
      after = `&after=${body['next'] as string}`;
    }
  };
  expect(await walk(supervisor, 'to-decide')).toEqual(ids);
  expect(await walk(analyst, 'proposed-by-me')).toEqual(ids.toReversed());
});

test('a proposal too large to be read is refused', async () => {
  const analyst = await house.enlist('malee', ['analyst']);
  await house.enlist('somchai', ['supervisor']);
  await expect(propose(analyst, 'court', 'x'.repeat(300_000))).rejects.toThrow('too-large.proposal');
});

test('what always needs a second person waits on its own clock, and is never done before their word', async () => {
  const analyst = await house.enlist('malee', ['analyst']);
  const ask = async () =>
    house.access.perform(await house.actor(analyst), {
      act: 'registry.list',
      variant: 'observed',
      payload: { name: 'x' },
      subject: 'phone:x',
      always: true,
      decideWithinHours: 6,
    });
  await expect(ask()).rejects.toThrow('conflict.nobody-to-approve');
  const supervisor = await house.enlist('somchai', ['supervisor']);
  const outcome = await ask();
  expect(outcome).toHaveProperty('proposal');
  house.clock.advance(6 * hourMs);
  expect(await decide(supervisor, (outcome as { proposal: string }).proposal, true)).not.toMatchObject({ status: 200 });
  expect(await acts()).toEqual([]);
});

test('a room hears what became of each act that waited, in the same transaction', async () => {
  const told: string[] = [];
  house.access.defineAct({
    act: 'registry.export',
    permission: 'registry.approve',
    perform: async (_tx, _actor, payload) => {
      if (payload === 'gone') refuse('conflict.gone');
    },
    proposed: async (_tx, { payload, actor }) => void told.push(`${actor.officer} proposed ${String(payload)}`),
    settled: async (_tx, { state, by }) => void told.push(`${state} by ${by ?? 'nobody'}`),
  });
  const analyst = await house.enlist('malee', ['analyst']);
  const supervisor = await house.enlist('somchai', ['supervisor']);
  const ask = async (payload: string): Promise<string> => {
    const subject = 'phone:x';
    const actor = await house.actor(analyst);
    const outcome = await house.access.perform(actor, { act: 'registry.export', payload, subject, always: true });
    return (outcome as { proposal: string }).proposal;
  };
  await decide(supervisor, await ask('a'), true);
  await decide(supervisor, await ask('b'), false);
  await house.call('DELETE', `/v1/approvals/${await ask('c')}`, analyst);
  const gone = await ask('gone');
  await decide(supervisor, gone, true);
  await house.access.officers.change(house.administrator, 'malee', { active: false });
  house.clock.advance(dayMs);
  await house.clocks.run();
  expect(told).toEqual([
    'malee proposed a',
    'approved by somchai',
    'malee proposed b',
    'rejected by somchai',
    'malee proposed c',
    'withdrawn by malee',
    'malee proposed gone',
    'withdrawn by nobody',
  ]);
});
