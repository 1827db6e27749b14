import { afterEach, describe, expect, test } from 'vitest';
import { accountKey, openTestDetection, type TestDetection } from './test-detection.ts';

let house: TestDetection;
afterEach(() => house.close());

/** A mule passes on what reached it. */
const passedOn = (mule: string, minute: number) =>
  [
    ['victim', mule, 480_000, minute],
    [mule, 'next', 470_000, minute + 4],
  ] as const;

const passThrough = (mule: string) => ['pass-through', accountKey(mule)] as const;
const onlyPassed = (found: readonly (readonly [string, string])[]) => found.filter(([name]) => name === 'pass-through');

describe('what institutions report', () => {
  test('money that goes on within minutes is found, once, with the facts behind it', async () => {
    house = await openTestDetection();
    await house.pay(...passedOn('mule', 0));
    expect(onlyPassed(await house.found())).toEqual([passThrough('mule')]);
    await house.pay(['mule', 'other', 1000, 6]);
    expect(onlyPassed(await house.found())).toHaveLength(1);
    const finding = (await house.findings()).find(({ detector }) => detector === 'pass-through');
    expect(finding).toMatchObject({
      version: 1,
      mode: 'on',
      institution: 'bank-a',
      facts: { inAmount: '48000000', inCurrency: 'THB', outAmount: '47000000', minutes: 4 },
      counterparts: expect.arrayContaining([accountKey('next'), accountKey('victim')]),
    });
  });

  test('a batch that did not come to its commit is found once when it comes again', async () => {
    house = await openTestDetection();
    await house.pay(...passedOn('first', 0));
    await house.settle();
    house.failNext();
    await house.pay(...passedOn('second', 10));
    await house.settle().catch(() => undefined);
    await house.pay(...passedOn('third', 20));
    expect(onlyPassed(await house.found())).toEqual(['first', 'second', 'third'].map(passThrough));
  });

  test.each(['kept', 'lost'] as const)(
    'after a restart with its state %s, what began before is recognised, and nothing is found again',
    async (state) => {
      house = await openTestDetection();
      await house.pay(...passedOn('before', 0), ['victim', 'across', 300_000, 5]);
      expect(onlyPassed(await house.found())).toEqual([passThrough('before')]);
      await house.again(state);
      await house.pay(['across', 'next', 295_000, 9]);
      expect(onlyPassed(await house.found())).toEqual([passThrough('before'), passThrough('across')]);
    },
  );

  test('where nobody ever watched, what is older than a day is known and not found', async () => {
    house = await openTestDetection({ detectors: {}, quietMinutes: 60 }, { isStarted: false });
    await house.pay(...passedOn('old', 0), ['victim', 'across', 300_000, 5]);
    house.clock.advance(25 * 3_600_000);
    await house.pay(...passedOn('young', 25 * 60 + 10));
    house.detection().start();
    expect(onlyPassed(await house.found())).toEqual([passThrough('young')]);
  });

  test('a detector in shadow finds and nobody is alerted; one that is off finds nothing', async () => {
    house = await openTestDetection({ detectors: { 'pass-through': { mode: 'shadow' } }, quietMinutes: 60 });
    await house.pay(...passedOn('mule', 0));
    await house.settle();
    expect(await house.findings()).toMatchObject([{ detector: 'pass-through', mode: 'shadow' }]);
  });

  test('limits that the member has set are applied', async () => {
    house = await openTestDetection({
      detectors: { 'pass-through': { limits: { dollarsMin: 1_000_000, slowDollarsMin: 1_000_000 } } },
      quietMinutes: 60,
    });
    await house.pay(...passedOn('mule', 0));
    expect(onlyPassed(await house.found())).toEqual([]);
  });
});

