import type { ActivityKind } from '@bronze-drum/protocol/activity/kinds';
import type { AlertKind } from '@bronze-drum/protocol/alerts';

/**
 * A scripted scenario as data: what happens, who does it, and what must follow. Texts in braces, such as `{mule}`, stand for
 * identifiers of the cast. What a step expects is both what the audience is shown and what a test checks.
 */
export interface Story {
  readonly id: string;
  readonly title: string;
  readonly steps: readonly Step[];
}

export interface Step {
  readonly id: string;
  /** Seconds before (below zero) or after the moment when the money leaves. */
  readonly at: number;
  /** What happens, for whoever watches. */
  readonly says: string;
  readonly does: Deed;
  readonly expects?: readonly Expectation[];
}

/** An institution of a member, by its kind and its place among those of that kind: `th bank 1`. */
export interface InstitutionPart {
  readonly member: string;
  readonly institution: string;
}
export interface OfficerPart {
  readonly member: string;
  readonly officer: string;
}

export type Deed =
  | { readonly kind: 'screen'; readonly by: InstitutionPart; readonly identifiers: readonly string[] }
  | {
      readonly kind: 'report';
      readonly by: InstitutionPart;
      readonly activity: ActivityKind;
      /** A record without its `id`, and without `at` where it is this very moment. */
      readonly record: Readonly<Record<string, unknown>>;
    }
  | { readonly kind: 'list'; readonly by: OfficerPart; readonly listing: Readonly<Record<string, unknown>> }
  | { readonly kind: 'take'; readonly by: OfficerPart; readonly subject: string }
  | { readonly kind: 'nothing' };

export type Expectation =
  /** What the screening of this very step answered. */
  | { readonly kind: 'advice'; readonly identifier: string; readonly advice: string }
  /** What a member's server answers an officer now, or within the time that a statement takes. */
  | { readonly kind: 'listed'; readonly member: string; readonly identifier: string; readonly by: readonly string[] }
  /** An alert that an officer sees. */
  | {
      readonly kind: 'alert';
      readonly member: string;
      readonly officer: string;
      readonly subject: string;
      readonly reason: AlertKind;
      /** Which member told of it; absent where it was found at home. */
      readonly from?: string;
      readonly state?: string;
    }
  /** An alert that an institution is told. */
  | { readonly kind: 'told'; readonly to: InstitutionPart; readonly subject: string; readonly reason: AlertKind }
  /** Whoever is innocent stays out of it: no alert, and no listing, at any member of the story. */
  | { readonly kind: 'untouched'; readonly identifier: string };

/** The identifiers of a story's parts, by the names that it uses in braces. */
export type Cast = Readonly<Record<string, string>>;

/** A text of the story with the identifiers of the cast in it. */
export function cast(text: string, parts: Cast): string {
  return text.replace(/\{([a-z-]+)\}/g, (_, name: string) => {
    const part = parts[name];
    if (part === undefined) throw new Error(`the story has no part named ${name}`);
    return part;
  });
}

/** A record or listing of the story with the identifiers of the cast in all its texts. */
export function castAll<T>(value: T, parts: Cast): T {
  if (typeof value === 'string') return cast(value, parts) as T;
  if (Array.isArray(value)) return value.map((item: unknown) => castAll(item, parts)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, castAll(item, parts)])) as T;
}
