import { mayLeave, type Handling } from '@bronze-drum/protocol/handling';
import { parse, typeOf } from '@bronze-drum/protocol/identifiers/identifiers';
import type { Key } from '@bronze-drum/protocol/identifiers/identifier';
import { isRefusal } from '@bronze-drum/protocol/refusals';
import type { Form, NamedPayment } from '@bronze-drum/protocol/fields';
import {
  answerForm,
  requestForms,
  type AnswerFacts,
  type RequestKind,
  type RequestPriority,
  type RequestRefusal,
  type RequestState,
} from '@bronze-drum/protocol/requests';
import type { LiaisonTermsBody } from '@bronze-drum/protocol/statements/liaison-terms';
import type { RequestBody, RequestDeed } from '@bronze-drum/protocol/statements/request';
import { derivedId } from '../kernel/ids.ts';
import { needsExportApproval, type PolicyRules } from '../kernel/policy.ts';
import { refuse } from '../kernel/refusals.ts';

/** A deed, as far as a state hangs on it. */
export interface StatedDeed {
  readonly by: 'asking' | 'asked';
  readonly number: number;
  readonly revision: number;
  readonly deed: RequestDeed;
  readonly atMs: number;
}

/** What follows from everything that both members said about a request. */
export interface Standing {
  readonly revision: number;
  readonly state: RequestState;
  readonly sentMs: number;
  /** Of the newest revision, as far as it happened. Whoever works on it or answers has acknowledged it. */
  readonly receivedMs: number | undefined;
  readonly acknowledgedMs: number | undefined;
  readonly answeredMs: number | undefined;
}

const progress = ['received', 'acknowledged', 'in-work'] as const;
const conclusions = ['partly-answered', 'answered', 'refused'] as const;
const isIn = <T extends string>(list: readonly T[], one: string): one is T => (list as readonly string[]).includes(one);

/**
 * The state of a request that was sent: a function of both members' statements, in whatever order and however often they come.
 * Of one revision or one member's number only one statement is given; without a revision there is no standing.
 */
export function standingOf(
  revisions: readonly { readonly revision: number; readonly atMs: number }[],
  deeds: readonly StatedDeed[],
): Standing | undefined {
  if (revisions.length === 0) return undefined;
  const newest = revisions.reduce((one, other) => (other.revision > one.revision ? other : one));
  const theirs = deeds
    .filter(({ by, revision }) => by === 'asked' && revision === newest.revision)
    .sort((a, b) => a.number - b.number);
  const firstOf = (isMeant: (deed: RequestDeed) => boolean): number | undefined =>
    theirs.find(({ deed }) => isMeant(deed))?.atMs;
  const times = {
    revision: newest.revision,
    sentMs: newest.atMs,
    receivedMs: firstOf((deed) => isIn(progress, deed) || isIn(conclusions, deed)),
    acknowledgedMs: firstOf((deed) => deed !== 'received' && (isIn(progress, deed) || isIn(conclusions, deed))),
    answeredMs: firstOf((deed) => isIn(conclusions, deed)),
  };
  if (deeds.some(({ by, deed }) => by === 'asking' && deed === 'withdrawn')) return { ...times, state: 'withdrawn' };
  const said = theirs.map(({ deed }) => deed);
  const concluded = said.findLast((deed) => isIn(conclusions, deed));
  const reached = progress.findLast((one) => said.includes(one));
  return { ...times, state: (concluded ?? reached ?? 'sent') as RequestState };
}

export const openStates: readonly RequestState[] = ['sent', 'received', 'acknowledged', 'in-work', 'partly-answered'];
/** In which something is still awaited, or may be: what is joined, handed over and counted as open. */
export const isOpen = (state: RequestState): boolean => openStates.includes(state);

const deedsOfAsked: readonly RequestDeed[] = [
  'acknowledged',
  'in-work',
  'partly-answered',
  'answered',
  'refused',
  'said',
];
const deedsOfAsking: readonly RequestDeed[] = ['withdrawn', 'said'];

/** Whether a side may say such a deed of a request in a state: an answer may be added to, a refusal stands until a revision. */
export function maySay(side: 'asking' | 'asked', state: RequestState, deed: RequestDeed): boolean {
  if (deed === 'said') return state !== 'drafted' && state !== 'approved';
  if (!(side === 'asked' ? deedsOfAsked : deedsOfAsking).includes(deed)) return false;
  if (isOpen(state)) return state !== 'partly-answered' || isIn(conclusions, deed) || deed === 'withdrawn';
  return state === 'answered' && (deed === 'answered' || deed === 'partly-answered');
}

type Details = Readonly<Record<string, unknown>>;

/** What a form's values say of keys, payments and other requests' matters, in the order of its fields. */
function walk(form: Form, details: Details): { keys: string[]; payments: NamedPayment[]; ids: string[] } {
  const found = { keys: [] as string[], payments: [] as NamedPayment[], ids: [] as string[] };
  for (const [name, { type }] of Object.entries(form)) {
    const value = details[name];
    if (value === undefined) continue;
    if (type === 'key') found.keys.push(value as string);
    else if (type === 'keys') found.keys.push(...(value as string[]));
    else if (type === 'id') found.ids.push(value as string);
    else if (type === 'payments') found.payments.push(...(value as NamedPayment[]));
  }
  for (const { from, to } of found.payments) for (const key of [from, to]) if (key !== undefined) found.keys.push(key);
  return found;
}

export const keysOfRequest = (kind: RequestKind, details: object): string[] =>
  walk(requestForms[kind], details as Details).keys;
