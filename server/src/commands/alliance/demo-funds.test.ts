import { expect, test } from 'vitest';
import { castOf } from '@bronze-drum/simulator/story/casting';
import type { VictimReport } from '@bronze-drum/simulator/world/happening';
import { Check } from 'typebox/value';
import { NewReport } from '../../funds/contract.ts';
import { NewDeedBody, NewRequest } from '../../liaison/contract.ts';
import { OrderHolds } from '../../funds/contract.ts';
import { CommandError } from '../connection.ts';
import { openFundsDesk, writtenDown } from './demo-funds.ts';
import { openLiaisonDesk } from './demo-liaison.ts';
import type { Ask } from './officer-session.ts';

const report: VictimReport = {
  case: 'case-1',
  member: 'kh',
  at: '2026-11-20T03:00:00.000Z',
  institution: 'bank-901',
  typology: 'impersonation-official',
  account: 'account:KH:901:1',
  phone: 'phone:+85512345678',
  payments: [
    {
      institution: 'bank-901',
      id: 'p1',
      reference: 'r1',
      to: 'account:KH:902:2',
      at: '2026-11-20T02:50:00.000Z',
      amount: '1000',
      currency: 'KHR',
    },
  ],
  contacts: [],
};

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body: any;
}

/** A server that answers what a test says for the beginning of a path. */
function openTestAsk(answers: Readonly<Record<string, unknown>>): { ask: Ask; asked: Asked[] } {
  const asked: Asked[] = [];
  const ask: Ask = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    asked.push({ method, path, body });
    const found = Object.entries(answers).find(([start]) => `${method} ${path}`.startsWith(start));
    if (found?.[1] instanceof Error) throw found[1];
    return (found?.[1] ?? {}) as T;
  };
  return { ask, asked };
}

const posts = (asked: readonly Asked[]): Asked[] => asked.filter(({ method }) => method === 'POST');
const trace = '00000000-0000-4000-8000-000000000001';
const idOf = (place: number): string => `00000000-0000-4000-8000-00000000001${place}`;
const hold = (place: number, institution?: string) => ({
  id: idOf(place),
  trace,
  key: `account:KH:902:${place}`,
  ...(institution !== undefined && { institution }),
});

test('what a victim told is a report as the server takes it, in the language of the country', () => {
  const written = writtenDown(report, 'officer');
  expect(Check(NewReport, written)).toBe(true);
  expect(written).toMatchObject({ channel: 'hotline', debitConfirmed: true, story: { language: 'km' } });
  const byBank = writtenDown(report, 'bank');
  expect(Check(NewReport, byBank)).toBe(true);
  expect(byBank).not.toHaveProperty('victim');
  expect(writtenDown({ ...report, at: '2026-11-21T03:00:00.000Z' }, 'bank').reference).not.toBe(byBank.reference);
});

test('what a trace proposes is ordered in one act, once; what nobody keeps is left', async () => {
  const { ask, asked } = openTestAsk({
    'GET /v1/holds?state=proposed': { holds: [hold(1, 'bank-902'), hold(2), hold(3, 'bank-903')] },
    'GET /v1/holds?state=held': { holds: [] },
    'GET /v1/appeals': { appeals: [] },
    'GET /v1/approvals': { approvals: [] },
  });
  const desk = openFundsDesk({ member: 'kh', officer: ask, supervisor: ask, institution: () => ask });
  await desk.round();
  await desk.round();
  const [order, ...others] = posts(asked);
  expect(others).toEqual([]);
  expect(Check(OrderHolds, order!.body)).toBe(true);
  expect(order!.body).toMatchObject({ trace, holds: [idOf(1), idOf(3)], minutes: 1, text: { language: 'km' } });
});

