import { purposes, type Actor, type OfficerActor, type Purpose } from '../kernel/actor.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Policy } from '../kernel/policy.ts';
import { refuse } from '../kernel/refusals.ts';
import type { Db } from '../platform/db.ts';
import { findLocalKey } from './first-run.ts';
import type { KeyCache } from './key-cache.ts';
import { useOf } from './secrets.ts';
import { findSession } from './sessions.ts';

/** What is looked at of a request: a Fastify request fits. */
export interface Caller {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly ip?: string;
}

export function openAuthentication(parts: { db: Db; clock: Clock; policy: Policy; keyCache: KeyCache }) {
  const { db, clock, keyCache } = parts;
  return (request: Caller): Actor | Promise<Actor> => {
    const { authorization } = request.headers;
    if (typeof authorization !== 'string') return refuse('unauthenticated.missing');
    const recalled = keyCache.recall(authorization);
    if (recalled !== undefined) return recalled;
    const token = bearerOf(authorization);
    const use = useOf(token);
    if (use === 'key') return keyCache.lookUp(authorization, token);
    if (use === 'session') return findSession(parts, token, purposeOf(request));
    if (use === 'local') return findLocalActor(db, clock, token, purposeOf(request));
    return refuse('unauthenticated.unknown');
  };
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
