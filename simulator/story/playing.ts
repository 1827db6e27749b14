import { cast, type Cast } from './cast.ts';
import { doDeed, type Answers } from './doing.ts';
import { expectationInWords, type Expectation } from './expectations.ts';
import { isTrue, isUntouched, type SeeingParts } from './seeing.ts';
import type { Stage } from './stage.ts';
import type { Step, Story } from './story.ts';

export type StepState = 'ahead' | 'playing' | 'held' | 'broken';

/** What became of an expectation. */
export interface Outcome {
  readonly expectation: string;
  readonly held: boolean;
  /** How long after the deed it was seen. */
  readonly afterMs: number;
}

export interface PlayedStep {
  readonly id: string;
  readonly at: number;
  readonly says: string;
  readonly state: StepState;
  readonly outcomes: readonly Outcome[];
  /** What went wrong in doing it, if anything did. */
  readonly trouble?: string;
}

export interface PlayView {
  readonly story: string;
  readonly title: string;
  readonly state: 'ready' | 'playing' | 'paused' | 'over';
  readonly steps: readonly PlayedStep[];
}

export interface Play {
  view(): PlayView;
  /** Plays the next step now, whatever its time; resolves once its expectations were looked at. False if there is none. */
  step(): Promise<boolean>;
  /** Plays on by itself, each step at its time divided by `speed`, until it is over, paused, or `close`d. */
  run(speed: number): Promise<void>;
  /** Stops before the next step. */
  pause(): void;
  close(): Promise<void>;
}

export interface PlayParts {
  readonly story: Story;
  readonly cast: Cast;
  readonly stage: Stage;
  /** Which institution plays a part such as `bank 1` of a member. */
  institutionOf(member: string, part: string): string;
  /** How long an expectation may take to come true. */
  readonly withinMs?: number;
}

const lookAgainMs = 100;

/** Where time cannot be advanced, the story ends before its virtual steps, and says so. */
function stepsFor({ steps, closing }: Story, stage: Stage): readonly Step[] {
  if (stage.virtual) return steps;
  const real = steps.filter(({ virtual }) => virtual !== true);
  const last = real.at(-1);
  if (closing === undefined || last === undefined || real.length === steps.length) return real;
  return [...real, { id: 'closing', at: last.at, says: closing, does: { kind: 'nothing' } }];
}

/** A story on its way. A step that breaks does not stop it: what follows shows how far the harm goes. */
export function openPlay(parts: PlayParts): Play {
  const { story, stage, withinMs = 10_000 } = parts;
  const steps = stepsFor(story, stage);
  const names: Record<string, string> = { ...parts.cast };
  const cutOff = new Set<string>();
  const played = new Map<string, PlayedStep>();
  let next = 0;
  let beganMs: number | undefined;
  let state: PlayView['state'] = 'ready';
  let pausing = new AbortController();
  const ending = new AbortController();
  let stepping: Promise<unknown> = Promise.resolve();
  const playing: Playing = {
    ...parts,
    cast: names,
    withinMs,
    ended: ending.signal,
    beganMs: () => beganMs ?? stage.now(),
  };

  async function playNext(): Promise<boolean> {
    const step = steps[next];
    if (step === undefined) return false;
    next += 1;
    played.set(step.id, shown(step, 'playing', []));
    beganMs ??= stage.now();
    names['now'] = names[`at-${step.id}`] = new Date(stage.now()).toISOString();
    if (step.does.kind === 'cut-off') cutOff.add(step.does.member);
    if (step.does.kind === 'join') cutOff.delete(step.does.member);
    played.set(step.id, await playStep(playing, step));
    if (next === steps.length) state = 'over';
    return true;
  }

  /** One step at a time, whoever asks. */
  function step(): Promise<boolean> {
    const begun = stepping.then(playNext);
    stepping = begun.catch(() => undefined);
    return begun;
  }

  return {
    view: () => ({
      story: story.id,
      title: story.title,
      state,
      steps: steps.map((one) => played.get(one.id) ?? shown(one, 'ahead', [])),
    }),
    async step() {
      if (state === 'ready') state = 'paused';
      return step();
    },
    async run(speed) {
      if (state === 'playing' || state === 'over') return;
      state = 'playing';
      pausing = new AbortController();
      const { signal } = pausing;
      while (!signal.aborted) {
        const [before, ahead] = [steps[next - 1], steps[next]];
        if (ahead === undefined) break;
        if (before !== undefined) await stage.pause(((ahead.at - before.at) * 1000) / speed, signal);
        if (!signal.aborted) await step();
      }
    },
    pause() {
      if (state !== 'playing') return;
      state = 'paused';
      pausing.abort();
    },
    async close() {
      pausing.abort();
      ending.abort();
      await stepping;
      // Nobody stays cut off because a story was left in the middle.
      for (const member of cutOff) await stage.isolate(member, false);
      cutOff.clear();
    },
  };
}

const shown = ({ id, at, says }: Step, state: StepState, outcomes: readonly Outcome[]): PlayedStep => ({
  id,
  at,
  says,
  state,
  outcomes,
});

type Playing = SeeingParts & { readonly withinMs: number; readonly ended: AbortSignal };

async function playStep(parts: Playing, step: Step): Promise<PlayedStep> {
  const { stage } = parts;
  const atMs = stage.now();
  try {
    const found = <T>(what: string, look: () => Promise<T | undefined>): Promise<T> => foundSoon(parts, what, look);
    const answers = await doDeed({ ...parts, found }, step.id, step.does, parts.cast);
    const outcomes: Outcome[] = [];
    for (const expectation of step.expects ?? []) {
      const held = await comesTrue(parts, expectation, answers);
      outcomes.push({
        expectation: expectationInWords(expectation, parts.cast),
        held,
        afterMs: stage.now() - atMs,
      });
    }
    return shown(step, outcomes.every(({ held }) => held) ? 'held' : 'broken', outcomes);
  } catch (error) {
    return { ...shown(step, 'broken', []), trouble: (error as Error).message };
  }
}

async function comesTrue(parts: Playing, expectation: Expectation, answers: Answers): Promise<boolean> {
  if (expectation.kind === 'advice')
    return answers.get(cast(expectation.identifier, parts.cast)) === expectation.advice;
  if (expectation.kind === 'untouched') return isUntouched(parts, cast(expectation.identifier, parts.cast));
  return soon(parts, () => isTrue(parts, expectation));
}

async function foundSoon<T>(parts: Playing, what: string, look: () => Promise<T | undefined>): Promise<T> {
  let seen: T | undefined;
  await soon(parts, async () => {
    seen = await look();
    return seen !== undefined;
  });
  if (seen === undefined) throw new Error(`there is not ${what}`);
  return seen;
}

/** Looks again and again, for as long as something may take to come true. */
async function soon({ stage, withinMs, ended }: Playing, look: () => Promise<boolean>): Promise<boolean> {
  for (let waitedMs = 0; ; waitedMs += lookAgainMs) {
    if (await look()) return true;
    if (waitedMs >= withinMs || ended.aborted) return false;
    await stage.pause(lookAgainMs, ended);
  }
}
