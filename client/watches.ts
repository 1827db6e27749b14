import { queryOf, readFields, type Wire } from './wire.ts';

export interface NewWatch {
  /** A key; the beginning of keys and `*`; a range such as `ip:203.0.113.0/24`; a domain stands for all below it. */
  readonly pattern: string;
  readonly delivery?: 'now' | 'digest';
  /** A year from now at the most, which is what it is by default. */
  readonly until?: string;
  readonly note?: string;
}

export interface Watch extends Required<NewWatch> {
  readonly id: string;
  readonly createdAt: string;
}

export interface WatchPage {
  readonly watches: readonly Watch[];
  /** Absent on the last page. */
  readonly next?: string;
}

/** What the institution wishes to hear of. Each call is tried once. */
export interface Watches {
  add(watch: NewWatch): Promise<Watch>;
  list(query?: { readonly after?: string; readonly limit?: number }): Promise<WatchPage>;
  remove(id: string): Promise<void>;
}

export function openWatches(wire: Wire, ended: AbortSignal): Watches {
  return {
    async add(watch) {
      const answer = await wire.call('POST', '/v1/watches', { body: JSON.stringify(watch), ended });
      return readFields<Watch>(answer, { id: isText });
    },
    async list(query = {}) {
      const answer = await wire.call('GET', `/v1/watches${queryOf({ ...query })}`, { ended });
      return readFields<WatchPage>(answer, { watches: Array.isArray });
    },
    async remove(id) {
      await wire.call('DELETE', `/v1/watches/${encodeURIComponent(id)}`, { ended });
    },
  };
}

const isText = (value: unknown): boolean => typeof value === 'string';
