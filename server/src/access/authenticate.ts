import { purposes, type Actor, type OfficerActor, type Purpose } from '../kernel/actor.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Policy } from '../kernel/policy.ts';
import { refuse } from '../kernel/refusals.ts';
import type { Db } from '../platform/db.ts';
import type { Rate, Rates } from '../platform/rates.ts';
import { findLocalKey } from './first-run.ts';
import type { KeyCache } from './key-cache.ts';
import { useOf } from './secrets.ts';
import { findSession } from './sessions.ts';

/** What is looked at of a request: a Fastify request fits. */
export interface Caller {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly ip?: string;
}

/** What one address may try with keys that are not known, and what one officer may ask for in all. */
const strangerRate: Rate = { perSecond: 50, burst: 1000 };
const officerRate: Rate = { perSecond: 100, burst: 1000 };

export function openAuthentication(parts: { db: Db; clock: Clock; rates: Rates; policy: Policy; keyCache: KeyCache }) {
  const { db, clock, rates, keyCache } = parts;
  return (request: Caller, isUse = true): Actor | Promise<Actor> => {
    const { authorization } = request.headers;
    if (typeof authorization !== 'string') return refuse('unauthenticated.missing');
    const recalled = keyCache.recall(authorization);
    if (recalled !== undefined) return recalled;
    return lookUp(request, authorization, isUse);
  };

  /** A look-up costs the database something, so whoever brings unknown keys is slowed down by address. */
  async function lookUp(request: Caller, authorization: string, isUse: boolean): Promise<Actor> {
    const stranger = `stranger:${request.ip ?? ''}`;
    rates.take(stranger, strangerRate, 1);
    const actor = await find(request, authorization, bearerOf(authorization), isUse);
    rates.take(stranger, strangerRate, -1);
    return actor;
  }

  async function find(request: Caller, authorization: string, token: string, isUse: boolean): Promise<Actor> {
    const use = useOf(token);
    if (use === 'key') return keyCache.lookUp(authorization, token);
    if (use === 'local') return findLocalActor(db, clock, token, purposeOf(request));
    if (use !== 'session') return refuse('unauthenticated.unknown');
    const officer = await findSession(parts, token, purposeOf(request), isUse);
    rates.take(`calls:${officer.officer}`, officerRate, 1);
    return officer;
  }
}

function bearerOf(authorization: string): string {
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
