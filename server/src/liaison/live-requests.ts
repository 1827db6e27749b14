import { actorId } from '../kernel/actor.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Db } from '../platform/db.ts';
import type { LiveTopic } from '../platform/live.ts';
import { requestOf } from './reading.ts';
import { rankOf } from './rules.ts';
import * as store from './store.ts';
import type { RequestRecord } from './store.ts';

/** The requests as a topic of `/v1/stream`, for officers who may read them: how they stand, not what they are about. */
export function liveRequests(parts: {
  readonly db: Db;
  readonly clock: Clock;
  readonly self: string;
}): LiveTopic<RequestRecord> {
  const { db, clock, self } = parts;
  return {
    name: 'requests',
    newest: () => store.newestChange(db),
    async read(after, limit) {
      const records = await store.readChanges(db, after, limit);
      return records.map((item) => ({ number: item.change, rank: rankOf(item.priority), item }));
    },
    present(viewer, item) {
      if (viewer.kind !== 'officer' || !viewer.permissions.has('liaison.read')) return undefined;
      return { event: 'request', data: JSON.stringify(requestOf(item, self, clock.now())) };
    },
    subjectOf: ({ id }) => id,
    audienceOf: (viewer) => {
      if (viewer.kind !== 'officer') return actorId(viewer);
      return viewer.permissions.has('liaison.read') ? 'readers' : 'nobody';
    },
  };
}
