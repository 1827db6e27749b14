import type { Happening, Sent } from './happening.ts';
import { openWorld, type WorldChoice } from './world.ts';

export const testFromMs = Date.UTC(2026, 0, 5);
const hourMs = 3_600_000;

/** What happens in so many hours. */
export function* hoursOf(hours: number, choice: Partial<WorldChoice> = {}): Generator<Happening, void, void> {
  const { fromMs = testFromMs } = choice;
  for (const happening of openWorld({ seed: 7, ...choice, fromMs }).happenings()) {
    if (happening.atMs >= fromMs + hours * hourMs) return;
    yield happening;
  }
}

export function* sentIn(hours: number, choice: Partial<WorldChoice> = {}): Generator<Sent, void, void> {
  for (const happening of hoursOf(hours, choice)) yield* happening.sent;
}
