import { bytesOf, type Flat, type Kept } from './arrays.ts';

/** Nothing. */
export const nothing = -1;

/** Something that happened to a subject; what the numbers mean is its user's business. `a` and `b` may be handles. */
export interface Happened {
  readonly subject: number;
  readonly atMs: number;
  readonly value: number;
  readonly code: number;
  readonly a: number;
  readonly b: number;
}

/** What happened last, as much as fits: of each subject in a list, the newest first. What was noted first makes way first. */
export interface HappenedRing extends Kept {
  /** Answers where it lies. */
  add(event: Happened): number;
  /** The newest of a subject, or `nothing`. */
  first(subject: number): number;
  /** The one before, or `nothing`. */
  next(place: number): number;
  atMs(place: number): number;
  value(place: number): number;
  code(place: number): number;
  a(place: number): number;
  b(place: number): number;
  /** A subject's slot is given away: nothing happened to it. */
  forget(subject: number): void;
  bytes(): number;
}

/** How far back in a list something late is carried to where it belongs. */
const lateStepsMax = 64;
/** In place of a subject: it was forgotten. */
const nobody = -1;

export function openHappened(options: { readonly subjects: number; readonly capacity: number }): HappenedRing {
  const { capacity } = options;
  const at = new Float64Array(capacity);
  const values = new Float64Array(capacity);
  const as = new Float64Array(capacity);
  const bs = new Float64Array(capacity);
  const codes = new Uint16Array(capacity);
  const subjects = new Int32Array(capacity);
  // Links and heads hold place + 1.
  const older = new Int32Array(capacity);
  const newer = new Int32Array(capacity);
  const heads = new Int32Array(options.subjects);
  const added = new Float64Array(1);

  function link(subject: number, place: number): void {
    let next = heads[subject]! - 1;
    let previous = nothing;
    for (let steps = 0; next !== nothing && at[next]! > at[place]! && steps < lateStepsMax; steps += 1) {
      previous = next;
      next = older[next]! - 1;
    }
    older[place] = next + 1;
    newer[place] = previous + 1;
    if (next !== nothing) newer[next] = place + 1;
    if (previous === nothing) heads[subject] = place + 1;
    else older[previous] = place + 1;
  }

  function unlink(place: number): void {
    if (subjects[place] === nobody) return;
    const next = older[place]! - 1;
    const previous = newer[place]! - 1;
    if (next !== nothing) newer[next] = previous + 1;
    if (previous === nothing) heads[subjects[place]!] = next + 1;
    else older[previous] = next + 1;
  }

  const arrays = (): readonly Flat[] => [at, values, as, bs, codes, subjects, older, newer, heads, added];

  return {
    add(event) {
      const place = added[0]! % capacity;
      if (added[0]! >= capacity) unlink(place);
      added[0] = added[0]! + 1;
      at[place] = event.atMs;
      values[place] = event.value;
      codes[place] = event.code;
      as[place] = event.a;
      bs[place] = event.b;
      subjects[place] = event.subject;
      link(event.subject, place);
      return place;
    },
    first: (subject) => heads[subject]! - 1,
    next: (place) => older[place]! - 1,
    atMs: (place) => at[place]!,
    value: (place) => values[place]!,
    code: (place) => codes[place]!,
    a: (place) => as[place]!,
    b: (place) => bs[place]!,
    forget(subject) {
      for (let place = heads[subject]! - 1; place !== nothing; place = older[place]! - 1) subjects[place] = nobody;
      heads[subject] = 0;
    },
    bytes: () => bytesOf(arrays()),
    arrays,
  };
}
