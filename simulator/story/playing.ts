import { cast, castAll, type Cast, type Deed, type Expectation, type Step, type Story } from './story.ts';
import type { SeenAlert, Stage } from './stage.ts';

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

/** A story on its way. A step that breaks does not stop it: what follows shows how far the harm goes. */
export function openPlay(parts: PlayParts): Play {
  const { story, stage, withinMs = 10_000 } = parts;
  const played = new Map<string, PlayedStep>();
  let next = 0;
  let state: PlayView['state'] = 'ready';
  let pausing = new AbortController();
  const ending = new AbortController();
  let stepping: Promise<unknown> = Promise.resolve();

  async function playNext(): Promise<boolean> {
    const step = story.steps[next];
    if (step === undefined) return false;
    next += 1;
    played.set(step.id, shown(step, 'playing', []));
    const result = await playStep(parts, step, withinMs, ending.signal);
    played.set(step.id, result);
    if (next === story.steps.length) state = 'over';
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
      steps: story.steps.map((one) => played.get(one.id) ?? shown(one, 'ahead', [])),
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
        const [before, ahead] = [story.steps[next - 1], story.steps[next]];
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

async function playStep(parts: PlayParts, step: Step, withinMs: number, ended: AbortSignal): Promise<PlayedStep> {
  const atMs = parts.stage.now();
  try {
    const answers = await doDeed(parts, step);
    const outcomes: Outcome[] = [];
    for (const expectation of step.expects ?? []) {
      const held = await comesTrue(parts, expectation, answers, withinMs, ended);
      outcomes.push({
        expectation: namedIn(inWords(expectation), parts.cast),
        held,
        afterMs: parts.stage.now() - atMs,
      });
    }
    return shown(step, outcomes.every(({ held }) => held) ? 'held' : 'broken', outcomes);
  } catch (error) {
    return { ...shown(step, 'broken', []), trouble: (error as Error).message };
  }
}

type Answers = ReadonlyMap<string, string>;

/** Does what a step does; what a screening answered, by identifier. */
async function doDeed(parts: PlayParts, step: Step): Promise<Answers> {
  const { stage } = parts;
  const deed: Deed = castAll(step.does, parts.cast);
  switch (deed.kind) {
    case 'screen': {
      const { by, identifiers } = deed;
      const results = await stage
        .institution(by.member, parts.institutionOf(by.member, by.institution))
        .screen(identifiers);
      return new Map(results.map(({ advice, refused }, at) => [identifiers[at]!, advice ?? refused ?? 'nothing']));
    }
    case 'report': {
      const { by, activity, record } = deed;
      const id = `story-${parts.cast['run']}-${step.id}`;
      const at = new Date(stage.now()).toISOString();
      await stage
        .institution(by.member, parts.institutionOf(by.member, by.institution))
        .report(activity, { id, at, ...record });
      return new Map();
    }
    case 'list':
      await stage.officer(deed.by.member, deed.by.officer).list(deed.listing);
      return new Map();
    case 'take': {
      const officer = stage.officer(deed.by.member, deed.by.officer);
      const alert = (await officer.alertsAbout(deed.subject)).find(({ state }) => state === 'new');
      if (alert === undefined) throw new Error('there is no alert to take');
      await officer.take(alert.id);
      return new Map();
    }
    default:
      return new Map();
  }
}

async function comesTrue(
  parts: PlayParts,
  expectation: Expectation,
  answers: Answers,
  withinMs: number,
  ended: AbortSignal,
): Promise<boolean> {
  if (expectation.kind === 'advice')
    return answers.get(cast(expectation.identifier, parts.cast)) === expectation.advice;
  if (expectation.kind === 'untouched') return isUntouched(parts, cast(expectation.identifier, parts.cast));
  for (let waitedMs = 0; ; waitedMs += lookAgainMs) {
    if (await isTrue(parts, expectation)) return true;
    if (waitedMs >= withinMs || ended.aborted) return false;
    await parts.stage.pause(lookAgainMs, ended);
  }
}

async function isTrue(
  { stage, cast: names, institutionOf }: PlayParts,
  expectation: Exclude<Expectation, { kind: 'advice' | 'untouched' }>,
): Promise<boolean> {
  switch (expectation.kind) {
    case 'listed': {
      const officer = stage.officer(expectation.member, 'analyst');
      const members = await officer.listedBy(cast(expectation.identifier, names));
      return expectation.by.every((member) => members.includes(member));
    }
    case 'alert': {
      const { member, officer, reason, from, state } = expectation;
      const alerts = await stage.officer(member, officer).alertsAbout(cast(expectation.subject, names));
      return alerts.some(
        (alert) => (state === undefined || alert.state === state) && hasReason(alert, reason, (told) => told === from),
      );
    }
    default: {
      const { to, reason } = expectation;
      const institution = stage.institution(to.member, institutionOf(to.member, to.institution));
      const alerts = await institution.alertsAbout(cast(expectation.subject, names));
      return alerts.some((alert) => hasReason(alert, reason, () => true));
    }
  }
}

const hasReason = (alert: SeenAlert, kind: string, isFrom: (member: string | undefined) => boolean): boolean =>
  alert.reasons.some((reason) => reason.kind === kind && isFrom(reason.member));

async function isUntouched({ stage }: PlayParts, identifier: string): Promise<boolean> {
  for (const member of stage.members) {
    // A supervisor sees every alert of the member, whoever is told of it.
    if ((await stage.officer(member, 'supervisor').alertsAbout(identifier)).length > 0) return false;
    if ((await stage.officer(member, 'analyst').listedBy(identifier)).length > 0) return false;
  }
  return true;
}

/** With each part's name and identifier, so that whoever watches can look it up at the desks. */
const namedIn = (text: string, parts: Cast): string =>
  text.replace(/\{([a-z-]+)\}/g, (braced, name: string) => `${name} (${cast(braced, parts)})`);

/** An expectation for whoever watches. */
function inWords(expectation: Expectation): string {
  switch (expectation.kind) {
    case 'advice':
      return `the answer about ${expectation.identifier} is ${expectation.advice}`;
    case 'listed':
      return `${expectation.member} knows that ${expectation.identifier} is listed by ${expectation.by.join(', ')}`;
    case 'alert': {
      const { member, officer, subject, reason, from, state } = expectation;
      const told = from === undefined ? '' : `, told by ${from}`;
      return `${officer} of ${member} is alerted to ${subject}: ${reason}${told}${state === undefined ? '' : `, ${state}`}`;
    }
    case 'told':
      return `${expectation.to.institution} of ${expectation.to.member} is told of ${expectation.subject}: ${expectation.reason}`;
    default:
      return `nobody is alerted to ${expectation.identifier}, and nobody lists it`;
  }
}
