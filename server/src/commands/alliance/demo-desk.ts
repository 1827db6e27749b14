import { homeOf } from '@bronze-drum/protocol/identifiers/home';
import type { Key } from '@bronze-drum/protocol/identifiers/identifier';
import type { Runtime } from '@bronze-drum/client/runtime';
import { isOfStory } from '@bronze-drum/simulator/story/casting';
import type { VictimReport } from '@bronze-drum/simulator/world/happening';
import type { KnownIdentifier } from '@bronze-drum/simulator/world/underworld';
import type { AlertPage, WatchPage } from '../../alerts/contract.ts';
import { dayMs, instantMs, instantText, minuteMs, secondMs } from '../../kernel/clock.ts';
import { CommandError } from '../connection.ts';
import { openFundsDesk, unlessRefused, writtenDown } from './demo-funds.ts';
import { openLiaisonDesk } from './demo-liaison.ts';
import type { Ask } from './officer-session.ts';

/**
 * The demo officers, who do the obvious, so that a newcomer sees desks at work: they list, trace, hold, let go, and answer each
 * other. They know what a desk shows. The story has officers of its own: what belongs to it they leave alone.
 */
export interface DemoDesk {
  /** A victim of the simulated world calls the hotline. */
  hear(report: VictimReport): void;
  close(): Promise<void>;
}

export interface DemoDeskParts {
  readonly members: readonly string[];
  readonly runtime: Runtime;
  officer(member: string, role: string): Ask;
  /** Calls with an institution's key. */
  institution(member: string, id: string): Ask;
  /** What a member's officers know from before. */
  known(member: string): readonly KnownIdentifier[];
  /** The demo bank of a member screens payees. */
  bankAsks(member: string, identifiers: readonly string[]): Promise<unknown>;
  readonly onError: (error: unknown) => void;
}

const eagerMs = 6 * secondMs;
/** After the first minutes nobody needs to see them hurry. */
const calmMs = 45 * secondMs;
const eagerRounds = 12;
const reportsMax = 50;
const knownMax = 8;
const sharedMax = 2;
const askedMax = 2;
const listedFor = dayMs;
const settledMs = 5 * minuteMs;
/** Of so many victims one goes to her bank, and not to the hotline. */
const byBank = 3;

export function openDemoDesk(parts: DemoDeskParts): DemoDesk {
  const { members, runtime, onError } = parts;
  const ending = new AbortController();
  const reports: VictimReport[] = [];

  const desks = members.map((member) => {
    const [officer, supervisor] = [parts.officer(member, 'duty-officer'), parts.officer(member, 'supervisor')];
    return {
      funds: openFundsDesk({ member, officer, supervisor, institution: (id) => parts.institution(member, id) }),
      liaison: openLiaisonDesk({ member, liaison: parts.officer(member, 'liaison'), supervisor }),
    };
  });

  async function work(): Promise<void> {
    for (const [place, member] of members.entries()) {
      const neighbour = members[(place + 1) % members.length]!;
      await prepare(parts, member, neighbour).catch(onError);
      const [account] = parts.known(neighbour);
      if (neighbour !== member && account !== undefined)
        await desks[place]!.liaison.ask(neighbour, account.key).catch(onError);
    }
    for (let round = 0; !ending.signal.aborted; round += 1) {
      for (const report of reports.splice(0)) await answer(parts, report).catch(onError);
      await Promise.all(members.map((member) => handleOne(parts, member).catch(onError)));
      await Promise.all(desks.map(({ funds }) => funds.round().catch(onError)));
      await Promise.all(desks.map(({ liaison }) => liaison.round().catch(onError)));
      await runtime.pause(round < eagerRounds ? eagerMs : calmMs, ending.signal);
    }
  }

  const over = work();
  return {
    hear(report) {
      if (reports.length < reportsMax) reports.push(report);
    },
    async close() {
      ending.abort();
      await over;
    },
  };
}

const claim = {
  offence: 'telecom-online-fraud',
  audience: 'alliance',
  handling: { tlp: 'AMBER', conditions: [] },
};

