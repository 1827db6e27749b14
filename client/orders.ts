import {
  orderText,
  type OfficeKey,
  type Order,
  type OrderKind,
  type OrderOutcome,
  type OrderState,
} from '@bronze-drum/protocol/orders';
import type { StreamEvent, StreamOptions } from './following.ts';
import { pauseUnless, untilAnswered, type Retrying } from './retrying.ts';
import { ClientOutage, ClientRefused, isPassing } from './trouble.ts';
import { queryOf, readFields, type Wire } from './wire.ts';

export interface OrderQuery {
  readonly state?: OrderState;
  readonly kind?: OrderKind;
  /** A key. */
  readonly subject?: string;
  readonly institution?: string;
  /** Only what should have been answered by now. */
  readonly overdue?: boolean;
  /** Only what the institution is to answer, or to confirm. */
  readonly waits?: boolean;
  /** The last page's `next`. */
  readonly after?: string;
  /** At most 200; 50 by default. */
  readonly limit?: number;
}

export interface OrderPage {
  readonly orders: readonly Order[];
  /** Absent on the last page. */
  readonly next?: string;
}

export interface OrderDetails {
  readonly order: Order;
  readonly outcome?: OrderOutcome;
  readonly answeredAt?: string;
  readonly answeredRevision?: number;
  readonly reminders: number;
  readonly lateAt?: string;
  /** What it is for; officers only. */
  readonly reference?: string;
  readonly history: readonly {
    readonly at: string;
    readonly actor: string;
    readonly what: string;
    readonly details: Readonly<Record<string, unknown>>;
  }[];
}

export interface OutcomeReport {
  readonly answered: number;
  readonly refused: number;
  readonly skipped: number;
  readonly results: readonly {
    /** Of the file, with its head as the first. */
    readonly row: number;
    readonly id?: string;
    readonly state: 'answered' | 'refused' | 'skipped';
    readonly order?: OrderState;
    readonly refused?: string;
    readonly params?: Readonly<Record<string, string | number | boolean>>;
  }[];
}

export interface OrderFollowing {
  /**
   * Carries out an order, and says what was done; undefined: not yet, and it is given again. At least once: the same revision may
   * come again after a failure. Only what an office signed is given. What it throws ends the following.
   */
  handle(order: Order): Promise<OrderOutcome | undefined> | OrderOutcome | undefined;
  /** Undoes what was done for an order that has ended; false: not yet. Without it ends are not confirmed. */
  release?(order: Order): Promise<boolean | void> | boolean | void;
  readonly signal?: AbortSignal;
  /** How long after one look comes the next at the latest; 5,000 by default. What happens meanwhile comes by the stream. */
  readonly pollMs?: number;
}

/** What the institution is told to carry out. Each call is tried once, but for `follow`. */
export interface Orders {
  /** The newest first. */
  list(query?: OrderQuery): Promise<OrderPage>;
  get(id: string): Promise<OrderDetails>;
  /** Says what was done; to say the same again is safe. */
  answer(id: string, outcome: OrderOutcome): Promise<Order>;
  /** Says that the end of an order was carried out; to say it again is safe. */
  confirm(id: string): Promise<Order>;
  /** The same as `answer` for each row of a CSV file. */
  answerSheet(csv: string): Promise<OutcomeReport>;
  /** The keys of every office that has issued an order, for `verifyOrder`. */
  keys(): Promise<readonly OfficeKey[]>;
  /**
   * Hands over what waits for the institution, the oldest first, and what comes, until the signal aborts or the client is closed;
   * through lost connections and restarts. Rejects with what `handle` throws, or with a refusal that will not pass.
   */
  follow(following: OrderFollowing): Promise<void>;
}

/** Whether the office that an order names signed it as it stands. It asks nobody: an order can be checked anywhere, at any time. */
export async function verifyOrder(order: Order, keys: readonly OfficeKey[]): Promise<boolean> {
  const known = keys.filter(({ office, algorithm }) => office === order.office && algorithm === 'Ed25519');
  const text = new TextEncoder().encode(orderText(order));
  for (const { publicKey } of known) {
    try {
      const key = await crypto.subtle.importKey('raw', bytesOf(publicKey), 'Ed25519', false, ['verify']);
      if (await crypto.subtle.verify('Ed25519', key, bytesOf(order.signature), text)) return true;
    } catch {
      // What is no key or no signature verifies nothing.
    }
  }
  return false;
}

