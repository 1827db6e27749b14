import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { minuteMs } from '../kernel/clock.ts';
import { actorId, type OfficerActor } from '../kernel/actor.ts';
import {
  alertedOf,
  exhibitOf,
  holdRequest,
  openTestLiaison,
  question,
  ruleRequestId,
  type TestLiaison,
} from './test-liaison.ts';
import type { StandingRequest } from './liaison.ts';

let house: TestLiaison;
let malee: OfficerActor;
let somchai: OfficerActor;
let linh: OfficerActor;
let wei: OfficerActor;
let auditor: OfficerActor;

/** Viet Nam asks for a signature; China lets accounts and numbers out only by an officer. */
beforeAll(async () => {
  house = await openTestLiaison(['cn', 'th', 'vn']);
  malee = await house.desk('th').officer('malee', 'liaison');
  somchai = await house.desk('th').officer('somchai', 'supervisor');
  linh = await house.desk('vn').officer('linh', 'liaison');
  auditor = await house.desk('vn').officer('auditor', 'auditor');
  wei = await house.desk('cn').officer('wei', 'liaison');
});
afterAll(() => house.close());

const desk = (member: string) => house.desk(member).liaison.desk;

/** Drafts and sends, and lets everybody hear of it. */
async function ask(request = holdRequest(), officer = malee, from = 'th'): Promise<string> {
  const { id } = await desk(from).draft(officer, request);
  await desk(from).send(officer, id, {});
  await house.settle();
  return id;
}
const states = async (id: string): Promise<string[]> => [
  (await desk('th').get(malee, id)).request.state,
  (await desk('vn').get(linh, id)).request.state,
];