describe('what officers see', () => {
  test('findings are listed newest first, page by page, and a read is recorded', async () => {
    house = await openTestDetection();
    for (const [index, mule] of ['a', 'b', 'c'].entries()) await house.pay(...passedOn(mule, index * 10));
    await house.settle();
    const dao = await house.enlist('dao', ['analyst']);
    const purpose = { 'drum-purpose': 'operation' };
    const list = (query: string) =>
      house.call('GET', `/v1/detection/findings?detector=pass-through&${query}`, dao, undefined, purpose);
    const first = await list('limit=2');
    expect(first.status).toBe(200);
    const page = first.body as unknown as { findings: { id: string; subject: string }[]; next: number };
    expect(page.findings.map(({ subject }) => subject)).toEqual([accountKey('c'), accountKey('b')]);
    const rest = (await list(`limit=2&before=${page.next}`)).body as unknown as typeof page;
    expect(rest.findings.map(({ subject }) => subject)).toEqual([accountKey('a')]);
    expect(rest.next).toBeUndefined();
    const one = await house.call('GET', `/v1/detection/findings/${page.findings[0]!.id}`, dao, undefined, purpose);
    expect(one.body).toMatchObject({ detector: 'pass-through', facts: { inAmount: '48000000' } });
    expect((await house.call('GET', '/v1/detection/findings/nobody.knows', dao, undefined, purpose)).code).toBe(
      'not-found.finding',
    );
    expect((await house.call('GET', '/v1/detection/findings', house.bank)).status).toBe(403);
    const auditor = await house.actor(await house.enlist('aud', ['auditor']));
    const { reads } = await house.access.audit.reads(auditor, { limit: 50 });
    expect(reads.filter(({ what }) => what === 'findings')).toHaveLength(3);
  });

  test('precision follows what officers made of alerts, the last word on each', async () => {
    house = await openTestDetection();
    const detection = house.detection();
    const alert = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
    const judge = (from: number, to: number, isRight: boolean | undefined) =>
      house.db.tx((tx) =>
        detection.judge(
          tx,
          Array.from({ length: to - from }, (_, i) => ({ alert: alert(from + i), detector: 'fan-in', isRight })),
        ),
      );
    await judge(0, 9, true);
    const dao = await house.actor(await house.enlist('dao', ['supervisor']));
    const fanIn = async () => (await detection.detectors(dao)).detectors.find(({ name }) => name === 'fan-in')!.judged;
    expect(await fanIn()).toEqual({ right: 9, wrong: 0, precision: null });
    await judge(9, 12, false);
    expect(await fanIn()).toEqual({ right: 9, wrong: 3, precision: 0.75 });
    await judge(0, 1, false);
    await judge(1, 2, undefined);
    expect(await fanIn()).toEqual({ right: 7, wrong: 4, precision: 7 / 11 });
  });
});

describe('a change of limits', () => {
  test('is tried on what was stored, and says who would be found more and who no longer', async () => {
    house = await openTestDetection();
    await house.pay(...passedOn('large', 0), ['victim', 'small', 9000, 20], ['small', 'next', 8900, 23]);
    await house.settle();
    const before = await house.findings();
    const dao = await house.actor(await house.enlist('dao', ['analyst']));
    const wish = {
      hours: 24,
      rules: { detectors: { 'pass-through': { limits: { dollarsMin: 1000 } } } },
    };
    const begun = await house.detection().replay(dao, wish);
    expect(begun).toMatchObject({ state: 'running', result: null });
    await house.detection().replayEnded();
    const ended = await house.detection().readReplay(dao, begun.id);
    expect(ended).toMatchObject({ state: 'done', records: 4 });
    const changed = ended.result!.detectors.find(({ detector }) => detector === 'pass-through');
    expect(changed ?? { gained: 0, lost: 0 }).toMatchObject({ gained: 0 });
    expect(await house.findings()).toEqual(before);
    expect((await house.detection().replays(dao)).replays).toHaveLength(1);
  });

  test('is asked for by those who may, one at a time, and in the form of the policy', async () => {
    house = await openTestDetection();
    const duty = await house.enlist('may', ['duty-officer']);
    const analyst = await house.enlist('dao', ['analyst']);
    const purpose = { 'drum-purpose': 'operation' };
    const ask = (token: string, body: object) => house.call('POST', '/v1/detection/replays', token, body, purpose);
    expect((await ask(duty, { hours: 1, rules: {} })).status).toBe(403);
    const wrong = { hours: 1, rules: { detectors: { 'pass-through': { limits: { nonsense: 1 } } } } };
    expect((await ask(analyst, wrong)).status).toBe(400);
    const wish = { hours: 1, rules: { detectors: { 'pass-through': { limits: { withinMinutes: 20 } } } } };
    const asked = await ask(analyst, wish);
    expect(asked).toMatchObject({ status: 202 });
    // As it was asked: limits that it did not name are not filled in.
    expect(asked.body.wish).toEqual(wish);
    await house.detection().replayEnded();
  });
});