async function list(
  parts: DemoDeskParts,
  ask: Ask,
  listing: Readonly<Record<'identifier' | 'tier' | 'grounds', string> & Record<'typologies' | 'grading', object>>,
): Promise<void> {
  const until = instantText(parts.runtime.now() + listedFor);
  const sighting = listing.identifier.startsWith('phone:') ? { sighting: 'originating' } : {};
  try {
    await ask('POST', '/v1/registry/listings', { ...claim, ...sighting, until, ...listing });
  } catch (error) {
    // It is listed already, or may not be: an officer who is told so goes on.
    if (!(error instanceof CommandError)) throw error;
  }
}

/** What a victim said: the trace first, for the money moves on; then what is listed by the officer at the hotline. */
async function answer(parts: DemoDeskParts, report: VictimReport): Promise<void> {
  const { member, typology, payments } = report;
  if (!parts.members.includes(member)) return;
  const ask = parts.officer(member, 'duty-officer');
  const isByBank = Date.parse(report.at) % byBank === 0;
  const teller = isByBank ? parts.institution(member, report.institution) : ask;
  await unlessRefused(teller('POST', '/v1/reports', writtenDown(report, isByBank ? 'bank' : 'officer')));
  for (const { to } of payments) {
    await list(parts, ask, {
      identifier: to,
      tier: 'victim',
      typologies: [typology, 'mule-account'],
      grading: { source: 'B', information: 2 },
      grounds: 'A victim named it to the hotline as where the money went',
    });
  }
}

/** Takes the newest alert about an account or a number that nobody has, and lists it as suspected. */
async function handleOne(parts: DemoDeskParts, member: string): Promise<void> {
  const ask = parts.officer(member, 'duty-officer');
  await closeSettled(ask, parts.runtime.now());
  const { alerts } = await alertsOf(ask, { state: 'new', kind: 'suspected-activity' });
  const alert = alerts.find(({ subject }) => homeOf(subject as Key) !== undefined && !isOfStory(subject));
  if (alert === undefined) return;
  await ask('POST', `/v1/alerts/${alert.id}/take`, {});
  await list(parts, ask, {
    identifier: alert.subject,
    tier: 'institution-suspected',
    typologies: ['mule-account'],
    grading: { source: 'B', information: 3 },
    grounds: 'An institution reported it as part of a fraud',
  });
}

/** Closes what the officer took and nothing was added to for a while. */
async function closeSettled(ask: Ask, nowMs: number): Promise<void> {
  const { alerts } = await alertsOf(ask, { state: 'taken', mine: 'true' });
  for (const { id, at, subject } of alerts) {
    if (instantMs(at) > nowMs - settledMs || isOfStory(subject)) continue;
    await ask('POST', `/v1/alerts/${id}/close`, { outcome: 'acted', note: 'Listed as suspected' });
  }
}

const alertsOf = (ask: Ask, query: Record<string, string>): Promise<AlertPage> =>
  ask('GET', `/v1/alerts?${new URLSearchParams({ ...query, sort: 'newest', limit: '50' })}`);

/**
 * What the officers of a member bring along: what they list from before, some of it known to a neighbour too, and an analyst's
 * standing wish to hear of the neighbour's accounts; and a customer of the demo bank is about to pay one of those that are
 * listed. Once: the wish tells that it was done.
 */
async function prepare(parts: DemoDeskParts, member: string, neighbour: string): Promise<void> {
  const ask = parts.officer(member, 'analyst');
  const { watches } = await ask<WatchPage>('GET', '/v1/watches?limit=1');
  if (watches.length > 0) return;
  const known = parts.known(member).slice(0, knownMax);
  for (const { key, tier, typology } of [...known, ...parts.known(neighbour).slice(0, sharedMax)]) {
    await list(parts, ask, {
      identifier: key,
      tier,
      typologies: [typology],
      grading: { source: 'B', information: 2 },
      grounds: 'From cases of the last months',
    });
  }
  await parts.bankAsks(
    member,
    known.slice(0, askedMax).map(({ key }) => key),
  );
  const pattern = `account:${neighbour.toUpperCase()}:*`;
  await ask('POST', '/v1/watches', { pattern, note: 'Accounts of the neighbour' });
}