describe('a request from one officer to another', () => {
  test('is drafted, checked, sent with a signature, received, acknowledged, worked on and answered', async () => {
    const { id, state } = await desk('th').draft(malee, holdRequest({ exhibits: [ruleRequestId('receipt')] }));
    expect(state).toBe('drafted');
    await house.settle();
    await expect(desk('vn').get(linh, id)).rejects.toThrow('not-found.request');
    expect(await desk('th').check(malee, id)).toEqual({
      objections: [],
      needs: [],
      termsKnown: true,
      staffed: false,
      overlaps: [],
    });
    const sent = await desk('th').send(malee, id, {});
    expect(sent.request).toMatchObject({ state: 'sent', direction: 'out', revision: 1 });
    await house.settle();
    expect(await states(id)).toEqual(['received', 'received']);
    const there = await desk('vn').get(linh, id);
    expect(there.body).toMatchObject({
      legalBasis: expect.stringContaining('Emergency Decree'),
      language: 'th',
      signedBy: { office: 'national-centre', officer: 'malee' },
      details: { account: 'account:VN:970436:00123456789' },
      exhibits: [exhibitOf(ruleRequestId('receipt'))],
    });
    expect(alertedOf(house.desk('vn'))).toContain('request.received');

    await desk('vn').say(linh, id, { deed: 'acknowledged' });
    await desk('vn').say(linh, id, { deed: 'in-work' });
    await house.settle();
    expect(await states(id)).toEqual(['in-work', 'in-work']);
    house.clock.advance(1000);
    await desk('th').say(malee, id, { deed: 'said', text: { language: 'th', text: 'ด่วน' } });
    await house.pass(1000);
    const facts = { done: ['held'], held: { value: '9000000', currency: 'VND' } };
    await desk('vn').say(linh, id, { deed: 'answered', facts, exhibits: [ruleRequestId('notice')] });
    await house.settle();
    expect(await states(id)).toEqual(['answered', 'answered']);
    const { deeds } = await desk('th').get(malee, id);
    expect(deeds.map(({ by, deed }) => `${by} ${deed}`)).toEqual([
      'vn received',
      'vn acknowledged',
      'vn in-work',
      'th said',
      'vn answered',
    ]);
    expect(deeds.at(-1)?.body).toMatchObject({ facts, exhibits: [{ title: 'a receipt' }] });
    expect(alertedOf(house.desk('th'))).toContain('request.answered answered');
    expect(
      (await desk('vn').list(linh, { mine: true, overdue: false, waits: false, limit: 50 })).requests[0],
    ).toMatchObject({ id });
  });

  test('a refusal stands until the request is put right; a raised priority is a revision', async () => {
    const id = await ask();
    await desk('vn').say(linh, id, { deed: 'refused', refusal: 'insufficient-grounds' });
    await house.settle();
    await expect(desk('vn').say(linh, id, { deed: 'answered' })).rejects.toThrow('conflict.request-state');
    const necessity = { language: 'en' as const, text: 'the victim’s bank confirmed the debit' };
    const { request } = await desk('th').revise(malee, id, { necessity, priority: 'P2' });
    expect(request).toMatchObject({ state: 'sent', revision: 2, priority: 'P2' });
    await house.settle();
    expect(await states(id)).toEqual(['received', 'received']);
    await expect(desk('th').revise(malee, id, { details: { account: 'x' } })).rejects.toThrow('malformed.body');
  });

  test('is withdrawn, and nobody answers it any more', async () => {
    const id = await ask();
    await expect(desk('vn').say(linh, id, { deed: 'withdrawn' })).rejects.toThrow('conflict.request-state');
    await desk('th').say(malee, id, { deed: 'withdrawn', text: { language: 'en', text: 'the bank stopped it' } });
    await house.settle();
    expect(await states(id)).toEqual(['withdrawn', 'withdrawn']);
    await expect(desk('vn').say(linh, id, { deed: 'answered' })).rejects.toThrow('conflict.request-state');
    expect(await house.desk('vn').clocks.upcoming(house.desk('vn').db, 'liaison.act', 100)).not.toContainEqual(
      expect.objectContaining({ subject: id }),
    );
  });

  test('two that are about the same are joined where they are, and the members hear nothing of it', async () => {
    const first = await ask();
    const draft = await desk('th').draft(malee, holdRequest());
    expect((await desk('th').check(malee, draft.id)).overlaps).toContain(first);
    const second = await ask();
    expect((await desk('vn').get(linh, first)).joined).toContain(second);
    expect((await desk('vn').get(linh, second)).joined).toContain(first);
    expect((await desk('vn').get(linh, second)).request.state).toBe('received');
    expect(JSON.stringify((await desk('vn').get(linh, second)).deeds)).not.toContain(first);
  });

  test('is told on the stream to whoever may read requests, without what it is about', async () => {
    const { published, topic } = house.desk('vn');
    const message = topic.present(linh, published.at(-1)!)!;
    expect(JSON.parse(message.data)).toMatchObject({ direction: 'in', from: 'th' });
    expect(message.data).not.toContain('account:');
    expect(topic.present({ ...linh, permissions: new Set(['alerts.read']) }, published.at(-1)!)).toBeUndefined();
    expect(await topic.newest()).toBe(published.at(-1)!.change);
    const changes = await topic.read(0, 1000);
    expect(changes.map(({ number }) => number)).toEqual(changes.map(({ number }) => number).sort((a, b) => a - b));
  });
});

