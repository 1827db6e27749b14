import type { Clock } from '../kernel/clock.ts';
import { minuteMs } from '../kernel/clock.ts';
import { refuse } from '../kernel/refusals.ts';
import { skewMsMax, type Claim } from './call-signatures.ts';

export interface Replays {
  /** Takes note of a verified call, or refuses it: it came before, or its party made too many. */
  take(claim: Claim): void;
}

const noncesMax = 200_000;

/**
 * The nonces of all calls that could still be accepted again. Each party has its own share of the memory, and a full one
 * refuses further calls rather than forget earlier ones: a flood harms its party alone. In memory only: after a restart a
 * call of the last five minutes could be repeated, so what calls do must bear repeating.
 */
export function openReplays(clock: Clock, perPartyMax: number = noncesMax): Replays {
  const parties = new Map<string, Map<number, Set<string>>>();
  return {
    take({ party, nonce, createdMs }) {
      const minutes = parties.get(party) ?? new Map<number, Set<string>>();
      parties.set(party, minutes);
      const held = forget(minutes, clock.now());
      for (const nonces of minutes.values()) if (nonces.has(nonce)) refuse('unauthenticated.signature-replay');
      if (held >= perPartyMax) refuse('too-many.calls', { retryAfterSeconds: 60 });
      const minute = Math.floor((createdMs + skewMsMax) / minuteMs);
      const nonces = minutes.get(minute) ?? new Set<string>();
      // The text as one flat string: as parsed it would hold every character's piece alive.
      nonces.add(Buffer.from(nonce, 'latin1').toString('latin1'));
      minutes.set(minute, nonces);
    },
  };
}

/** Drops the minutes in which no call can be accepted any more; returns how many nonces remain. */
function forget(minutes: Map<number, Set<string>>, nowMs: number): number {
  let held = 0;
  for (const [minute, nonces] of minutes) {
    if (minute < Math.floor(nowMs / minuteMs)) minutes.delete(minute);
    else held += nonces.size;
  }
  return held;
}
