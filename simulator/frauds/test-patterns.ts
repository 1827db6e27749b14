import type { ActivityKind, ActivityRecords } from '@bronze-drum/protocol/activity/kinds';
import type { Happening, Mark, Sent } from '../world/happening.ts';
import { openWorld, type WorldChoice } from '../world/world.ts';

export const patternsFromMs = Date.UTC(2026, 0, 5, 3);

export interface Seen {
  readonly sent: readonly Sent[];
  readonly marks: ReadonlyMap<string, Mark>;
  of<K extends ActivityKind>(kind: K): (ActivityRecords[K] & { readonly member: string; readonly isFraud: boolean })[];
}

/** What is told until so many minutes after the beginning, also of the hours before it. */
export function seen(minutes: number, choice: Partial<WorldChoice>): Seen {
  const sent: Sent[] = [];
  const marks = new Map<string, Mark>();
  const take = (happening: Happening): void => {
    sent.push(...happening.sent);
    for (const mark of happening.marks ?? []) marks.set(mark.key, mark);
  };
  const { fromMs = patternsFromMs } = choice;
  for (const happening of openWorld({ seed: 7, ...choice, fromMs }).happenings()) {
    if (happening.atMs >= fromMs + minutes * 60_000) break;
    take(happening);
  }
  return {
    sent,
    marks,
    of: <K extends ActivityKind>(kind: K) =>
      sent
        .filter((one) => one.kind === kind)
        .map((one) => ({
          ...(one.record as ActivityRecords[K]),
          member: one.member,
          isFraud: one.labels.length > 0,
        })),
  };
}

/** The most different values in any stretch of so many hours, by name. */
export function mostWithin<T extends { readonly at: string }>(
  items: readonly T[],
  hours: number,
  nameOf: (item: T) => string | undefined,
  valueOf: (item: T) => string,
): Map<string, number> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const name = nameOf(item);
    if (name !== undefined) groups.set(name, [...(groups.get(name) ?? []), item]);
  }
  const most = new Map<string, number>();
  for (const [name, group] of groups) {
    const sorted = group.map((item) => [Date.parse(item.at), valueOf(item)] as const).sort(([a], [b]) => a - b);
    let best = 0;
    sorted.forEach(([atMs], first) => {
      const within = sorted.slice(first).filter(([laterMs]) => laterMs < atMs + hours * 3_600_000);
      best = Math.max(best, new Set(within.map(([, value]) => value)).size);
    });
    most.set(name, best);
  }
  return most;
}