export const keysOfAnswer = (facts: AnswerFacts | undefined): string[] =>
  facts === undefined ? [] : walk(answerForm, facts).keys;

const keyOf = (text: string): string => {
  const key = parse(text);
  return isRefusal(key) ? refuse(key.refused, key.params) : key;
};

/** Values of a form with every identifier as its key. Refuses what cannot be read, with the reader's code. */
export function withKeys<T extends object>(form: Form, values: T): T {
  const read: Record<string, unknown> = { ...(values as Details) };
  for (const [name, { type }] of Object.entries(form)) {
    const value = read[name];
    if (value === undefined) continue;
    if (type === 'key') read[name] = keyOf(value as string);
    else if (type === 'keys') read[name] = (value as string[]).map(keyOf);
    else if (type === 'payments')
      read[name] = (value as NamedPayment[]).map(({ from, to, ...payment }) => ({
        ...payment,
        ...(from !== undefined && { from: keyOf(from) }),
        ...(to !== undefined && { to: keyOf(to) }),
      }));
  }
  return read as T;
}

/** What two requests of one kind must share to be about the same, hashed: a key, a payment or a trace. */
export function touchesOf(kind: RequestKind, details: object): string[] {
  const { keys, payments, ids } = walk(requestForms[kind], details as Details);
  const touches = keys.map((key) => derivedId('liaison.touch', kind, key));
  for (const { reference, amount, at, from = '', to = '' } of payments)
    touches.push(derivedId('liaison.touch', kind, 'payment', reference ?? at, from, to, amount.value, amount.currency));
  for (const id of ids) touches.push(derivedId('liaison.touch', kind, 'trace', id));
  return [...new Set(touches)];
}

/** Why a request should not go as it is, from whose side, and how it can. */
export interface Objection {
  readonly code: string;
  readonly side: 'ours' | 'theirs';
  /** It cannot be sent so, whatever an officer wishes. */
  readonly blocks: boolean;
  readonly wayAround?: string;
}

type Sent = Pick<RequestBody, 'kind' | 'details' | 'legalBasis' | 'signedBy'>;

/** What the asked member would object to, by the terms that it published; the first is what it would refuse with. */
export function objectionsOfAsked(
  terms: Pick<LiaisonTermsBody, 'kinds'>,
  asking: string,
  request: Pick<RequestBody, 'kind' | 'legalBasis'>,
  isSigned: boolean,
): { readonly refusal: RequestRefusal; readonly wayAround?: string }[] {
  const asked = terms.kinds[request.kind];
  const around = asked?.wayAround === undefined ? {} : { wayAround: asked.wayAround };
  if (asked?.accepted !== true) return [{ refusal: 'not-permitted', ...around }];
  const found: { refusal: RequestRefusal; wayAround?: string }[] = [];
  if (asked.treatyGaps.includes(asking)) found.push({ refusal: 'missing-treaty', ...around });
  if (asked.signature && !isSigned) found.push({ refusal: 'missing-signature' });
  if (!/\p{L}/u.test(request.legalBasis)) found.push({ refusal: 'missing-legal-basis' });
  return found;
}

/** Why a request that came is refused by itself; undefined if it is accepted as it is. */
export function refusalOf(
  terms: Pick<LiaisonTermsBody, 'kinds'>,
  asking: string,
  request: Sent,
): { readonly refusal: RequestRefusal; readonly wayAround?: string } | undefined {
  const [first] = objectionsOfAsked(terms, asking, request, request.signedBy !== undefined);
  if (first !== undefined) return first;
  const isReadable = keysOfRequest(request.kind, request.details).every((key) => parse(key) === key);
  return isReadable ? undefined : { refusal: 'missing-detail' };
}

/** What our own rules object to. What they block may not leave at all. */
export function ownObjections(
  rules: PolicyRules,
  request: Pick<RequestBody, 'kind' | 'details'>,
  to: { readonly member: string; readonly book: string; readonly handling: Handling },
): Objection[] {
  const found: Objection[] = [];
  const types = new Set(keysOfRequest(request.kind, request.details).map((key) => typeOf(key as Key)));
  if (types.has('person')) found.push({ code: 'liaison.person-key', side: 'ours', blocks: true });
  for (const type of types.size === 0 ? ['none'] : types) {
    const barred = mayLeave(to.handling, to.book, type);
    if (barred !== undefined && found.every(({ code }) => code !== barred.refused))
      found.push({ code: barred.refused, side: 'ours', blocks: true });
  }
  const kind = rules.liaison.kinds[request.kind];
  if (kind.treatyGaps.includes(to.member))
    found.push({
      code: 'liaison.missing-treaty',
      side: 'ours',
      blocks: false,
      ...(kind.wayAround !== undefined && { wayAround: kind.wayAround }),
    });
  return found;
}

/** Whether an approving officer must let out what names such keys in a book. */
export const waitsToLeave = (rules: PolicyRules, keys: readonly string[], book: string): boolean =>
  keys.some((key) => needsExportApproval(rules, key.slice(0, key.indexOf(':')), book));

/** The agreement under which a kind goes to a member by itself. */
export const standingBasis = (
  rules: PolicyRules,
  kind: RequestKind,
  to: string,
  isMember: boolean,
): string | undefined =>
  rules.liaison.standing.find((one) => one.kind === kind && (one.with === to || (one.with === 'alliance' && isMember)))
    ?.basis;

export const rankOf = (priority: RequestPriority): 1 | 2 | 3 | 4 => Number(priority[1]) as 1 | 2 | 3 | 4;

/** JSON with the names of each object in order, to see whether two texts say the same. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_name, one: unknown) =>
    typeof one === 'object' && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  );
}
