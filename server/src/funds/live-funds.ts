import type { Actor } from '../kernel/actor.ts';
import { instantText, type Clock } from '../kernel/clock.ts';
import type { Db } from '../platform/db.ts';
import type { Live, LiveChange, LiveMessage, LiveTopic } from '../platform/live.ts';
import { openLoop } from '../platform/loops.ts';
import { stateAt } from './hold-rules.ts';
import { holdChanges, traceChanges, type ChangedHold, type ChangedTrace, type Changes } from './live-store.ts';

const atOnce = 500;
/** A change whose transaction was under way when the others were numbered is not forgotten. */
const pollMs = 2000;

export interface LiveFunds {
  /** Says, after a commit, that traces or holds changed. */
  tracesChanged(): void;
  holdsChanged(): void;
  close(): Promise<void>;
}

export interface LiveFundsParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly live: Pick<Live, 'topic'>;
  readonly onError: (error: unknown) => void;
}

/**
 * Tells on `/v1/stream`, to officers who may read them, how traces and holds stand: figures and states, no account. What
 * changed is numbered after its commit, by one loop for each: numbers become visible in their order without a lock.
 */
export function openLiveFunds({ db, clock, live, onError }: LiveFundsParts): LiveFunds {
  const follow = <Row extends { readonly id: string; readonly change: number }>(
    name: string,
    changes: Changes<Row>,
    rankOf: (row: Row) => number,
    message: (row: Row) => LiveMessage,
  ) => {
    const changeOf = (item: Row): LiveChange<Row> => ({ number: item.change, rank: rankOf(item), item });
    const topic = live.topic<Row>({
      name,
      newest: () => changes.newest(db),
      read: async (after, limit) => (await changes.read(db, after, limit)).map(changeOf),
      present: (viewer, row) => (mayHear(viewer) ? message(row) : undefined),
      subjectOf: (row) => row.id,
      audienceOf: (viewer) => (mayHear(viewer) ? 'officers' : 'nobody'),
    } satisfies LiveTopic<Row>);
    const loop = openLoop(
      async () => {
        for (let count = atOnce; count === atOnce;) {
          const rows = await changes.number(db, atOnce);
          topic.publish(rows.map(changeOf));
          count = rows.length;
        }
      },
      { onError, pollMs },
    );
    loop.wake();
    return loop;
  };

  const traces = follow(
    'traces',
    traceChanges,
    ({ summary }) => (summary.state === 'open' ? 2 : 4),
    ({ id, change, summary }: ChangedTrace) => {
      const { state, amount, held, seized, returned, open, lost } = summary;
      const told = { id, change, state, amount, held, seized, returned, open, lost };
      return { event: 'trace', data: JSON.stringify(told) };
    },
  );
  const holds = follow(
    'holds',
    holdChanges,
    ({ endedAtMs }) => (endedAtMs === null ? 2 : 3),
    ({ id, change, trace, untilMs, ...row }: ChangedHold) => {
      const expiresAt = untilMs === null ? null : instantText(untilMs);
      const state = stateAt({ ...row, untilMs }, clock.now());
      return { event: 'hold', data: JSON.stringify({ id, change, state, trace, expiresAt }) };
    },
  );
  return {
    tracesChanged: traces.wake,
    holdsChanged: holds.wake,
    async close() {
      await traces.close();
      await holds.close();
    },
  };
}

const mayHear = (viewer: Actor): boolean => viewer.kind === 'officer' && viewer.permissions.has('funds.read');
