import { openClient, type Client } from '@bronze-drum/client/client';
import type { ActivityStream } from '@bronze-drum/client/activity';
import type { OrderFollowing } from '@bronze-drum/client/orders';
import type { Runtime } from '@bronze-drum/client/runtime';
import { ClientRefused, type Trouble } from '@bronze-drum/client/trouble';
import type { ActivityKind, ActivityRecord } from '@bronze-drum/protocol/activity/kinds';
import type { LiveServer } from './servers.ts';

/** One institution, as its server knows it. */
export interface Speaker {
  readonly member: string;
  readonly institution: string;
  /** The strongest advice for any of these; undefined without an answer in time. */
  ask(identifiers: readonly string[]): Promise<string | undefined>;
  /** False if the server has been away for so long that there is no room for more. */
  report(kind: ActivityKind, record: ActivityRecord): boolean;
  /** Deals with its orders until the signal aborts; never rejects. */
  obey(ended: AbortSignal, desk: OrderDesk): Promise<void>;
  close(): Promise<number>;
}

/** Who deals with orders at an institution; what is left undone is for somebody else. */
export type OrderDesk = Pick<Required<OrderFollowing>, 'handle' | 'release'>;

const waitingMax = 20_000;
const closingMs = 3_000;
/** Orders come by the stream; so often it looks whether one was missed. */
const lookMs = 15_000;
const strongestFirst = ['block', 'hold', 'challenge', 'watch', 'clear'];

export function openSpeaker(
  server: LiveServer,
  { institution, key }: LiveServer['institutions'][number],
  runtime: Runtime,
  onTrouble: (trouble: Trouble) => void,
): Speaker {
  const { member, url } = server;
  const client: Client = openClient({ server: url, key, runtime, country: member.toUpperCase(), onTrouble });
  const streams = new Map<ActivityKind, ActivityStream<ActivityKind>>();

  function streamOf(kind: ActivityKind): ActivityStream<ActivityKind> {
    const known = streams.get(kind);
    if (known !== undefined) return known;
    const opened = client.activity(kind, { waitingMax });
    streams.set(kind, opened);
    return opened;
  }

  return {
    member,
    institution,
    async ask(identifiers) {
      try {
        const { results } = await client.screen(identifiers);
        const advices = results.flatMap((result) => ('advice' in result ? [result.advice as string] : []));
        return strongestFirst.find((advice) => advices.includes(advice));
      } catch {
        // The client has told of it. A payment does not wait for a server that is away.
        return undefined;
      }
    },
    report(kind, record) {
      const stream = streamOf(kind);
      if (stream.counts().waiting >= waitingMax - 1) return false;
      // Refused only if the server has stopped this institution, which the client has told.
      stream.add(record).catch(() => undefined);
      return true;
    },
    async obey(ended, desk) {
      try {
        await client.orders.follow({ ...desk, signal: ended, pollMs: lookMs });
      } catch (error) {
        if (!(error instanceof ClientRefused)) throw error;
        onTrouble({ what: 'orders', error, failures: 1 });
      }
    },
    async close() {
      const { unacknowledged } = await client.close({ withinMs: closingMs });
      return unacknowledged;
    },
  };
}
