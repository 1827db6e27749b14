import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { OfficerActor } from '../kernel/actor.ts';
import { hourMs, instantText, minuteMs } from '../kernel/clock.ts';
import { alertedOf, holdRequest, openTestLiaison, question, ruleRequestId, type TestLiaison } from './test-liaison.ts';

let house: TestLiaison;
let malee: OfficerActor;
let linh: OfficerActor;
let minh: OfficerActor;
let head: OfficerActor;

beforeAll(async () => {
  house = await openTestLiaison(['th', 'vn']);
  malee = await house.desk('th').officer('malee', 'liaison');
  linh = await house.desk('vn').officer('linh', 'liaison');
  minh = await house.desk('vn').officer('minh', 'liaison');
  head = await house.desk('vn').officer('head', 'supervisor');
});
afterAll(() => house.close());

const vn = () => house.desk('vn');
const desk = (member: string) => house.desk(member).liaison.desk;
const reach = '+84 24 0000 0000';
const watchersOf = (code: string): (string | undefined)[] =>
  vn()
    .alerts.filter((one) => one.code === code)
    .map(({ watchers }) => watchers?.join(' '));

/** A shift of so many minutes, which begins in some. */
const shift = async (officer: string, inMinutes: number, minutes: number) => {
  const fromMs = house.clock.now() + inMinutes * minuteMs;
  const until = instantText(fromMs + minutes * minuteMs);
  return desk('vn').roster.addShift(head, { officer, from: instantText(fromMs), until, reach });
};

async function ask(request = holdRequest()): Promise<string> {
  const { id } = await desk('th').draft(malee, request);
  await desk('th').send(malee, id, {});
  await house.settle();
  return id;
}
const there = async (id: string) => (await desk('vn').get(linh, id)).request;

beforeEach(async () => {
  // Whatever was open is over, and nobody is on duty.
  await house.pass(24 * hourMs);
  for (const { id } of (await desk('th').list(malee, { mine: false, overdue: false, waits: false, limit: 200 }))
    .requests)
    await desk('th')
      .say(malee, id, { deed: 'withdrawn' })
      .catch(() => undefined);
  await house.settle();
  vn().alerts.length = 0;
  house.desk('th').alerts.length = 0;
});

describe('the roster', () => {
  test('says who is on duty and how they are reached, at home only', async () => {
    await desk('vn').roster.setDesk(head, { name: 'hanoi-desk', deputy: 'minh', head: 'head' });
    await shift('linh', 0, 480);
    await house.settle();
    expect(await desk('vn').roster.now(linh)).toMatchObject({
      desk: { name: 'hanoi-desk', deputy: 'minh' },
      shifts: [{ officer: 'linh', reach }],
    });
    const { id } = await desk('th').draft(malee, question('vn'));
    expect((await desk('th').check(malee, id)).staffed).toBe(true);
    const said = (await vn().journal.read('alliance', 0, 1000)).map(({ bytes }) => bytes);
    expect(said.length).toBeGreaterThan(0);
    expect(JSON.stringify(said)).not.toContain(reach.slice(-4));
    expect(JSON.stringify(said)).toContain('hanoi-desk');
    await house.pass(9 * hourMs);
    expect((await desk('th').check(malee, id)).staffed).toBe(false);
  });

  test('a shift is refused that is over, runs for days, or is added by whoever may not', async () => {
    await expect(shift('linh', -60, 30)).rejects.toThrow('malformed.shift');
    await expect(shift('linh', 0, 5 * 24 * 60)).rejects.toThrow('malformed.shift');
    const reader = { ...linh, permissions: new Set(['liaison.read']) };
    await expect(desk('vn').roster.setDesk(reader, { name: 'desk', deputy: null, head: null })).rejects.toThrow(
      'forbidden',
    );
    const { id } = await shift('minh', 60, 60);
    const { shifts } = await desk('vn').roster.shifts(linh, { limit: 100 });
    expect(shifts.map((one) => one.officer)).toEqual(['minh']);
    await desk('vn').roster.removeShift(head, id);
    await expect(desk('vn').roster.removeShift(head, id)).rejects.toThrow('not-found.shift');
  });

  test('whoever is on duty gets what comes; a named officer goes first', async () => {
    await shift('linh', 0, 60);
    await shift('minh', 0, 90);
    expect((await there(await ask())).owner).toBe('minh');
    const named = await ask(holdRequest({ to: { member: 'vn', officer: 'linh', desk: 'hanoi-desk' } }));
    expect(await there(named)).toMatchObject({ owner: 'linh', desk: 'hanoi-desk' });
    expect(watchersOf('request.received')).toEqual(['minh', 'linh']);
    await desk('vn').assign(minh, named, { desk: 'money-desk', note: { language: 'vi', text: 'chuyển' } });
    expect(await there(named)).toMatchObject({ owner: null, desk: 'money-desk' });
    await desk('vn').take(minh, named);
    expect((await desk('vn').get(linh, named)).moves.map(({ to, desk: moved }) => to ?? moved)).toEqual([
      'minh',
      'money-desk',
      'linh',
    ]);
  });

  test('what an officer has in hand is handed over with a note', async () => {
    await shift('linh', 0, 60);
    const id = await ask();
    const note = { language: 'vi' as const, text: 'ngân hàng gọi lại lúc ba giờ' };
    await expect(desk('vn').roster.handOver(linh, { to: 'linh', note })).rejects.toThrow('malformed.hand-over');
    expect(await desk('vn').roster.handOver(linh, { to: 'minh', note })).toEqual({ requests: [id] });
    expect(await there(id)).toMatchObject({ owner: 'minh', state: 'received' });
    expect((await desk('vn').get(linh, id)).moves[0]).toMatchObject({ from: 'linh', to: 'minh', note });
    expect((await desk('vn').roster.now(linh)).shifts).toEqual([]);
  });

  test('nobody handed over: at the end of the shift it passes to the next on duty by itself', async () => {
    await shift('linh', 0, 30);
    await shift('minh', 30, 60);
    const id = await ask(holdRequest({ priority: 'P3' }));
    await house.pass(30 * minuteMs);
    expect((await there(id)).owner).toBe('minh');
  });

  test('a desk with one officer works: what comes at night waits for the morning, and the deputy hears of it at once', async () => {
    await desk('vn').roster.setDesk(head, { name: 'hanoi-desk', deputy: 'minh', head: 'head' });
    await shift('linh', 0, 30);
    const first = await ask(holdRequest({ priority: 'P4' }));
    await shift('linh', 600, 60);
    await house.pass(60 * minuteMs);
    expect((await there(first)).owner).toBeNull();
    const second = await ask(holdRequest({ priority: 'P4' }));
    expect(watchersOf('request.received')).toEqual(['linh', 'minh', 'minh']);
    await house.pass(9 * hourMs);
    expect([(await there(first)).owner, (await there(second)).owner]).toEqual(['linh', 'linh']);
  });
});

