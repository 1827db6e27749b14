import type { Hints } from '@bronze-drum/protocol/identifiers/identifier';
import type { Refusal } from '@bronze-drum/protocol/refusals';
import type { Tier, Typology } from '@bronze-drum/protocol/statements/listing';
import { untilAnswered, type Retrying } from './retrying.ts';
import { ClientOutage, ClientRefused } from './trouble.ts';
import type { Wire } from './wire.ts';

/** What to ask about: any usual spelling or a key, with what is known besides. */
export type ScreenItem = string | ({ readonly identifier: string } & Hints);

/** What the member's policy recommends, strongest first. */
export type Advice = 'block' | 'hold' | 'challenge' | 'watch' | 'clear';

export interface Screened {
  /** The key: the same for all spellings. */
  readonly identifier: string;
  readonly advice: Advice;
  /** How strong the evidence is, strongest first. */
  readonly tiers: readonly Tier[];
  readonly typologies: readonly Typology[];
  /** Who lists it. */
  readonly members: readonly string[];
  /** Whether it is listed itself, or its host, a domain above it, or a range around it; `key` is that one. */
  readonly match?: { readonly kind: 'exact' | 'host' | 'domain' | 'prefix'; readonly key?: string };
  readonly since?: string;
  readonly until?: string;
  /** What to cite in a question or an appeal. */
  readonly reference?: string;
  /** Told to officers alone. */
  readonly discreet?: boolean;
}

export interface ScreenAnswers {
  /** The instant for which this is true; of the first call, if it took several. */
  readonly now: string;
  /** In the order of the items. One that cannot be read is refused in its place. */
  readonly results: readonly (Screened | Refusal)[];
}

export interface ScreenOptions {
  /** How long a call of up to 10,000 items may take with its repetitions; 2,000 by default, since a payment waits. */
  readonly withinMs?: number;
  readonly signal?: AbortSignal;
}

const usualWithinMs = 2000;
const itemsMax = 10_000;

/**
 * What is known of these identifiers. More than 10,000 take several calls, one after the other. Throws ClientRefused, or
 * ClientOutage when there was no answer in time: what a payment does then, the institution decides.
 */
export async function screen(
  wire: Wire,
  items: readonly ScreenItem[],
  options: ScreenOptions,
  retrying: Retrying,
): Promise<ScreenAnswers> {
  if (items.length === 0) throw new ClientRefused({ refused: 'client.nothing-asked' });
  const answers: ScreenAnswers[] = [];
  for (let from = 0; from < items.length; from += itemsMax) {
    answers.push(await screenPart(wire, items.slice(from, from + itemsMax), options, retrying));
  }
  return answers.length === 1
    ? answers[0]!
    : { now: answers[0]!.now, results: answers.flatMap(({ results }) => results) };
}

async function screenPart(
  wire: Wire,
  items: readonly ScreenItem[],
  options: ScreenOptions,
  retrying: Retrying,
): Promise<ScreenAnswers> {
  const { runtime, ended } = retrying;
  const endsAtMs = runtime.now() + (options.withinMs ?? usualWithinMs);
  const leftMs = (): number => endsAtMs - runtime.now();
  const body = JSON.stringify({ identifiers: items });
  try {
    return await untilAnswered(
      async () =>
        readAnswers(await wire.call('POST', '/v1/screen', { body, ended, msMax: Math.max(1, leftMs()) }), items),
      // Too many calls will still be too many within a payment's time.
      { ...retrying, isWorthIt: (error, nextMs) => error instanceof ClientOutage && nextMs < leftMs() },
    );
  } catch (error) {
    // Identifiers of unusual length can be too much for one call.
    if (!(error instanceof ClientRefused && error.status === 413) || items.length === 1) throw error;
    const half = Math.ceil(items.length / 2);
    const first = await screenPart(wire, items.slice(0, half), options, retrying);
    const second = await screenPart(wire, items.slice(half), options, retrying);
    return { now: first.now, results: [...first.results, ...second.results] };
  }
}

function readAnswers(answer: unknown, items: readonly unknown[]): ScreenAnswers {
  const { now, results } = (answer ?? {}) as { now?: unknown; results?: unknown };
  const isWhole =
    typeof now === 'string' &&
    Array.isArray(results) &&
    results.length === items.length &&
    results.every((one: unknown) => isScreened(one) || isRefused(one));
  if (!isWhole) throw new ClientOutage('unreadable', 200);
  return { now, results: results as ScreenAnswers['results'] };
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const isRefused = (value: unknown): boolean => isObject(value) && typeof value['refused'] === 'string';

/** An advice that this library does not know is no advice that a payment may go by. */
function isScreened(value: unknown): boolean {
  return (
    isObject(value) &&
    typeof value['identifier'] === 'string' &&
    ['block', 'hold', 'challenge', 'watch', 'clear'].includes(value['advice'] as string)
  );
}
