import type { Access } from '../access/access.ts';
import { openLoop } from '../platform/loops.ts';
import { openPrefixes } from './prefixes.ts';

/** Which institution serves which identifiers, in memory. */
export interface Serving {
  /** Of a key: the institutions whose customer it is; an operator and a bank may both serve one number. */
  servedBy(key: string): readonly string[];
  close(): Promise<void>;
}

const none: readonly string[] = [];

export async function openServing(
  access: Pick<Access, 'serving' | 'onInstitutions'>,
  onError: (error: unknown) => void,
): Promise<Serving> {
  let prefixes = openPrefixes<string>();
  const read = async (): Promise<void> => {
    const fresh = openPrefixes<string>();
    for (const { id, serves } of await access.serving()) for (const prefix of serves) fresh.add(prefix, id);
    prefixes = fresh;
  };
  const loop = openLoop(read, { onError });
  access.onInstitutions(loop.wake);
  await loop.run();
  return {
    servedBy(key) {
      if (!key.startsWith('account:') && !key.startsWith('phone:')) return none;
      const found = prefixes.covering(key);
      return found.length < 2 ? found : [...new Set(found)];
    },
    close: loop.close,
  };
}