describe('a request that nobody answers', () => {
  test('is warned of, then goes to its officer, the deputy and the head, and the other member hears it', async () => {
    await desk('vn').roster.setDesk(head, { name: 'hanoi-desk', deputy: 'minh', head: 'head' });
    await shift('linh', 0, 480);
    const id = await ask();
    vn().alerts.length = 0;
    await house.pass(12 * minuteMs);
    expect(alertedOf(vn())).toEqual(['request.warned acknowledge']);
    await house.pass(3 * minuteMs);
    expect((await there(id)).overdue).toEqual(['acknowledge']);
    await house.pass(15 * minuteMs);
    await desk('vn').say(linh, id, { deed: 'acknowledged' });
    await house.pass(15 * minuteMs);
    expect(alertedOf(vn()).slice(1)).toEqual([
      'request.overdue acknowledge officer',
      'request.overdue acknowledge deputy',
      'request.warned act',
    ]);
    await house.pass(2 * hourMs);
    expect(alertedOf(vn()).slice(4)).toEqual([
      'request.overdue act officer',
      'request.overdue act deputy',
      'request.overdue act head',
      'request.answered escalated',
    ]);
    expect(watchersOf('request.overdue').at(-1)).toBe('linh minh head');
    expect(alertedOf(house.desk('th'))).toContain('request.answered escalated');
    expect((await desk('vn').get(linh, id)).deeds.map(({ by, deed }) => `${by} ${deed}`)).toContain('vn escalated');
    expect(
      (await desk('vn').list(linh, { overdue: true, mine: true, waits: false, limit: 10 })).requests.map(
        (one) => one.id,
      ),
    ).toEqual([id]);
    // Words do not begin the clock anew.
    await desk('vn').say(linh, id, { deed: 'said', text: { language: 'vi', text: 'chờ' } });
    const before = vn().alerts.length;
    await house.pass(hourMs);
    expect(vn().alerts.length).toBe(before);
  });

  test('goes to the deputy at once when nobody is on duty at night', async () => {
    await desk('vn').roster.setDesk(head, { name: 'hanoi-desk', deputy: 'minh', head: 'head' });
    await ask();
    await house.pass(15 * minuteMs);
    expect(alertedOf(vn())).toEqual(['request.received', 'request.overdue acknowledge deputy']);
  });

  test('is refused as too late when its legal clock ends', async () => {
    const id = await ask();
    await house.pass(72 * hourMs);
    const { deeds, request } = await desk('th').get(malee, id);
    expect(request.state).toBe('refused');
    expect(deeds.find(({ deed }) => deed === 'refused')).toMatchObject({
      author: { rule: 'legal-clock' },
      body: { refusal: 'too-late' },
    });
  });

  test('what was preserved ends with its clock, and the other member hears until when it did', async () => {
    const details = {
      identifiers: ['account:VN:970436:00123456789'],
      from: '2026-01-01T00:00:00.000Z',
      until: '2026-10-01T00:00:00.000Z',
      records: ['account'],
      intendsLegalAssistance: true,
    };
    const id = await ask(question('vn', { kind: 'preserve', details } as never));
    const receivedAt = (await there(id)).receivedAt!;
    await desk('vn').say(linh, id, { deed: 'answered', facts: { done: ['preserved'] } });
    await house.pass(2160 * hourMs);
    const { deeds, request } = await desk('th').get(malee, id);
    expect(request.state).toBe('answered');
    expect(deeds.at(-1)?.body.facts).toEqual({ until: instantText(Date.parse(receivedAt) + 2160 * hourMs) });
  });
});

test('requests are named by their rule once, and a rule withdraws what was never sent', async () => {
  const th = house.desk('th');
  const id = ruleRequestId('withdrawn');
  const { details, necessity } = holdRequest();
  const request = {
    id,
    kind: 'hold',
    to: 'vn',
    priority: 'P2',
    offence: 'telecom-online-fraud',
    purpose: 'stop-money',
  } as const;
  // Viet Nam asks for a signature, and P2 can wait for one.
  expect(await th.db.tx((tx) => th.liaison.sendByRule(tx, { ...request, necessity, details: details as never }))).toBe(
    'waits',
  );
  await th.db.tx((tx) => th.liaison.doByRule(tx, 'trace', id, { deed: 'withdrawn' }));
  expect((await desk('th').get(malee, id)).request.state).toBe('withdrawn');
  await house.settle();
  await expect(desk('vn').get(linh, id)).rejects.toThrow('not-found.request');
});
