import { openJsonEvents } from './json-events.ts';
import { openPlaces } from './places.ts';
import { isObject, openValue } from './value.ts';
import type { JsonObject } from './value.ts';

export interface DocumentOptions {
  /** Paths of the elements that are handed over whole, such as `objects[]` or `response[].Event.Attribute[]`. */
  readonly elements: ReadonlySet<string>;
  /** One element, or undefined when it was too large to hold. */
  readonly onElement: (value: JsonObject | undefined, path: string) => void;
  /** Something in an element's place that is no object. */
  readonly onStray: () => void;
  /** Nothing after this can be read: malformed or too deep, or nowhere a place for elements. The last call. */
  readonly onBroken: (code: 'feed.json' | 'feed.json.shape') => void;
}

export interface JsonDocument {
  readonly push: (bytes: Uint8Array) => void;
  readonly end: () => void;
}

const depthMax = 64;

/**
 * Reads a JSON document of any size for the elements at certain paths, in flat memory whatever it holds: texts,
 * elements and depth are bounded, and the rest is never kept.
 */
export function openDocument({ elements, onElement, onStray, onBroken }: DocumentOptions): JsonDocument {
  const places = openPlaces(elements);
  const value = openValue();
  let element: string | undefined;
  let started = false;
  let tooDeep = false;
  let reported = false;
  // Told only once an object has closed after them, because events are certain only up to there.
  let strays = 0;

  function tellStrays(): void {
    for (; strays > 0; strays--) onStray();
  }

  function finish(object: boolean): boolean {
    if (object) tellStrays();
    if (element === undefined || value.depth > 0) return true;
    const path = element;
    element = undefined;
    const whole = value.take();
    if (!object) strays++;
    else onElement(isObject(whole) ? whole : undefined, path);
    return true;
  }

  const events = openJsonEvents({
    open(array) {
      started = true;
      tooDeep = places.depth + value.depth >= depthMax;
      element ??= places.element();
      if (element === undefined) places.enter(array);
      else value.open(array);
      return !tooDeep;
    },
    close(array) {
      if (element === undefined) places.leave();
      else value.close();
      return finish(!array);
    },
    key(text) {
      if (element === undefined) places.key(text);
      else value.key(text);
      return true;
    },
    scalar(one) {
      started = true;
      element ??= places.element();
      if (element !== undefined) value.scalar(one);
      return finish(false);
    },
  });

  function report(code: Parameters<typeof onBroken>[0]): void {
    if (!reported) onBroken(code);
    reported = true;
  }

  function check(): void {
    if (events.malformed || tooDeep) report('feed.json');
  }

  return {
    push(bytes) {
      events.push(bytes);
      check();
    },
    end() {
      events.end();
      check();
      if (reported) return;
      if (!started || places.depth > 0 || element !== undefined) report('feed.json');
      else if (!places.found) report('feed.json.shape');
      else tellStrays();
    },
  };
}
