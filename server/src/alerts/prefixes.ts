/** Values by how a text begins. A look-up costs one step for each length that occurs. */
export interface Prefixes<Value> {
  add(prefix: string, value: Value): void;
  remove(prefix: string, value: Value): void;
  /** The values of every prefix of a text. */
  covering(text: string): Value[];
}

export function openPrefixes<Value>(): Prefixes<Value> {
  const byLength = new Map<number, Map<string, Set<Value>>>();
  return {
    add(prefix, value) {
      let ofLength = byLength.get(prefix.length);
      if (ofLength === undefined) byLength.set(prefix.length, (ofLength = new Map()));
      const values = ofLength.get(prefix);
      if (values === undefined) ofLength.set(prefix, new Set([value]));
      else values.add(value);
    },
    remove(prefix, value) {
      const ofLength = byLength.get(prefix.length);
      const values = ofLength?.get(prefix);
      if (ofLength === undefined || values?.delete(value) !== true || values.size > 0) return;
      ofLength.delete(prefix);
      if (ofLength.size === 0) byLength.delete(prefix.length);
    },
    covering(text) {
      const found: Value[] = [];
      for (const [length, ofLength] of byLength) {
        if (length > text.length) continue;
        const values = ofLength.get(text.slice(0, length));
        if (values !== undefined) found.push(...values);
      }
      return found;
    },
  };
}