test('what belongs to the story is left to its own officers', async () => {
  const { mule, shop = '', wallet = '', 'mule-kh': reached = '' } = castOf(3);
  const told = [
    { ...hold(1, 'bank-901'), key: shop },
    { ...hold(2, 'exchange-921'), key: wallet, payment: { from: castOf(3)['exchange'] } },
  ];
  const { ask, asked } = openTestAsk({
    'GET /v1/holds?state=proposed': { holds: told },
    'GET /v1/holds?state=held': { holds: told },
    'GET /v1/appeals': { appeals: [] },
    'GET /v1/approvals': { approvals: [] },
    'GET /v1/requests?direction=in&kind=information': { requests: [] },
    'GET /v1/requests?direction=in': {
      requests: [{ id: idOf(1), revision: 1, state: 'received', acknowledgedAt: null }],
    },
    'GET /v1/requests?direction=out&state=refused': { requests: [{ id: idOf(3), revision: 1, state: 'refused' }] },
    'GET /v1/requests?direction=out': { requests: [] },
    [`GET /v1/requests/${idOf(1)}`]: { body: { details: { account: reached } }, deeds: [] },
    [`GET /v1/requests/${idOf(3)}`]: {
      body: { details: { origins: [{ to: mule }] } },
      deeds: [{ deed: 'refused', body: { refusal: 'missing-signature' } }],
    },
  });
  await openFundsDesk({ member: 'th', officer: ask, supervisor: ask, institution: () => ask }).round();
  await openLiaisonDesk({ member: 'th', liaison: ask, supervisor: ask }).round();
  expect(posts(asked)).toEqual([]);
});

test('a mistake is contested by the bank and let go by a supervisor; a refusal stops nobody', async () => {
  const { ask, asked } = openTestAsk({
    'GET /v1/holds?state=proposed': { holds: [] },
    'GET /v1/holds?state=held': { holds: [hold(1, 'bank-902')] },
    'GET /v1/appeals': { appeals: [{ id: 'a1', act: { kind: 'hold', id: idOf(1) } }] },
    'GET /v1/approvals': {
      approvals: [
        { id: 'p1', act: 'funds.release' },
        { id: 'p2', act: 'registry.list' },
      ],
    },
    'POST /v1/appeals/a1': new CommandError('refused: forbidden.own-act', 'forbidden.own-act'),
  });
  const desk = openFundsDesk({ member: 'kh', officer: ask, supervisor: ask, institution: () => ask });
  await desk.round();
  expect(posts(asked).map(({ path }) => path)).toEqual([
    '/v1/appeals',
    '/v1/appeals/a1/decision',
    '/v1/approvals/p1/decision',
  ]);
});

test('a liaison officer acknowledges in their language, answers what no room answers, and signs what must be signed', async () => {
  const request = {
    id: idOf(1),
    kind: 'continue-trace',
    revision: 1,
    state: 'received',
    acknowledgedAt: null,
    waits: false,
  };
  const { ask, asked } = openTestAsk({
    'GET /v1/requests?direction=in&kind=information': {
      requests: [{ ...request, id: idOf(2), kind: 'information', state: 'acknowledged' }],
    },
    'GET /v1/requests?direction=in': { requests: [request] },
    'GET /v1/requests?direction=out&state=refused': { requests: [{ ...request, id: idOf(3), state: 'refused' }] },
    'GET /v1/requests?direction=out': { requests: [] },
    [`GET /v1/requests/${idOf(3)}`]: { deeds: [{ deed: 'refused', body: { refusal: 'missing-signature' } }] },
  });
  const desk = openLiaisonDesk({ member: 'vn', liaison: ask, supervisor: ask });
  await desk.round();
  await desk.round();
  const said = posts(asked);
  expect(said.map(({ path }) => path)).toEqual([
    `/v1/requests/${idOf(1)}/deeds`,
    `/v1/requests/${idOf(2)}/deeds`,
    `/v1/requests/${idOf(3)}/revision`,
  ]);
  for (const { path, body } of said) if (path.endsWith('/deeds')) expect(Check(NewDeedBody, body)).toBe(true);
  expect(said[0]!.body).toMatchObject({ deed: 'acknowledged', text: { language: 'vi' } });
});

test('it asks a neighbour once what it knows', async () => {
  const { ask, asked } = openTestAsk({ 'GET /v1/requests': { requests: [] }, 'POST /v1/requests': { id: idOf(1) } });
  await openLiaisonDesk({ member: 'th', liaison: ask, supervisor: ask }).ask('kh', 'account:KH:902:1');
  const [draft, sent] = posts(asked);
  expect(Check(NewRequest, draft!.body)).toBe(true);
  expect(sent!.path).toBe(`/v1/requests/${idOf(1)}/send`);
  const again = openTestAsk({ 'GET /v1/requests': { requests: [{}] } });
  await openLiaisonDesk({ member: 'th', liaison: again.ask, supervisor: again.ask }).ask('kh', 'account:KH:902:1');
  expect(posts(again.asked)).toEqual([]);
});
