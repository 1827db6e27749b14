/** The one source of the present. Everything that depends on time is given one, so that tests run years in milliseconds. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };

/** A clock that moves only when told to. */
export interface TestClock extends Clock {
  set(instantMs: number): void;
  advance(durationMs: number): void;
}

export function testClock(startMs: number): TestClock {
  let nowMs = startMs;
  return {
    now: () => nowMs,
    set: (instantMs) => {
      nowMs = instantMs;
    },
    advance: (durationMs) => {
      nowMs += durationMs;
    },
  };
}

// Formatting is slow, and a bulk of statements names the same two instants again and again.
const lastInstants = [
  { ms: Number.NaN, text: '' },
  { ms: Number.NaN, text: '' },
];
let oldest = 0;

/** RFC 3339 in UTC with milliseconds, the one spelling of an instant in statements and answers. */
export function instantText(instantMs: number): string {
  for (const known of lastInstants) if (known.ms === instantMs) return known.text;
  const text = new Date(instantMs).toISOString();
  lastInstants[oldest] = { ms: instantMs, text };
  oldest = 1 - oldest;
  return text;
}

// Reading is slow too; what is read in bulk repeats what was read a few statements ago.
const readInstants = new Map<string, number>();
const readInstantsMax = 64;

/** Milliseconds of an instant that a schema has already accepted. */
export function instantMs(text: string): number {
  const known = readInstants.get(text);
  if (known !== undefined) return known;
  const instant = Date.parse(text);
  if (readInstants.size === readInstantsMax) readInstants.clear();
  readInstants.set(text, instant);
  return instant;
}

export const secondMs = 1000;
export const minuteMs = 60 * secondMs;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;