describe('before it is sent', () => {
  test('what the asked member’s terms object to is said with the way around, and sent only on purpose', async () => {
    const evidence = question('cn', {
      kind: 'provide-evidence',
      details: { wanted: { language: 'en', text: 'the opening documents' } },
    } as never);
    const { id } = await desk('th').draft(malee, evidence);
    const { objections } = await desk('th').check(malee, id);
    expect(objections).toContainEqual({
      code: 'liaison.missing-treaty',
      side: 'ours',
      blocks: false,
      wayAround: expect.stringContaining('bilateral treaty'),
    });
    await expect(desk('th').send(malee, id, {})).rejects.toMatchObject({
      refusal: { refused: 'liaison.objection', params: { objection: 'liaison.missing-treaty' } },
    });
    await desk('th').send(malee, id, { despite: true });
    await house.settle();
    expect((await desk('th').get(malee, id)).request.state).toMatch(/received|refused/);
  });

  test('an arrest asks for a second person, who is not its writer', async () => {
    const locate = question('vn', {
      kind: 'locate',
      details: { person: { language: 'en', text: 'the ring’s driver' }, measure: 'locate' },
    } as never);
    const { id } = await desk('th').draft(malee, locate);
    expect((await desk('th').check(malee, id)).needs).toEqual(['second-person', 'step-up']);
    const { proposal, request } = await desk('th').send(malee, id, {});
    expect(request.state).toBe('drafted');
    await house.desk('th').access.approvals.decide(somchai, proposal!, { approve: true });
    await house.settle();
    expect(await states(id)).toEqual(['received', 'received']);
  });

  test('what was approved is what is sent', async () => {
    const { id } = await desk('th').draft(malee, question('vn'));
    expect((await desk('th').approve(somchai, id)).state).toBe('approved');
    await desk('th').edit(malee, id, question('vn', { priority: 'P3' }));
    expect((await desk('th').get(malee, id)).request).toMatchObject({ state: 'drafted', priority: 'P3' });
    const own = await desk('th').draft(somchai, question('vn'));
    await expect(desk('th').approve(somchai, own.id)).rejects.toThrow('forbidden.same-person');
    await expect(desk('th').draft(malee, question('th'))).rejects.toThrow('not-found.member');
    await expect(
      desk('th').draft(
        malee,
        question('vn', { details: { question: { language: 'en', text: 'x' }, subjects: ['?'] } } as never),
      ),
    ).rejects.toThrow('identifier.');
    const person = { question: { language: 'en', text: 'who?' }, subjects: ['person:TH:national-id:1101700230708'] };
    const named = await desk('th')
      .draft(malee, question('vn', { details: person } as never))
      .catch((error: Error) => error);
    if (named instanceof Error) expect(named.message).toContain('identifier.');
    else await expect(desk('th').send(malee, named.id, { despite: true })).rejects.toThrow('liaison.person-key');
  });

  test('where the law asks for it, another officer lets identifiers out: of a question and of an answer', async () => {
    const fang = await house.desk('cn').officer('fang', 'supervisor');
    const { id } = await desk('cn').draft(wei, question('th'));
    expect((await desk('cn').check(wei, id)).needs).toEqual(['export-approval', 'step-up']);
    const { proposal } = await desk('cn').send(wei, id, {});
    await house.settle();
    await expect(desk('th').get(malee, id)).rejects.toThrow('not-found.request');
    await house.desk('cn').access.approvals.decide(fang, proposal!, { approve: true });
    await house.settle();
    expect((await desk('th').get(malee, id)).request.state).toBe('received');

    const asked = await ask(question('cn'), malee);
    const facts = { identifiers: ['+86 138 1234 5678'] };
    const answer = await desk('cn').say(wei, asked, { deed: 'answered', facts });
    await house.settle();
    expect((await desk('th').get(malee, asked)).request.state).toBe('received');
    await house.desk('cn').access.approvals.decide(fang, answer.proposal!, { approve: true });
    await house.settle();
    expect((await desk('th').get(malee, asked)).deeds.at(-1)?.body.facts).toEqual({
      identifiers: ['phone:+8613812345678'],
    });
  });
});