const bytesOf = (base64url: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.fromBase64(base64url, { alphabet: 'base64url' });

interface OrdersParts {
  readonly wire: Wire;
  readonly ended: AbortSignal;
  stream(options?: StreamOptions): AsyncIterable<StreamEvent>;
  retrying(what: string, signal: AbortSignal | undefined): Retrying;
}

const pageOrders = 200;
const pollMsUsual = 5000;

export function openOrders(parts: OrdersParts): Orders {
  const { wire } = parts;
  const place = (id: string): string => `/v1/orders/${encodeURIComponent(id)}`;
  const isText = (value: unknown): boolean => typeof value === 'string';

  const within = (ended: AbortSignal) => ({
    list: async (query: OrderQuery = {}): Promise<OrderPage> =>
      readFields<OrderPage>(await wire.call('GET', `/v1/orders${queryOf({ ...query })}`, { ended }), {
        orders: Array.isArray,
      }),
    answer: async (id: string, outcome: OrderOutcome): Promise<Order> =>
      readFields<Order>(await wire.call('POST', `${place(id)}/outcome`, { ended, body: JSON.stringify(outcome) }), {
        id: isText,
        state: isText,
      }),
    confirm: async (id: string): Promise<Order> =>
      readFields<Order>(await wire.call('POST', `${place(id)}/confirm`, { ended }), { id: isText, state: isText }),
    keys: async (): Promise<readonly OfficeKey[]> =>
      readFields<{ keys: readonly OfficeKey[] }>(await wire.call('GET', '/v1/orders/keys', { ended }), {
        keys: Array.isArray,
      }).keys,
  });

  return {
    ...within(parts.ended),
    get: async (id) =>
      readFields<OrderDetails>(await wire.call('GET', place(id), { ended: parts.ended }), { history: Array.isArray }),
    answerSheet: async (csv) =>
      readFields<OutcomeReport>(
        await wire.call('POST', '/v1/orders/outcomes', { ended: parts.ended, body: csv, contentType: 'text/csv' }),
        { results: Array.isArray },
      ),
    follow: (following) => {
      const how = parts.retrying('orders', following.signal);
      return followOrders(following, { ...how, calls: within(how.ended), stream: parts.stream });
    },
  };
}

interface Work extends Retrying {
  readonly calls: Pick<Orders, 'list' | 'answer' | 'confirm' | 'keys'>;
  readonly stream: OrdersParts['stream'];
}

async function followOrders(following: OrderFollowing, work: Work): Promise<void> {
  const { runtime, ended, calls } = work;
  const listening = new AbortController();
  const wakes = listen(work, AbortSignal.any([ended, listening.signal]));
  let keys: readonly OfficeKey[] = [];

  async function isSigned(order: Order): Promise<boolean> {
    if (await verifyOrder(order, keys)) return true;
    keys = await untilAnswered(calls.keys, work);
    return verifyOrder(order, keys);
  }

  /** What the server refuses of one order does not keep the others waiting. */
  async function settle(send: () => Promise<unknown>): Promise<void> {
    try {
      await untilAnswered(send, work);
    } catch (error) {
      if (ended.aborted || !(error instanceof ClientRefused) || error.status === 401 || error.status === 403)
        throw error;
      work.tell({ what: work.what, error, failures: 1 });
    }
  }

  async function deal(order: Order): Promise<void> {
    if (!(await isSigned(order))) {
      work.tell({ what: work.what, error: new ClientRefused({ refused: 'client.order-signature' }), failures: 1 });
      return;
    }
    if (order.state === 'ended') {
      if (following.release === undefined || (await following.release(order)) === false) return;
      await settle(() => calls.confirm(order.id));
      return;
    }
    const outcome = await following.handle(order);
    if (outcome !== undefined) await settle(() => calls.answer(order.id, { ...outcome, revision: order.revision }));
  }

  try {
    while (!ended.aborted) {
      const seen = wakes.count();
      for (const order of (await readWaiting(work)).reverse()) {
        if (ended.aborted) return;
        await deal(order);
      }
      if (wakes.count() === seen) await wakes.wait(following.pollMs ?? pollMsUsual);
    }
  } catch (error) {
    if (!ended.aborted) throw error;
  } finally {
    listening.abort();
  }

  /** Everything that waits, the newest first. */
  async function readWaiting({ calls: { list } }: Work): Promise<Order[]> {
    const waiting = new Map<string, Order>();
    let after: string | undefined;
    do {
      const query: OrderQuery = { waits: true, limit: pageOrders, ...(after !== undefined && { after }) };
      const page = await untilAnswered(() => list(query), work);
      for (const order of page.orders) waiting.set(order.id, order);
      after = page.next;
    } while (after !== undefined);
    return [...waiting.values()];
  }

  /** Hears on the stream that something changed; it wakes and nothing more, so nothing is lost with it. */
  function listen({ stream }: Work, signal: AbortSignal) {
    let count = 0;
    let woken = Promise.withResolvers<void>();
    const wake = (): void => {
      count += 1;
      woken.resolve();
      woken = Promise.withResolvers<void>();
    };
    void (async () => {
      for await (const { event, data } of stream({ signal })) {
        const isOrders = event === 'more' && (data as { topic?: unknown } | null)?.topic === 'orders';
        if (event === 'order' || isOrders) wake();
      }
    })().catch((error: unknown) => {
      if (!signal.aborted && (isPassing(error) || error instanceof ClientRefused || error instanceof ClientOutage))
        work.tell({ what: 'stream', error, failures: 1 });
    });
    return {
      count: () => count,
      async wait(durationMs: number): Promise<void> {
        const over = new AbortController();
        const late = pauseUnless(runtime, durationMs, AbortSignal.any([ended, over.signal]));
        await Promise.race([woken.promise, late]);
        over.abort();
      },
    };
  }
}
