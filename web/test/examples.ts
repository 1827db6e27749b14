import { expect, vi } from 'vitest';
import type { TestMember } from '../../server/src/journeys/test-alliance.ts';
import type { DeskWorld } from './desk.ts';

/** For each screen with a parameter, a path at Thailand's server where there is something to see. */
export async function examplesOf({ alliance, things }: DeskWorld): Promise<Readonly<Record<string, string>>> {
  const th = alliance.of('th');
  const { ids, supervisor } = things;
  const ask: Ask = (method, path, body) => th.must(method, path, body, supervisor);
  const listing = await listingOf(th, ask);
  const appeal = {
    act: { kind: 'listing', id: listing },
    appellant: 'The holder',
    grounds: 'This is my shop’s number.',
  };
  await ask('POST', '/v1/appeals', appeal);
  await ask('POST', `/v1/holds/${ids['/v1/holds']}/release`, { grounds: 'It is a shop.' });
  const { import: imported } = await ask('POST', '/v1/registry/imports', importTerms);
  const claim = { account: 'account:TH:901:1111111111', amount: { value: '48000000', currency: 'THB' } };
  const { id: returned } = await ask('POST', '/v1/returns', { traces: [ids['/v1/traces']], claims: [claim] });
  await reportSuspicion(th.address, things.bank);
  const alerts = await untilSome<{ id: string }>(async () => (await ask('GET', '/v1/alerts?limit=1')).alerts);
  const { appeals } = await ask('GET', '/v1/appeals?limit=1');
  const { approvals } = await ask('GET', '/v1/approvals?which=proposed-by-me');
  const path = (room: string, found: readonly { id: string }[]): string => `${room}/${found[0]?.id ?? '$'}`;
  return {
    '/traces/$id': `/traces/${ids['/v1/traces']}`,
    '/holds/$id': `/holds/${ids['/v1/holds']}`,
    '/holds/$id/notice': `/holds/${ids['/v1/holds']}/notice`,
    '/orders/$id': `/orders/${ids['/v1/orders']}`,
    '/orders/$id/letter': `/orders/${ids['/v1/orders']}/letter`,
    '/institution/orders/$id': `/institution/orders/${ids['/v1/orders']}`,
    '/institution/orders/$id/letter': `/institution/orders/${ids['/v1/orders']}/letter`,
    '/institution/notices/$id': `/institution/notices/${ids['/v1/holds']}`,
    '/requests/$id': `/requests/${ids['/v1/requests']}`,
    '/alerts/{-$id}': path('/alerts', alerts),
    '/appeals/$id': path('/appeals', appeals),
    '/approvals/$id': path('/approvals', approvals),
    '/identifiers/$key': '/identifiers/account%3ATH%3A902%3A2222222222',
    '/detectors/$name': '/detectors/pass-through',
    '/imports/$id': `/imports/${imported.id}`,
    '/returns/$id': `/returns/${returned}`,
  };
}

const importTerms = {
  source: 'a feed',
  type: 'ip',
  tier: 'observed',
  typologies: ['infrastructure'],
  offence: 'telecom-online-fraud',
  grading: { source: 'C', information: 3 },
  grounds: 'named by the feed',
  audience: 'alliance',
  handling: { tlp: 'AMBER', conditions: [] },
};

/** A payment that the bank holds to be fraud: an alert follows. */
async function reportSuspicion(address: string, bank: Readonly<Record<string, string>>): Promise<void> {
  const payment = {
    id: 'suspected-1',
    at: new Date().toISOString(),
    from: 'account:TH:901:3333333333',
    to: 'account:TH:902:2222222222',
    amount: { value: '120000', currency: 'THB' },
    channel: 'mobile',
    suspicion: { typology: 'mule-account', confirmed: false },
  };
  const answer = await fetch(`${address}/v1/activity/payments`, {
    method: 'POST',
    headers: { ...bank, 'content-type': 'application/x-ndjson' },
    body: JSON.stringify(payment),
  });
  expect(answer.status).toBe(200);
}

/** What follows by itself comes a moment later. */
async function untilSome<Item>(read: () => Promise<readonly Item[]>): Promise<readonly Item[]> {
  return vi.waitFor(
    async () => {
      const found = await read();
      expect(found.length).toBeGreaterThan(0);
      return found;
    },
    { timeout: 20_000, interval: 200 },
  );
}

// oxlint-disable-next-line typescript/no-explicit-any
type Ask = (method: string, path: string, body?: unknown) => Promise<any>;

/** A listing that stands, approved by a second person if the policy asks for one. */
async function listingOf(th: TestMember, ask: Ask): Promise<string> {
  const said = await ask('POST', '/v1/registry/listings', {
    identifier: '+66 81 234 5678',
    sighting: 'originating',
    tier: 'complaint',
    typologies: ['impersonation-official'],
    offence: 'telecom-online-fraud',
    grading: { source: 'B', information: 2 },
    grounds: 'three victims named it',
    audience: ['kh'],
    handling: { tlp: 'AMBER', conditions: [] },
  });
  if (said.proposal !== undefined)
    await th.must('POST', `/v1/approvals/${said.proposal}/decision`, { approve: true }, await th.as('second'));
  const { listings } = await ask('GET', '/v1/registry/listings?limit=1');
  return listings[0].id;
}