describe('by standing rule', () => {
  const standing = (
    name: string,
    to: string,
    change: Partial<StandingRequest<'hold'>> = {},
  ): StandingRequest<'hold'> => ({
    id: ruleRequestId(name),
    kind: 'hold',
    to,
    priority: 'P1',
    offence: 'telecom-online-fraud',
    purpose: 'stop-money',
    necessity: { language: 'en', text: 'stolen three minutes ago' },
    details: { account: 'account:VN:970436:5550001', amount: { value: '100', currency: 'VND' } },
    ...change,
  });
  const send = (from: string, request: StandingRequest<'hold'>) =>
    house.desk(from).db.tx((tx) => house.desk(from).liaison.sendByRule(tx, request));

  test('it goes out unsigned, is refused for the missing signature, and goes again signed by an officer', async () => {
    const request = standing('hanoi', 'vn');
    expect(await send('th', request)).toBe('sent');
    expect(await send('th', request)).toBe('unchanged');
    await house.settle();
    const { request: refused, deeds } = await desk('th').get(malee, request.id);
    expect(refused.state).toBe('refused');
    expect(deeds[0]?.body).toMatchObject({ deed: 'refused', refusal: 'missing-signature' });
    expect(deeds[0]?.author).toEqual({ office: 'liaison', rule: 'received' });
    // A new version that waits can be thrown away; the refusal stands.
    expect(await send('th', { ...request, priority: 'P2' })).toBe('waits');
    await desk('th').say(malee, request.id, { deed: 'withdrawn' });
    expect(await desk('th').get(malee, request.id)).toMatchObject({ request: { state: 'refused' }, draft: null });
    await expect(desk('th').say(malee, request.id, { deed: 'withdrawn' })).rejects.toThrow('conflict.request-state');
    await desk('th').revise(malee, request.id, {});
    await house.settle();
    expect(await states(request.id)).toEqual(['received', 'received']);
    // What a rule would add now bears no signature: an officer looks first.
    const more = { ...request, details: { ...request.details, amount: { value: '200', currency: 'VND' } } };
    expect(await send('th', more)).toBe('waits');
    expect(await send('th', more)).toBe('waits');
    expect(await states(request.id)).toEqual(['received', 'received']);
    await desk('th').approve(somchai, request.id);
    await house.settle();
    expect((await desk('vn').get(linh, request.id)).body).toMatchObject({
      revision: 3,
      signedBy: { officer: 'somchai' },
    });
  });

  test('without an agreement nothing goes, and what must not leave unseen waits for an officer who is alerted', async () => {
    expect(await send('th', standing('nobody', 'xx'))).toBe('none');
    expect(await send('th', standing('itself', 'th'))).toBe('none');
    const question = standing('question', 'vn', {
      kind: 'information' as never,
      details: { question: { language: 'en', text: '?' } } as never,
    });
    expect(await send('th', question)).toBe('none');
    const details = { account: 'account:TH:014:1234567890', amount: { value: '100', currency: 'THB' } };
    const waiting = standing('china', 'th', { details });
    expect(await send('cn', waiting)).toBe('waits');
    expect(alertedOf(house.desk('cn'))).toContain('request.warned approval');
    const fang = await house.desk('cn').officer('fang-li', 'supervisor');
    expect((await desk('cn').get(fang, waiting.id)).request).toMatchObject({ state: 'drafted', waits: true });
    await desk('cn').approve(fang, waiting.id);
    await house.settle();
    expect((await desk('th').get(malee, waiting.id)).request.state).toBe('received');
  });

  test('rooms hear what is asked and answered, and say what they did', async () => {
    const heard: string[] = [];
    const [th, cn] = [house.desk('th'), house.desk('cn')];
    cn.liaison.onRequest('continue-trace', async (tx, { body, state }) => {
      heard.push(`request ${state}`);
      await cn.liaison.doByRule(tx, 'trace', body.id, { deed: 'in-work' });
    });
    th.liaison.onDeed('continue-trace', async (_tx, { state }, { deed }, by) => {
      heard.push(`${deed} ${state} ${by.rule}`);
    });
    const trace = ruleRequestId('trace');
    const payments = [
      {
        to: 'account:CN:102:6222021234567890',
        amount: { value: '5', currency: 'CNY' },
        at: '2026-10-07T03:00:00.000Z',
      },
    ];
    const details = {
      trace,
      payments,
      tainted: payments[0]!.amount,
      hops: 2,
      method: 'haircut',
      stolenAt: '2026-10-07T02:50:00.000Z',
      debitConfirmed: true,
    };
    const request = { ...standing('trace', 'cn'), kind: 'continue-trace', details } as StandingRequest;
    expect(await th.db.tx((tx) => th.liaison.sendByRule(tx, request))).toBe('sent');
    await house.settle();
    expect(heard).toEqual(['request received', 'received received received', 'in-work in-work trace']);
    expect((await desk('th').get(malee, request.id)).links).toEqual([{ kind: 'trace', id: trace }]);
    const identifiers = ['account:CN:102:6222021234567890'];
    await cn.db.tx((tx) =>
      cn.liaison.doByRule(tx, 'trace', request.id, { deed: 'answered', facts: { done: ['traced'], identifiers } }),
    );
    await house.settle();
    // China’s law keeps the account at home.
    expect((await desk('th').get(malee, request.id)).deeds.at(-1)?.body.facts).toEqual({ done: ['traced'] });
    await cn.db.tx((tx) => cn.liaison.doByRule(tx, 'trace', request.id, { deed: 'refused', refusal: 'not-found' }));
    await th.db.tx((tx) => th.liaison.doByRule(tx, 'trace', ruleRequestId('no such'), { deed: 'withdrawn' }));
    await house.settle();
    const found = await th.db.tx((tx) => th.liaison.find(tx, request.id));
    expect(found).toMatchObject({ from: 'th', to: 'cn', book: 'cn+th', state: 'answered' });
  });
});

