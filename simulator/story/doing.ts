import { castAll, type Cast } from './cast.ts';
import type { Deed, InstitutionPart, OfficerPart } from './deeds.ts';
import type { SeenHold, Stage, StageInstitution, StageOfficer } from './stage.ts';

export interface DoingParts {
  readonly stage: Stage;
  /** Which institution plays a part such as `bank 1` of a member. */
  institutionOf(member: string, part: string): string;
  /** Waits until it is there; throws if it never is. */
  found<T>(what: string, look: () => Promise<T | undefined>): Promise<T>;
}

/** What a screening answered, by identifier. */
export type Answers = ReadonlyMap<string, string>;

const none: Answers = new Map();

/** Does what a step of that name does. */
export async function doDeed(parts: DoingParts, step: string, told: Deed, names: Cast): Promise<Answers> {
  const deed = castAll(told, names);
  switch (deed.kind) {
    case 'screen': {
      const results = await institution(parts, deed.by).screen(deed.identifiers);
      return new Map(results.map(({ advice, refused }, at) => [deed.identifiers[at]!, advice ?? refused ?? 'nothing']));
    }
    case 'report': {
      const id = `story-${names['run']}-${step}`;
      const teller = institution(parts, deed.by);
      for (const [place, record] of (deed.besides ?? []).entries())
        await teller.report(deed.activity, { id: `${id}-${place}`, at: names['now']!, ...record });
      await teller.report(deed.activity, { id, at: names['now']!, ...deed.record });
      return none;
    }
    case 'nothing':
      return none;
    case 'cut-off':
    case 'join':
      await parts.stage.isolate(deed.member, deed.kind === 'cut-off');
      return none;
    case 'answer-order':
    case 'confirm-order':
    case 'appeal':
      await institutionActs(parts, deed);
      return none;
    default:
      await officerActs(parts, deed, names);
      return none;
  }
}

type InstitutionDeed = Extract<Deed, { kind: 'answer-order' | 'confirm-order' | 'appeal' }>;
type OfficerDeed = Exclude<Deed, InstitutionDeed | { kind: 'screen' | 'report' | 'nothing' | 'cut-off' | 'join' }>;

async function institutionActs(parts: DoingParts, deed: InstitutionDeed): Promise<void> {
  const actor = institution(parts, deed.by);
  if (deed.kind === 'appeal') {
    // The customer knows of the hold; which one it is, the story reads at a supervisor's desk.
    const { member } = deed.by;
    const hold = await heldAt(parts, { member, officer: 'supervisor' }, deed.account);
    return actor.appeal(hold.id, deed.appellant, deed.grounds);
  }
  const isEnded = deed.kind === 'confirm-order';
  const order = await parts.found(`the order ${deed.order} about ${deed.subject}`, async () => {
    const orders = await actor.ordersAbout(deed.subject);
    return orders.find(({ kind, state }) => kind === deed.order && (state === 'ended') === isEnded);
  });
  return deed.kind === 'confirm-order' ? actor.confirm(order.id) : actor.answer(order.id, deed.outcome);
}

async function officerActs(parts: DoingParts, deed: OfficerDeed, names: Cast): Promise<void> {
  const officer = officerOf(parts, deed.by);
  switch (deed.kind) {
    case 'list':
      return officer.list(deed.listing);
    case 'take': {
      const alert = (await officer.alertsAbout(deed.subject)).find(({ state }) => state === 'new');
      if (alert === undefined) throw new Error('there is no alert to take');
      return officer.take(alert.id);
    }
    case 'report-victim':
      return officer.reportVictim(deed.report);
    case 'acknowledge':
    case 'sign': {
      const { request } = deed;
      const what = `the request ${request.request} of ${request.from} about ${request.about}`;
      const { id } = await parts.found(what, async () => officer.requestAbout(request));
      return deed.kind === 'sign' ? officer.sign(id) : officer.acknowledge(id, deed.text);
    }
    case 'decide': {
      const hold = await heldAt(parts, deed.by, deed.account);
      return officer.decideAppeal(hold.id, deed.outcome, deed.grounds);
    }
    case 'order-holds':
      return officer.orderHolds((await traceAt(parts, officer, deed.trace)).id);
    default:
      return endHolds(parts, officer, deed, names);
  }
}

/** What becomes of all that is held of a trace. */
async function endHolds(
  parts: DoingParts,
  officer: StageOfficer,
  deed: Extract<OfficerDeed, { kind: 'complaint' | 'seize' | 'confiscate' | 'return' }>,
  names: Cast,
): Promise<void> {
  const { id } = await traceAt(parts, officer, deed.trace);
  const holds = await officer.holdsOf(id);
  if (deed.kind === 'return') {
    const confiscated = holds.filter(({ state }) => state === 'confiscated');
    const value = String(confiscated.reduce((sum, { held }) => sum + BigInt(held.value), 0n));
    const amount = { value: deed.claim, currency: deed.currency };
    if (value === '0') throw new Error('nothing was confiscated');
    return officer.giveBack(id, { account: deed.victim, amount, court: deed.court }, officerOf(parts, deed.second));
  }
  const from = deed.kind === 'confiscate' ? ['seized'] : ['held', 'partly'];
  const active = holds.filter(({ state }) => from.includes(state));
  if (active.length === 0) throw new Error(`no hold is ${from.join(' or ')}`);
  for (const hold of active) {
    if (deed.kind === 'complaint') await officer.complain(hold.id, { reference: deed.complaint, at: names['now']! });
    else await officer.act(deed.kind, hold.id, deed.court);
  }
  if (deed.kind !== 'complaint') await officerOf(parts, deed.second).approve('funds.');
}

const traceAt = (parts: DoingParts, officer: StageOfficer, account: string) =>
  parts.found(`a trace that reached ${account}`, () => officer.traceOf(account));

/** The hold on an account that binds now. */
async function heldAt(parts: DoingParts, by: OfficerPart, account: string): Promise<SeenHold> {
  const officer = officerOf(parts, by);
  const { id } = await traceAt(parts, officer, account);
  const hold = (await officer.holdsOf(id)).find((one) => one.account === account && binding.includes(one.state));
  if (hold === undefined) throw new Error(`nothing is held at ${account}`);
  return hold;
}

const binding = ['ordered', 'held', 'partly'];

const institution = ({ stage, institutionOf }: DoingParts, by: InstitutionPart): StageInstitution =>
  stage.institution(by.member, institutionOf(by.member, by.institution));
const officerOf = ({ stage }: DoingParts, by: OfficerPart): StageOfficer => stage.officer(by.member, by.officer);
