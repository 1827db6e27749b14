import type { Actor } from '../kernel/actor.ts';
import type { Db } from '../platform/db.ts';
import type { Live, LiveChange, LiveTopic } from '../platform/live.ts';
import { openLoop } from '../platform/loops.ts';
import type { OrderRow } from './record.ts';
import { rankOf } from './rules.ts';
import { newestChange, numberChanges, orderOf, readChanges } from './store.ts';

const atOnce = 500;
/** A change whose transaction was under way when the others were numbered is not forgotten. */
const pollMs = 2000;

const changeOf = (row: OrderRow): LiveChange<OrderRow> => ({
  number: row.change!,
  rank: rankOf(row.kind),
  item: row,
});

function ordersTopic(db: Db): LiveTopic<OrderRow> {
  return {
    name: 'orders',
    newest: () => newestChange(db),
    read: async (after, limit) => (await readChanges(db, after, limit)).map(changeOf),
    present: (viewer, row) =>
      mayHear(viewer, row.institution) ? { event: 'order', data: JSON.stringify(orderOf(row)) } : undefined,
    subjectOf: (row) => row.id,
    audienceOf(viewer) {
      if (viewer.kind === 'institution') return `institution:${viewer.institution}`;
      return mayHear(viewer, '') ? 'officers' : 'nobody';
    },
  };
}

function mayHear(viewer: Actor, institution: string): boolean {
  if (viewer.kind === 'institution')
    return viewer.institution === institution && viewer.permissions.has('orders.answer');
  return viewer.kind === 'officer' && viewer.permissions.has('orders.read');
}

/**
 * Tells orders on `/v1/stream`. What changed is numbered after its commit, by this one loop: then numbers become visible in
 * their order without a lock that every transaction with an order would wait for.
 */
export function openLiveOrders(parts: {
  readonly db: Db;
  readonly live: Pick<Live, 'topic'>;
  readonly onError: (error: unknown) => void;
}): { changed(): void; close(): Promise<void> } {
  const { db, live, onError } = parts;
  const topic = live.topic(ordersTopic(db));
  const loop = openLoop(
    async () => {
      for (let count = atOnce; count === atOnce;) {
        const rows = await numberChanges(db, atOnce);
        topic.publish(rows.map(changeOf));
        count = rows.length;
      }
    },
    { onError, pollMs },
  );
  loop.wake();
  return { changed: loop.wake, close: loop.close };
}
