import type { Deed } from './deeds.ts';
import type { Expectation } from './expectations.ts';

/**
 * A scripted scenario as data: what happens, who does it, and what must follow. Texts in braces, such as `{mule}`, stand for
 * identifiers of the cast, `{at-she-pays}` for the instant at which that step was played, `{now}` for this one. What a step
 * expects is both what the audience is shown and what a test checks.
 */
export interface Story {
  readonly id: string;
  readonly title: string;
  readonly steps: readonly Step[];
  /** What is said in place of the virtual steps, where time cannot be advanced. */
  readonly closing?: string;
}

export interface Step {
  readonly id: string;
  /** Seconds before (below zero) or after the moment when the money leaves. */
  readonly at: number;
  /** Hours or weeks later: it is only played where time can be advanced. */
  readonly virtual?: true;
  /** What happens, for whoever watches. */
  readonly says: string;
  readonly does: Deed;
  readonly expects?: readonly Expectation[];
}

/** The members whose servers a story is played on. */
export function membersOf({ steps }: Story): string[] {
  const named = steps.flatMap(({ does, expects = [] }) => [
    ...('by' in does ? [does.by.member] : []),
    ...('member' in does ? [does.member] : []),
    ...expects.flatMap((one) => {
      if ('member' in one) return [one.member];
      if ('by' in one && !Array.isArray(one.by)) return [(one.by as { readonly member: string }).member];
      if ('members' in one) return [...one.members];
      return 'to' in one ? [one.to.member] : [];
    }),
  ]);
  return [...new Set(named)].sort();
}
