import type { Actor } from '../kernel/actor.ts';
import type { Tx } from '../platform/db.ts';
import type { Live } from '../platform/live.ts';
import type { Permission } from '@bronze-drum/protocol/roles';
import type { ApprovalState } from './rules.ts';

/** What became of a proposal, and whose business it is. What it is about is personal data, and not told. */
export interface ApprovalChange {
  readonly id: string;
  readonly state: ApprovalState;
  readonly proposer: string;
  readonly permission: Permission;
}

/** Tells at once what waits for a second person and how it ended, so that no desk has to ask again and again. */
export interface ApprovalNews {
  /** Told when the transaction is committed. */
  tell(tx: Tx, change: ApprovalChange): void;
  /** On the streams as the event `approval` {id, state}, to the proposer and whoever may decide. Before the first stream. */
  tellOn(live: Live): void;
}

export function openApprovalNews(): ApprovalNews {
  let publish: (change: ApprovalChange) => void = () => undefined;
  return {
    tell: (tx, change) => tx.afterCommit(() => publish(change)),
    tellOn(live) {
      let number = 0;
      const topic = live.topic<ApprovalChange>({
        name: 'approvals',
        // It only says when to read again: whoever comes back reads the lists anyway.
        newest: async () => 0,
        read: async () => [],
        present: (viewer, change) =>
          isTheirs(viewer, change)
            ? { event: 'approval', data: JSON.stringify({ id: change.id, state: change.state }) }
            : undefined,
        subjectOf: ({ id }) => id,
      });
      publish = (change) => {
        number += 1;
        topic.publish([{ number, rank: 2, item: change }]);
      };
    },
  };
}

const isTheirs = (viewer: Actor, { proposer, permission }: ApprovalChange): boolean =>
  viewer.kind === 'officer' && (viewer.officer === proposer || viewer.permissions.has(permission));