test('the scorecard says how soon each pair answers, and whoever is not of the pair sees nothing', async () => {
  const before = house.clock.now();
  const ids = [await ask(question('vn', { priority: 'P1' })), await ask(question('vn', { priority: 'P1' }))];
  house.clock.advance(5 * minuteMs);
  for (const id of ids) await desk('vn').say(linh, id, { deed: 'acknowledged' });
  house.clock.advance(85 * minuteMs);
  await desk('vn').say(linh, ids[0]!, { deed: 'answered' });
  await house.settle();
  const range = { from: new Date(before).toISOString(), until: new Date(house.clock.now()).toISOString() };
  const row = (await desk('th').scorecard(malee, range)).rows.find(
    ({ asked, kind }) => asked === 'vn' && kind === 'information',
  );
  expect(row).toMatchObject({
    asking: 'th',
    acknowledged: { median: 5, p90: 5, onTime: 1 },
    answered: { median: 90, onTime: 0 },
  });
  const theirs = (await desk('vn').scorecard(linh, range)).rows.find(
    ({ asking, kind }) => asking === 'th' && kind === 'information',
  );
  expect(theirs).toEqual(row);
  expect((await desk('cn').scorecard(wei, range)).rows.filter(({ asked }) => asked === 'vn')).toEqual([]);
});

test('every reading is recorded, and needs a purpose and the permission', async () => {
  const id = await ask(question('vn'));
  await expect(desk('vn').get({ ...linh, purpose: null }, id)).rejects.toThrow('forbidden.purpose');
  await expect(
    desk('vn').list({ ...linh, permissions: new Set() }, { mine: false, overdue: false, waits: false, limit: 1 }),
  ).rejects.toThrow('forbidden.permission');
  await desk('vn').rendered(linh, id);
  const { reads } = await house.desk('vn').access.audit.reads(auditor, { limit: 200 });
  const ofIt = reads.filter(({ subject }) => subject === id).map(({ actor, what }) => ({ actor, what }));
  expect(ofIt).toEqual([{ actor: actorId(linh), what: 'request.letter' }]);
});

test('the list is read by pages, and finds by direction, member, kind and state', async () => {
  const query = { mine: false, overdue: false, waits: false, limit: 3 };
  const seen: string[] = [];
  let after: string | undefined;
  do {
    const page = await desk('th').list(malee, { ...query, ...(after !== undefined && { after }) });
    seen.push(...page.requests.map(({ id }) => id));
    after = page.next;
  } while (after !== undefined);
  expect(new Set(seen).size).toBe(seen.length);
  expect(seen.length).toBe((await desk('th').list(malee, { ...query, limit: 200 })).requests.length);
  const found = await desk('th').list(malee, {
    ...query,
    direction: 'in',
    member: 'cn',
    kind: 'hold',
    state: 'received',
  });
  expect(found.requests).toHaveLength(1);
});

test('the list parts what is not sent, what is open and what is over, whichever way it went', async () => {
  const of = async (more: object): Promise<{ id: string; state: string }[]> =>
    (await desk('th').list(malee, { mine: false, overdue: false, waits: false, limit: 200, ...more })).requests;
  const parts = await Promise.all((['draft', 'open', 'closed'] as const).map((standing) => of({ standing })));
  const all = await of({});
  expect(parts.every((part) => part.length > 0)).toBe(true);
  expect(parts.flat().map(({ id }) => id)).toHaveLength(all.length);
  expect(new Set(parts[0]!.map(({ state }) => state))).toEqual(new Set(['drafted']));
  const [ways, out] = [await of({ standing: 'open' }), await of({ standing: 'open', direction: 'out' })];
  const inwards = await of({ standing: 'open', direction: 'in' });
  expect(out.length + inwards.length).toBe(ways.length);
  expect((await of({ waits: true })).map(({ id }) => id)).toEqual(
    all.filter((one) => (one as { waits?: boolean }).waits).map(({ id }) => id),
  );
});
