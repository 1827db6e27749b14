import type { Claim, SeenAlert, SeenHold, SeenRequest, StageOfficer } from '@bronze-drum/simulator/story/stage';
import type { Approval } from '../../access/contract.ts';
import type { TracePage } from '../../funds/contract.ts';
import type { Hold, HoldPage, OrderedHolds } from '../../funds/contract.ts';
import type { Counters, Return } from '../../funds/contract.ts';
import type { Conversation, RequestPage } from '../../liaison/contract.ts';
import type { Appeal } from '../../redress/contract.ts';
import type { ScreenResponse } from '../../screening/contract.ts';
import { CommandError } from '../connection.ts';
import type { Ask } from './officer-session.ts';

/** An officer on the stage, who does as their desk does: over HTTP. */
export function stageOfficer(ask: Ask): StageOfficer {
  return { ...watching(ask), ...tracing(ask), ...holding(ask), ...corresponding(ask) };
}

function watching(ask: Ask): Pick<StageOfficer, 'list' | 'alertsAbout' | 'take' | 'listedBy'> {
  return {
    async list(listing) {
      try {
        await ask('POST', '/v1/registry/listings', listing);
      } catch (error) {
        if (!(error instanceof CommandError && error.code === 'conflict.listed')) throw error;
      }
    },
    async alertsAbout(subject) {
      const query = new URLSearchParams({ subject, for: 'all' });
      return (await ask<{ alerts: SeenAlert[] }>('GET', `/v1/alerts?${query}`)).alerts;
    },
    take: async (alert) => void (await ask('POST', `/v1/alerts/${alert}/take`, {})),
    async listedBy(identifier) {
      const { results } = await ask<ScreenResponse>('POST', '/v1/screen', { identifiers: [identifier] });
      const [result] = results;
      return result !== undefined && 'members' in result ? result.members : [];
    },
  };
}

function tracing(ask: Ask): Pick<StageOfficer, 'reportVictim' | 'traceOf' | 'holdsOf' | 'returnedSince'> {
  return {
    reportVictim: async (report) => void (await ask('POST', '/v1/reports', report)),
    async traceOf(account) {
      const query = new URLSearchParams({ account, limit: '1' });
      return (await ask<TracePage>('GET', `/v1/traces?${query}`)).traces[0];
    },
    holdsOf: async (trace) => (await ask<HoldPage>('GET', `/v1/holds?trace=${trace}&limit=200`)).holds.map(seenHold),
    async returnedSince(sinceMs, currency) {
      const query = new URLSearchParams({ from: new Date(sinceMs).toISOString() });
      const { currencies } = await ask<Counters>('GET', `/v1/funds/counters?${query}`);
      return currencies.find((one) => one.currency === currency)?.returned ?? '0';
    },
  };
}

const seenHold = ({ id, key, state, ordered, held, stage, until }: Hold): SeenHold => ({
  id,
  account: key,
  state,
  ordered: ordered ?? null,
  held,
  stage: stage ?? null,
  until: until ?? null,
});

function holding(
  ask: Ask,
): Pick<StageOfficer, 'orderHolds' | 'complain' | 'act' | 'giveBack' | 'approve' | 'decideAppeal'> {
  return {
    async orderHolds(trace) {
      const ordered = await ask<OrderedHolds>('POST', '/v1/holds/order', { trace });
      const refused =
        'results' in ordered ? ordered.results.find(({ refused: code }) => code !== undefined) : undefined;
      if (refused !== undefined) throw new Error(`the hold at ${refused.hold.key} is refused: ${refused.refused}`);
    },
    complain: async (hold, { reference, at }) =>
      void (await ask('POST', `/v1/holds/${hold}/complaint`, { report: reference, at })),
    act: async (what, hold, court) => void (await ask('POST', `/v1/holds/${hold}/${what}`, { court })),
    giveBack: (trace, claim, second) => giveBack(ask, trace, claim, second),
    approve: (acts) => approve(ask, acts),
    async decideAppeal(hold, outcome, grounds) {
      const { appeals } = await ask<{ appeals: Appeal[] }>('GET', '/v1/appeals?limit=200');
      const appeal = appeals.find(({ act }) => act.kind === 'hold' && act.id === hold);
      if (appeal === undefined) throw new Error('nobody contests the hold');
      await ask('POST', `/v1/appeals/${appeal.id}/decision`, { outcome, grounds });
    },
  };
}

async function approve(ask: Ask, acts: string): Promise<void> {
  const { approvals } = await ask<{ approvals: Approval[] }>('GET', '/v1/approvals?limit=200');
  for (const { id, act } of approvals)
    if (act.startsWith(acts)) await ask('POST', `/v1/approvals/${id}/decision`, { approve: true });
}

/** What was confiscated of a trace goes back in three steps: opened with its claims, decided by two, paid. */
async function giveBack(ask: Ask, trace: string, claim: Claim, second: StageOfficer): Promise<void> {
  const { account, amount, court } = claim;
  const { id } = await ask<Return>('POST', '/v1/returns', { traces: [trace], claims: [{ account, amount }] });
  await ask('POST', `/v1/returns/${id}/decision`, { court });
  await second.approve('funds.');
  const { claims } = await ask<Return>('GET', `/v1/returns/${id}`);
  for (const { id: paid } of claims)
    await ask('POST', `/v1/returns/${id}/payments`, { claim: paid, reference: `RET-${paid.slice(0, 8)}` });
}

function corresponding(ask: Ask): Pick<StageOfficer, 'requestAbout' | 'acknowledge' | 'sign'> {
  return {
    async requestAbout({ request, from, to, about }) {
      const query = new URLSearchParams({ kind: request, limit: '50' });
      const { requests } = await ask<RequestPage>('GET', `/v1/requests?${query}`);
      for (const { id } of requests.filter((one) => one.from === from && one.to === to)) {
        const conversation = await ask<Conversation>('GET', `/v1/requests/${id}`);
        if (JSON.stringify(conversation.body).includes(`"${about}"`)) return seenRequest(conversation);
      }
      return undefined;
    },
    acknowledge: async (request, text) =>
      void (await ask('POST', `/v1/requests/${request}/deeds`, { deed: 'acknowledged', text })),
    sign: async (request) => void (await ask('POST', `/v1/requests/${request}/revision`, {})),
  };
}

function seenRequest({ request, deeds }: Conversation): SeenRequest {
  const refusal = deeds.findLast(({ deed }) => deed === 'refused')?.body.refusal;
  return {
    id: request.id,
    state: request.state,
    ...(refusal !== undefined && { refusal }),
    languages: deeds.flatMap(({ body }) => (body.text === undefined ? [] : [body.text.language])),
  };
}
