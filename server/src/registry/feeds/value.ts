export type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject;

/** Has no prototype, so that `__proto__` and `constructor` are names like any other. */
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

export interface ValueBuilder {
  readonly depth: number;
  open(array: boolean): void;
  close(): void;
  key(text: string): void;
  scalar(value: string | number | boolean | null): void;
  /** The finished value, or undefined when it outgrew its limit; ready for the next one. */
  take(): JsonValue | undefined;
}

/** In characters, with a flat price for every value, so that a million empty lists are not free. */
const weightMax = 4 * 1024 * 1024;
const valueWeight = 32;

type Growing = JsonValue[] | Record<string, JsonValue>;

/** Puts one JSON value together, in bounded memory. */
export function openValue(): ValueBuilder {
  const open: Growing[] = [];
  let depth = 0;
  let weight = 0;
  let key = '';
  let root: JsonValue | undefined;

  function place(value: Growing | JsonValue, size: number): boolean {
    weight += size + key.length + valueWeight;
    if (weight > weightMax) {
      open.length = 0;
      root = undefined;
      return false;
    }
    const parent = open.at(-1);
    if (parent === undefined) root = value;
    else if (Array.isArray(parent)) parent.push(value);
    else parent[key] = value;
    key = '';
    return true;
  }

  return {
    get depth() {
      return depth;
    },
    open(array) {
      const object: Record<string, JsonValue> = { __proto__: null };
      const value: Growing = array ? [] : object;
      if (place(value, 0)) open.push(value);
      depth++;
    },
    close() {
      open.pop();
      depth--;
    },
    key(text) {
      key = text;
    },
    scalar(value) {
      place(value, typeof value === 'string' ? value.length : 0);
    },
    take() {
      const value = weight > weightMax ? undefined : root;
      weight = 0;
      root = undefined;
      open.length = 0;
      return value;
    },
  };
}

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A property's text; a missing, empty or other value is undefined. */
export function textAt(object: JsonObject, key: string): string | undefined {
  const value = object[key];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
