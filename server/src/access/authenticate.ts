import { purposes, type Actor, type OfficerActor, type Purpose } from '../kernel/actor.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Policy } from '../kernel/policy.ts';
import { refuse } from '../kernel/refusals.ts';
import type { Cookie } from '../platform/cookies.ts';
import type { Db } from '../platform/db.ts';
import type { Rate, Rates } from '../platform/rates.ts';
import { findClerk } from './clerks.ts';
import { findLocalKey } from './first-run.ts';
import type { KeyCache } from './key-cache.ts';
import { useOf } from './secrets.ts';
import { findSession } from './sessions.ts';

/** What is looked at of a request: a Fastify request fits. */
export interface Caller {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Looked at where a cookie says who calls; without it the call counts as one that changes something. */
  readonly method?: string;
  readonly ip?: string;
}

/** What one address may try with keys that are not known, and what one session may ask for in all. */
const strangerRate: Rate = { perSecond: 50, burst: 1000 };
const sessionRate: Rate = { perSecond: 100, burst: 1000 };

interface AuthenticationParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly rates: Rates;
  readonly policy: Policy;
  readonly keyCache: KeyCache;
  readonly cookie: Cookie;
}

export function openAuthentication(parts: AuthenticationParts) {
  const { db, clock, rates, keyCache, cookie } = parts;
  return (request: Caller, isUse = true): Actor | Promise<Actor> => {
    const { authorization } = request.headers;
    if (typeof authorization !== 'string') return byCookie(request, isUse);
    const recalled = keyCache.recall(authorization);
    if (recalled !== undefined) return recalled;
    return asStranger(rates, request.ip, async () => find(request, authorization, bearerOf(authorization), isUse));
  };

  /** A browser sends the cookie by itself, whoever made it call: so the call must also show that a page of ours made it. */
  function byCookie(request: Caller, isUse: boolean): Promise<Actor> {
    const header = request.headers['cookie'];
    const token = typeof header === 'string' ? cookie.read(header) : undefined;
    if (token === undefined || token === '') return refuse('unauthenticated.missing');
    requireOwnPage(request);
    return asStranger(rates, request.ip, () => findSessionOf(request, token, isUse));
  }

  async function find(request: Caller, authorization: string, token: string, isUse: boolean): Promise<Actor> {
    const use = useOf(token);
    if (use === 'key') return keyCache.lookUp(authorization, token);
    if (use === 'local') return findLocalActor(db, clock, token, purposeOf(request));
    return findSessionOf(request, token, isUse);
  }

  async function findSessionOf(request: Caller, token: string, isUse: boolean): Promise<Actor> {
    const use = useOf(token);
    if (use === 'session') {
      const officer = await findSession(parts, token, purposeOf(request), isUse);
      rates.take(`calls:${officer.officer}`, sessionRate, 1);
      return officer;
    }
    if (use !== 'clerk') return refuse('unauthenticated.unknown');
    const { actor, quota } = await findClerk(parts, token, isUse);
    keyCache.setQuota(actor.institution, quota);
    rates.take(`calls:${actor.session}`, sessionRate, 1);
    return actor;
  }
}

/** A look-up costs the database something, so whoever brings unknown secrets is slowed down by address. */
export async function asStranger<T>(rates: Rates, ip: string | undefined, find: () => Promise<T>): Promise<T> {
  const stranger = `stranger:${ip ?? ''}`;
  rates.take(stranger, strangerRate, 1);
  const found = await find();
  rates.take(stranger, strangerRate, -1);
  return found;
}

/**
 * Refuses a call that a page of another origin made the browser send. Ports of one host are one site to a browser, and six
 * desks may share `localhost`: what a cookie's SameSite allows is not enough. No other origin is ever granted the header.
 */
export function requireOwnPage({ headers, method }: Caller): void {
  const site = headers['sec-fetch-site'];
  const isOwn = site === undefined || site === 'same-origin' || site === 'none';
  const isRead = method === 'GET' || method === 'HEAD';
  if (!isOwn || !(isRead || headers['drum-desk'] === '1')) refuse('forbidden.cross-site');
}

export function bearerOf(authorization: string): string {
  const [scheme = '', token = ''] = authorization.trim().split(/ +/, 2);
  return scheme.toLowerCase() === 'bearer' && token !== '' ? token : refuse('unauthenticated.missing');
}

function purposeOf({ headers }: Caller): Purpose | null {
  const given = headers['drum-purpose'];
  if (given === undefined) return null;
  const known = purposes.find((purpose) => purpose === given);
  return known ?? refuse('malformed.purpose');
}

/** Whoever can read the key's file runs the server: there is no password to ask for again. */
async function findLocalActor(db: Db, clock: Clock, token: string, purpose: Purpose | null): Promise<OfficerActor> {
  const officer = (await findLocalKey(db, token)) ?? refuse('unauthenticated.unknown');
  return { kind: 'officer', ...officer, steppedUpAtMs: clock.now(), purpose };
}
