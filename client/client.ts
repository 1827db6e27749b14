import type { ActivityKind } from '@bronze-drum/protocol/activity/kinds';
import { openActivity, type ActivityOptions, type ActivityStream } from './activity.ts';
import { openAlerts, type Alerts } from './alerts.ts';
import { readReport, type BatchReport } from './batches.ts';
import { openEndpoints, type Endpoints } from './endpoints.ts';
import { follow, type StreamEvent, type StreamOptions } from './following.ts';
import { openOrders, type Orders } from './orders.ts';
import { untilAnswered, type Retrying } from './retrying.ts';
import { systemRuntime, type Runtime } from './runtime.ts';
import { screen, type ScreenAnswers, type ScreenItem, type ScreenOptions } from './screening.ts';
import { reportTheft, type Theft, type TheftAnswer } from './thefts.ts';
import { ClientRefused, type Trouble } from './trouble.ts';
import { openWatches, type Watches } from './watches.ts';
import { openWire } from './wire.ts';

export interface ClientOptions {
  /** The address of one member's server, such as `https://drum.example.th`. */
  readonly server: string;
  /** The institution's key, or what gives the one that is in force; asked before each request. */
  readonly key: string | (() => string | Promise<string>);
  /** An officer's tool says for what it reads; an institution need not. */
  readonly purpose?: string;
  /**
   * ISO 3166-1 alpha-2, upper case: the server's country, whose national spellings apply to what is reported. With it, a
   * record with an identifier that cannot be read is refused before it is sent; without it, the server says so.
   */
  readonly country?: string;
  readonly fetch?: typeof fetch;
  readonly runtime?: Runtime;
  /** For each request, from its beginning to the end of its answer; 30,000 by default. */
  readonly requestMsMax?: number;
  /** A stream on which nothing came for so long is opened anew; 45,000 by default: the server gives signs of life. */
  readonly silenceMsMax?: number;
  /** Hears of what goes wrong and is tried again, and of what is refused and nobody else hears of. */
  readonly onTrouble?: (trouble: Trouble) => void;
}

/**
 * How an institution speaks to a server. Whatever it refuses is a ClientRefused with a stable code; when it cannot be
 * reached, that is a ClientOutage.
 */
export interface Client {
  /** What is known of these identifiers, and what this member advises. */
  screen(items: readonly ScreenItem[], options?: ScreenOptions): Promise<ScreenAnswers>;
  /** A stream for records of one kind, with its own queue. */
  activity<Kind extends ActivityKind>(kind: Kind, options?: ActivityOptions<Kind>): ActivityStream<Kind>;
  /** Reports the payments of one pacs.008.001.10 message; tried until it is answered. */
  sendPacs008(xml: string, options?: { readonly signal?: AbortSignal }): Promise<BatchReport>;
  /** Reports a theft that a customer told of: it is traced, and what may be held at once is held. Tried until it is answered. */
  reportTheft(theft: Theft, options?: { readonly signal?: AbortSignal }): Promise<TheftAnswer>;
  /** What happens, as it happens, of every topic that the key may hear. */
  stream(options?: StreamOptions): AsyncIterable<StreamEvent>;
  readonly alerts: Alerts;
  readonly watches: Watches;
  /** What the institution is told to carry out; `verifyOrder` checks who signed it. */
  readonly orders: Orders;
  /** The institution's own endpoints to which the server sends webhooks; `verifyWebhook` reads what comes. */
  readonly webhooks: Endpoints;
  /**
   * Sends what waits in every stream of activity for at most `withinMs` (30,000 by default), then ends everything. What is
   * not acknowledged is counted here and given back by each stream's own `close`.
   */
  close(options?: { readonly withinMs?: number }): Promise<{ readonly unacknowledged: number }>;
}

const requestMsUsual = 30_000;
const silenceMsUsual = 45_000;

export function openClient(options: ClientOptions): Client {
  const { runtime = systemRuntime, onTrouble } = options;
  const ending = new AbortController();
  const ended = ending.signal;
  const wire = openWire({
    server: options.server,
    key: options.key,
    fetch: options.fetch ?? fetch,
    runtime,
    requestMsMax: options.requestMsMax ?? requestMsUsual,
    purpose: options.purpose,
  });
  // What the callback throws is its owner's to hear, and stops nothing here.
  const tell = (trouble: Trouble): void => queueMicrotask(() => onTrouble?.(trouble));
  const retrying = (what: string, signal: AbortSignal | undefined): Retrying => ({
    what,
    runtime,
    tell,
    ended: signal === undefined ? ended : AbortSignal.any([signal, ended]),
  });
  const activities = new Set<{ close(options: { withinMs?: number }): Promise<readonly unknown[]> }>();
  const silenceMsMax = options.silenceMsMax ?? silenceMsUsual;
  const stream = ({ lastEventId, signal }: StreamOptions = {}): AsyncIterable<StreamEvent> =>
    follow('/v1/stream', lastEventId, { wire, silenceMsMax, ...retrying('stream', signal) });

  return {
    screen: (items, how = {}) => screen(wire, items, how, retrying('screen', how.signal)),
    activity(kind, how) {
      ended.throwIfAborted();
      const opened = openActivity({ wire, runtime, tell, country: options.country }, kind, how);
      activities.add(opened);
      return opened;
    },
    async sendPacs008(xml, { signal } = {}) {
      const how = retrying('activity.pacs008', signal);
      const sending = { body: xml, contentType: 'application/xml', ended: how.ended };
      return untilAnswered(async () => readReport(await wire.call('POST', '/v1/activity/payments', sending)), how);
    },
    reportTheft: (theft, { signal } = {}) => reportTheft(wire, theft, retrying('theft', signal)),
    stream,
    alerts: openAlerts(wire, stream, ended),
    watches: openWatches(wire, ended),
    orders: openOrders({ wire, ended, stream, retrying }),
    webhooks: openEndpoints(wire, ended),
    async close(how = {}) {
      const left = await Promise.all(Array.from(activities, (activity) => activity.close(how)));
      ending.abort(new ClientRefused({ refused: 'client.closed' }));
      return { unacknowledged: left.reduce((sum, records) => sum + records.length, 0) };
    },
  };
}
