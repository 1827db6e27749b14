import type { Actor, InstitutionActor } from '../kernel/actor.ts';
import { secondMs, type Clock } from '../kernel/clock.ts';
import { refuse, Refused } from '../kernel/refusals.ts';
import type { Db } from '../platform/db.ts';
import { openLoop } from '../platform/loops.ts';
import type { Rate, Rates } from '../platform/rates.ts';
import { permissionsOfInstitution } from './permissions.ts';
import { keyState } from './rules.ts';
import { hashOf } from './secrets.ts';

/** Who an institution's key is, at the speed of screening: known keys are answered from memory. */
export interface KeyCache {
  /** The institution whose key was seen lately, by the whole Authorization header; undefined if it must be looked up. */
  recall(authorization: string): InstitutionActor | undefined;
  lookUp(authorization: string, token: string): Promise<InstitutionActor>;
  /** Forgets everything, also what is being looked up: what keys open has changed. */
  forget(): void;
  takeQuota(actor: Actor, cost: number): void;
  /** Says what an institution may ask for, where it was read with something else than a key. */
  setQuota(institution: string, rate: Rate): void;
  /** Writes down when each key was last used. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** A revocation in this process is heeded at once; one made by another process, after this long. */
const staleMs = 10 * secondMs;
/** A key in steady use is looked up again this early, behind the answer, so that no call waits for it. */
const refreshMs = 5 * secondMs;
const cachedMax = 10_000;
const flushMs = 15 * secondMs;

/** For officers, whose calls have no quota of their own, and for an institution that no key has named yet. */
const defaultQuota: Rate = { perSecond: 1000, burst: 20_000 };

interface Quota {
  /** Kept with its rate: a text built for each call is hashed for each call. */
  readonly caller: string;
  readonly rate: Rate;
}
interface Usage {
  usedAtMs: number;
  savedAtMs: number;
}
interface Entry {
  readonly actor: InstitutionActor;
  readonly usage: Usage;
  refreshAtMs: number;
  readonly endsAtMs: number;
}

export function openKeyCache(parts: {
  db: Db;
  clock: Clock;
  rates: Rates;
  onError: (error: unknown) => void;
}): KeyCache {
  const { db, clock, rates } = parts;
  const entries = new Map<string, Entry>();
  const usages = new Map<string, Usage>();
  const quotas = new Map<string, Quota>();
  const lookUps = new Map<string, Promise<InstitutionActor>>();
  let epoch = 0;

  async function find(authorization: string, token: string): Promise<InstitutionActor> {
    const begunIn = epoch;
    const found = await readKey(db, token, clock.now());
    quotas.set(found.actor.institution, quotaOf(found.actor.institution, found.quota));
    const usage = usages.get(found.id) ?? { usedAtMs: 0, savedAtMs: 0 };
    const nowMs = clock.now();
    usage.usedAtMs = nowMs;
    usages.set(found.id, usage);
    // What was looked up before a revocation must not outlive it.
    if (begunIn === epoch && authorization === `Bearer ${token}`) {
      const endsAtMs = Math.min(found.endsAtMs, nowMs + staleMs);
      entries.set(authorization, { actor: found.actor, usage, refreshAtMs: nowMs + refreshMs, endsAtMs });
      if (entries.size > cachedMax) entries.delete(entries.keys().next().value!);
    }
    return found.actor;
  }

  const lookUp: KeyCache['lookUp'] = (authorization, token) => {
    // Many calls that miss at once are one look-up.
    const running = lookUps.get(authorization);
    if (running !== undefined) return running;
    const begun = find(authorization, token).finally(() => {
      if (lookUps.get(authorization) === begun) lookUps.delete(authorization);
    });
    lookUps.set(authorization, begun);
    return begun;
  };

  function refresh(authorization: string): void {
    lookUp(authorization, authorization.slice('Bearer '.length)).catch((error: unknown) => {
      // An outage shows in the next look-up that a call waits for.
      if (error instanceof Refused) entries.delete(authorization);
    });
  }

  const flush = async (): Promise<void> => {
    const unsaved = [...usages].filter(([, usage]) => usage.usedAtMs > usage.savedAtMs);
    const usedAtMs = unsaved.map(([, usage]) => usage.usedAtMs);
    await saveUsages(
      db,
      unsaved.map(([id]) => id),
      usedAtMs,
    );
    unsaved.forEach(([, usage], index) => {
      usage.savedAtMs = usedAtMs[index]!;
    });
  };
  const loop = openLoop(flush, { onError: parts.onError, pollMs: flushMs });
  return {
    recall(authorization) {
      const entry = entries.get(authorization);
      if (entry === undefined) return undefined;
      const nowMs = clock.now();
      if (nowMs >= entry.endsAtMs) {
        entries.delete(authorization);
        return undefined;
      }
      if (nowMs >= entry.refreshAtMs) {
        entry.refreshAtMs = entry.endsAtMs;
        refresh(authorization);
      }
      entry.usage.usedAtMs = nowMs;
      return entry.actor;
    },
    lookUp,
    forget() {
      epoch += 1;
      entries.clear();
      lookUps.clear();
    },
    takeQuota(actor, cost) {
      if (actor.kind === 'institution') {
        const { caller, rate } = quotas.get(actor.institution) ?? quotaOf(actor.institution, defaultQuota);
        rates.take(caller, rate, cost);
      } else if (actor.kind === 'officer') {
        rates.take(`officer:${actor.officer}`, defaultQuota, cost);
      }
    },
    setQuota: (institution, rate) => void quotas.set(institution, quotaOf(institution, rate)),
    flush: loop.run,
    async close() {
      await loop.run();
      await loop.close();
    },
  };
}

const quotaOf = (institution: string, rate: Rate): Quota => ({ caller: `institution:${institution}`, rate });

interface FoundKey {
  readonly id: string;
  readonly actor: InstitutionActor;
  readonly quota: Rate;
  /** When the key expires or is revoked. */
  readonly endsAtMs: number;
}

async function readKey(db: Db, token: string, nowMs: number): Promise<FoundKey> {
  const [row] = await db.query<{
    id: string;
    expires_at: Date;
    revoked_at: Date | null;
    institution: string;
    kind: string;
    active: boolean;
    perSecond: number;
    burst: number;
  }>(
    `SELECT k.id, k.expires_at, k.revoked_at, i.id AS institution, i.kind, i.active,
       i.quota_per_second AS "perSecond", i.quota_burst AS burst
     FROM access.keys k JOIN access.institutions i ON i.id = k.institution WHERE k.secret_hash = $1`,
    [hashOf(token)],
  );
  if (row === undefined) return refuse('unauthenticated.unknown');
  const times = { expiresAtMs: row.expires_at.getTime(), revokedAtMs: row.revoked_at?.getTime() ?? null };
  const state = row.active ? keyState(times, nowMs) : 'revoked';
  if (state !== 'active') return refuse(`unauthenticated.${state}`);
  const { id, institution, perSecond, burst } = row;
  return {
    id,
    actor: { kind: 'institution', institution, permissions: permissionsOfInstitution(row.kind) },
    quota: { perSecond, burst },
    endsAtMs: Math.min(times.expiresAtMs, times.revokedAtMs ?? Infinity),
  };
}

async function saveUsages(db: Db, ids: readonly string[], usedAtMs: readonly number[]): Promise<void> {
  if (ids.length === 0) return;
  await db.query(
    `UPDATE access.keys k SET used_at = u.at FROM unnest($1::uuid[], $2::timestamptz[]) AS u (id, at)
     WHERE k.id = u.id AND (k.used_at IS NULL OR k.used_at < u.at)`,
    [ids, usedAtMs.map((ms) => new Date(ms))],
  );
}
