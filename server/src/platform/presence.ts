import type { Actor } from '../kernel/actor.ts';
import { secondMs, type Clock } from '../kernel/clock.ts';
import type { Live } from './live.ts';
import { openLoop } from './loops.ts';

/** Somebody who looks at a place, since when. */
export interface Visitor {
  readonly officer: string;
  readonly name: string;
  readonly sinceMs: number;
}

/** Who looks at what right now. It is kept in memory: who is still there says so again. */
export interface Presence {
  /** This session looks at a place from now on, or still does; null: at none. Holds for `beatMs`. */
  beat(session: string, who: { readonly officer: string; readonly name: string }, place: string | null): void;
  /** Who is there, each officer once, who came first first. */
  at(place: string): Visitor[];
  /**
   * Tells each change on the streams as the event `presence` {at}, to those who `mayHear` of the place. Viewers of one
   * audience hear the same. Before the first stream.
   */
  tellOn(live: Live, audience: { mayHear(viewer: Actor, place: string): boolean; of(viewer: Actor): string }): void;
  close(): Promise<void>;
}

interface Entry extends Visitor {
  readonly place: string;
  readonly beatAtMs: number;
}

const beatMs = 45 * secondMs;
const sweepMs = 5 * secondMs;
const sessionsMax = 10_000;

export function openPresence({ clock }: { readonly clock: Clock }): Presence {
  /** In the order of their last beats. */
  const entries = new Map<string, Entry>();
  const places = new Map<string, Set<string>>();
  let tell: (place: string) => void = () => undefined;

  function leave(session: string): void {
    const entry = entries.get(session);
    if (entry === undefined) return;
    entries.delete(session);
    const here = places.get(entry.place);
    here?.delete(session);
    if (here?.size === 0) places.delete(entry.place);
    tell(entry.place);
  }

  function sweep(): void {
    const beforeMs = clock.now() - beatMs;
    for (const [session, { beatAtMs }] of entries) {
      if (beatAtMs > beforeMs) return;
      leave(session);
    }
  }

  const loop = openLoop(async () => sweep(), { onError: () => undefined, pollMs: sweepMs });
  return {
    beat(session, { officer, name }, place) {
      const nowMs = clock.now();
      const before = entries.get(session);
      if (before !== undefined && before.place === place) {
        entries.delete(session);
        entries.set(session, { ...before, beatAtMs: nowMs });
        return;
      }
      leave(session);
      if (place === null) return;
      if (entries.size === sessionsMax) leave(entries.keys().next().value!);
      entries.set(session, { officer, name, place, sinceMs: nowMs, beatAtMs: nowMs });
      const here = places.get(place) ?? new Set();
      places.set(place, here.add(session));
      tell(place);
    },
    at(place) {
      sweep();
      const here = [...(places.get(place) ?? [])].map((session) => entries.get(session)!);
      const first = new Map<string, Visitor>();
      for (const { officer, name, sinceMs } of here.sort((a, b) => a.sinceMs - b.sinceMs))
        if (!first.has(officer)) first.set(officer, { officer, name, sinceMs });
      return [...first.values()];
    },
    tellOn(live, audience) {
      let number = 0;
      const { publish } = live.topic<string>({
        name: 'presence',
        // Nothing of it lasts, so nothing is ever missed: whoever comes back asks who is there.
        newest: async () => 0,
        read: async () => [],
        present: (viewer, place) =>
          audience.mayHear(viewer, place) ? { event: 'presence', data: JSON.stringify({ at: place }) } : undefined,
        subjectOf: (place) => place,
        audienceOf: audience.of,
      });
      tell = (place) => {
        number += 1;
        publish([{ number, rank: 4, item: place }]);
      };
    },
    close: loop.close,
  };
}
