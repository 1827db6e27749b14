import { castAll, type Cast } from './cast.ts';
import type { Expectation } from './expectations.ts';
import type { SeenAlert, SeenHold, Stage, StageOfficer } from './stage.ts';

export interface SeeingParts {
  readonly stage: Stage;
  readonly cast: Cast;
  institutionOf(member: string, part: string): string;
  /** When the story began, on the stage's clock. */
  beganMs(): number;
}

/** What can become true a while after the deed; of the other kinds it is known at once. */
export type Followed = Exclude<Expectation, { kind: 'advice' | 'untouched' }>;

const minuteMs = 60_000;

/** Whether it is true now. */
export async function isTrue(parts: SeeingParts, told: Followed): Promise<boolean> {
  const { stage, institutionOf } = parts;
  const expectation = castAll(told, parts.cast);
  switch (expectation.kind) {
    case 'listed': {
      const members = await stage.officer(expectation.member, 'analyst').listedBy(expectation.identifier);
      return expectation.by.every((member) => members.includes(member));
    }
    case 'alert': {
      const { member, officer, subject, reason, from, state } = expectation;
      const alerts = await stage.officer(member, officer).alertsAbout(subject);
      return alerts.some(
        (alert) => (state === undefined || alert.state === state) && hasReason(alert, reason, (by) => by === from),
      );
    }
    case 'told': {
      const { to, subject, reason } = expectation;
      const alerts = await stage.institution(to.member, institutionOf(to.member, to.institution)).alertsAbout(subject);
      return alerts.some((alert) => hasReason(alert, reason, () => true));
    }
    case 'order': {
      const { by, order, subject, states } = expectation;
      const orders = await stage.institution(by.member, institutionOf(by.member, by.institution)).ordersAbout(subject);
      return orders.some(({ kind, state }) => kind === order && isOneOf(state, states));
    }
    case 'request': {
      const { member, request, states, refusal, language } = expectation;
      const seen = await stage.officer(member, 'liaison').requestAbout(request);
      return (
        seen !== undefined &&
        isOneOf(seen.state, states) &&
        (refusal === undefined || seen.refusal === refusal) &&
        (language === undefined || seen.languages.includes(language))
      );
    }
    case 'returned': {
      const { members, amount } = expectation;
      const sums = await Promise.all(
        members.map((member) => stage.officer(member, 'supervisor').returnedSince(parts.beganMs(), amount.currency)),
      );
      return sums.reduce((sum, one) => sum + BigInt(one), 0n) === BigInt(amount.value);
    }
    default:
      return isTrueOfTrace(stage, expectation);
  }
}

async function isTrueOfTrace(
  stage: Stage,
  expectation: Extract<Followed, { kind: 'held' | 'lost' }>,
): Promise<boolean> {
  const officer: StageOfficer = stage.officer(expectation.member, 'duty-officer');
  const trace = await officer.traceOf(expectation.trace);
  if (trace === undefined) return false;
  const { amount } = expectation;
  if (expectation.kind === 'lost') return trace.lost.value === amount.value && trace.lost.currency === amount.currency;
  const { account, states, stage: name, endsIn } = expectation;
  const holds = (await officer.holdsOf(trace.id)).filter(
    (hold) => isOneOf(hold.state, states) && (account === undefined || hold.account === account),
  );
  const sum = holds.map(amountOf).filter(({ currency }) => currency === amount.currency);
  return (
    holds.length > 0 &&
    sum.reduce((total, { value }) => total + BigInt(value), 0n) === BigInt(amount.value) &&
    (name === undefined || holds.every((hold) => hold.stage === name)) &&
    (endsIn === undefined ||
      holds.every(
        ({ until }) => until !== null && Math.abs(Date.parse(until) - stage.now() - endsIn * 1000) <= minuteMs,
      ))
  );
}

const isOneOf = (state: string, states: readonly string[]): boolean => states.includes(state);
const unanswered = ['proposed', 'ordered', 'released', 'expired', 'refused', 'gone'];
const amountOf = ({ state, ordered, held }: SeenHold) => (unanswered.includes(state) ? (ordered ?? held) : held);

const hasReason = (alert: SeenAlert, kind: string, isFrom: (member: string | undefined) => boolean): boolean =>
  alert.reasons.some((reason) => reason.kind === kind && isFrom(reason.member));

/** Whether no member of the stage knows anything against it. */
export async function isUntouched({ stage }: SeeingParts, identifier: string): Promise<boolean> {
  for (const member of stage.members) {
    // A supervisor sees every alert of the member, whoever is told of it.
    if ((await stage.officer(member, 'supervisor').alertsAbout(identifier)).length > 0) return false;
    if ((await stage.officer(member, 'analyst').listedBy(identifier)).length > 0) return false;
  }
  return true;
}
