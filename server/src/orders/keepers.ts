import type { Access, Serving } from '../access/access.ts';
import { openLoop } from '../platform/loops.ts';

/** Who keeps which accounts and numbers, in memory. */
export interface Keepers {
  /** Active institutions that serve the longest beginning of a key; one, unless two serve the same. */
  of(key: string): readonly string[];
  isActive(institution: string): boolean;
  /** Resolves once every change that was made before is known. */
  fresh(): Promise<void>;
  close(): Promise<void>;
}

export async function openKeepers(
  access: Pick<Access, 'serving' | 'onInstitutions'>,
  onError: (error: unknown) => void,
): Promise<Keepers> {
  let known = indexOf([]);
  let changes = 0;
  let readAt = -1;
  const loop = openLoop(
    async () => {
      const reading = changes;
      known = indexOf(await access.serving());
      readAt = reading;
    },
    { onError },
  );
  access.onInstitutions(() => {
    changes += 1;
    loop.wake();
  });
  await loop.run();
  return {
    of: (key) => known.of(key),
    isActive: (institution) => known.ids.has(institution),
    async fresh() {
      if (readAt !== changes) await loop.run();
    },
    close: loop.close,
  };
}

function indexOf(serving: readonly Serving[]) {
  const byPrefix = new Map<string, string[]>();
  for (const { id, serves } of serving) {
    for (const prefix of serves) {
      const ids = byPrefix.get(prefix) ?? [];
      if (!ids.includes(id)) ids.push(id);
      byPrefix.set(prefix, ids);
    }
  }
  const lengths = [...new Set(Array.from(byPrefix.keys(), ({ length }) => length))].sort((a, b) => b - a);
  return {
    ids: new Set(serving.map(({ id }) => id)),
    of(key: string): readonly string[] {
      for (const length of lengths) {
        const ids = length <= key.length ? byPrefix.get(key.slice(0, length)) : undefined;
        if (ids !== undefined) return ids;
      }
      return [];
    },
  };
}
