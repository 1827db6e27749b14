import { hourMs, minuteMs } from '../kernel/clock.ts';
import type { PolicyRules } from '../kernel/policy.ts';

type SessionRules = PolicyRules['sessions'];

export const codeLifeMs = 7 * 24 * hourMs;
export const keyLifeDaysDefault = 365;
/** At most this many keys of one institution that still open the door: a rotation needs two. */
export const activeKeysMax = 20;
export const openProposalsMax = 1000;
export const payloadCharactersMax = 256 * 1024;

const passwordCharactersMin = 12;
const distinctCharactersMin = 5;

/** The one spelling of a password: keyboards of the six nations compose the same letter differently. */
export function normalPassword(password: string): string {
  return password.normalize('NFKC');
}

/** Why a password may not be set, or null. Length protects; rules about kinds of characters do not. */
export function weaknessOf(password: string, officer: string): 'short' | 'officer' | 'repeats' | null {
  const characters = Array.from(normalPassword(password));
  if (characters.length < passwordCharactersMin) return 'short';
  if (characters.join('').toLowerCase().replaceAll(officer, '').length < passwordCharactersMin / 2) return 'officer';
  return new Set(characters).size < distinctCharactersMin ? 'repeats' : null;
}

export interface SessionTimes {
  readonly createdAtMs: number;
  readonly seenAtMs: number;
}

/** When a session ends if it is not used again, and when it ends in any case. */
export function sessionEnds(session: SessionTimes, rules: SessionRules): { idleMs: number; absoluteMs: number } {
  const absoluteMs = session.createdAtMs + rules.absoluteHours * hourMs;
  return { idleMs: Math.min(session.seenAtMs + rules.idleMinutes * minuteMs, absoluteMs), absoluteMs };
}

/** Writing down every use would cost a write a request: a twentieth of the idle time may go unnoticed. */
export function mustNoteUse(session: SessionTimes, rules: SessionRules, nowMs: number): boolean {
  return nowMs - session.seenAtMs >= (rules.idleMinutes * minuteMs) / 20;
}

/** When a step-up lapses, or null if there is none in force. */
export function stepUpEnds(steppedUpAtMs: number | null, rules: SessionRules, nowMs: number): number | null {
  if (steppedUpAtMs === null) return null;
  const endsMs = steppedUpAtMs + rules.stepUpMinutes * minuteMs;
  return nowMs < endsMs ? endsMs : null;
}

export interface Attempts {
  readonly failures: number;
  readonly lastAtMs: number;
  readonly lockedUntilMs: number | null;
}

/**
 * One more attempt under a name: refused while it is locked, else counted as a failure until it has succeeded, so that
 * many at once are no more guesses than one after the other. Failures are forgotten once nobody tried for a lock's time.
 */
export function attempt(
  before: Attempts | null,
  rules: SessionRules,
  nowMs: number,
): Attempts | { lockedUntilMs: number } {
  if (before?.lockedUntilMs != null && nowMs < before.lockedUntilMs) return { lockedUntilMs: before.lockedUntilMs };
  const lockMs = rules.lockMinutes * minuteMs;
  const isFresh = before === null || before.lockedUntilMs !== null || nowMs - before.lastAtMs >= lockMs;
  const failures = (isFresh ? 0 : before.failures) + 1;
  return { failures, lastAtMs: nowMs, lockedUntilMs: failures >= rules.lockAfterFailures ? nowMs + lockMs : null };
}

/**
 * Under which name attempts from an address are counted: whoever has one IPv6 address has its whole /64. Text that is
 * no address is one caller.
 */
export function networkOf(ip: string): string {
  const v4 = /^(?:::ffff:)?(\d{1,3}(?:\.\d{1,3}){3})$/i.exec(ip)?.[1];
  if (v4 !== undefined) return v4;
  if (!/^[0-9a-f:]{2,39}(?:%.*)?$/i.test(ip)) return 'unknown';
  const [head = '', tail] = ip.toLowerCase().replace(/%.*$/, '').split('::');
  const groups = head === '' ? [] : head.split(':');
  const rest = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros =
    tail === undefined ? [] : Array.from({ length: Math.max(0, 8 - groups.length - rest.length) }, () => '0');
  const all = [...groups, ...zeros, ...rest].slice(0, 4);
  return `${all.map((group) => group.replace(/^0+(?=.)/, '')).join(':')}::/64`;
}

export type KeyState = 'active' | 'expired' | 'revoked';

/** A revocation may lie ahead, for a rotation without a gap. */
export function keyState(key: { expiresAtMs: number; revokedAtMs: number | null }, nowMs: number): KeyState {
  if (key.revokedAtMs !== null && key.revokedAtMs <= nowMs) return 'revoked';
  return key.expiresAtMs <= nowMs ? 'expired' : 'active';
}

export type ApprovalState = 'open' | 'approved' | 'rejected' | 'withdrawn' | 'lapsed';

/** A proposal whose time is up has lapsed, whether or not its clock has been dealt with yet. */
export function approvalState(proposal: { state: ApprovalState; decideByMs: number }, nowMs: number): ApprovalState {
  return proposal.state === 'open' && proposal.decideByMs <= nowMs ? 'lapsed' : proposal.state;
}

/** How an act goes ahead, given who else could decide about it. */
export function wayOf(
  act: { needsSecondPerson: boolean; isUndoable: boolean; isAlone: boolean },
  whenAlone: PolicyRules['secondPerson']['whenAlone'],
): 'perform' | 'propose' | 'perform-then-review' | 'refuse' {
  if (!act.needsSecondPerson) return 'perform';
  if (!act.isAlone) return 'propose';
  // What cannot be undone must not be done first and reviewed afterwards.
  return whenAlone === 'act-then-review' && act.isUndoable ? 'perform-then-review' : 'refuse';
}
