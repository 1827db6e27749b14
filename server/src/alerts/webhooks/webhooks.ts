import type { WebhookEvent } from '@bronze-drum/protocol/webhooks';
import type { Access } from '../../access/access.ts';
import type { Actor } from '../../kernel/actor.ts';
import { instantMs, instantText, type Clock } from '../../kernel/clock.ts';
import { newId } from '../../kernel/ids.ts';
import { cutPage, readPageToken } from '../../kernel/pages.ts';
import { refuse } from '../../kernel/refusals.ts';
import type { Db, Sql, Tx } from '../../platform/db.ts';
import { openLoop } from '../../platform/loops.ts';
import { faultOf } from '../../platform/outgoing.ts';
import type { Telemetry } from '../../platform/telemetry.ts';
import type {
  Delivery,
  DeliveryPage,
  DeliveryQuery,
  NewWebhook,
  Replay,
  Replayed,
  Webhook,
  WebhookChange,
  WebhookPage,
  WebhookQuery,
  WebhookWithSecret,
} from './contract.ts';
import { openDelivering } from './delivering.ts';
import { addDeliveries, addTest, readDeliveries, replayDeliveries } from './delivery-store.ts';
import {
  addEndpoint,
  changeEndpoint,
  countEndpoints,
  readEndpoint,
  readEndpoints,
  removeEndpoint,
  renewGeneration,
  webhookOf,
  type EndpointRow,
} from './endpoint-store.ts';
import { endpointsMax, readUrl } from './rules.ts';
import { secretOf } from './secrets.ts';
import { openSending } from './sending.ts';

/** Institutions manage their own with `alerts.watch`, officers with `access.manage` those of any. */
export interface Webhooks {
  /** One delivery for each of the institution's active endpoints that asked for such events; sent once `tx` is durable. */
  enqueue(tx: Tx, institution: string, event: WebhookEvent): Promise<void>;
  /** The answer has the secret, which is shown at no other time. */
  register(actor: Actor, endpoint: NewWebhook): Promise<WebhookWithSecret>;
  list(actor: Actor, query: WebhookQuery): Promise<WebhookPage>;
  change(actor: Actor, id: string, change: WebhookChange): Promise<Webhook>;
  /** With everything that waits for it. */
  remove(actor: Actor, id: string): Promise<void>;
  /** A new secret; the old one signs as well for a day. */
  renewSecret(actor: Actor, id: string): Promise<WebhookWithSecret>;
  /** Sends an event without content. */
  test(actor: Actor, id: string): Promise<Delivery>;
  deliveries(actor: Actor, id: string, query: DeliveryQuery): Promise<DeliveryPage>;
  /** Sends again what was delivered or given up, under its old id. */
  replay(actor: Actor, id: string, replay: Replay): Promise<Replayed>;
  close(): Promise<void>;
}

export interface WebhooksParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly access: Pick<Access, 'requirePermission' | 'requireOfficer' | 'serving' | 'onInstitutions'>;
  readonly telemetry: Telemetry;
  /** Secret, and the same for as long as the institutions' secrets should hold. */
  readonly secretSeed: string;
  /** For servers on one machine: endpoints may be in private networks, and on this machine without TLS. */
  readonly mayReachPrivate: boolean;
  readonly pollMs?: number;
}

/** Opens over the tables of the room, which exist already, and begins to deliver. */
export async function openWebhooks(parts: WebhooksParts): Promise<Webhooks> {
  const { clock, access, telemetry } = parts;
  let institutions: readonly string[] = [];
  const reading = openLoop(
    async () => {
      institutions = (await access.serving()).map(({ id }) => id);
    },
    { onError: (error) => telemetry.log.error({ err: error }, 'webhooks') },
  );
  await reading.run();
  access.onInstitutions(() => {
    // Until it is read who is active now, nobody is told anything.
    institutions = [];
    reading.wake();
  });
  const sending = openSending(parts);
  const delivering = openDelivering({ ...parts, sending, institutions: () => institutions });
  return {
    ...endpointVerbs(parts),
    ...deliveryVerbs(parts, delivering.added),
    async enqueue(tx, institution, event) {
      const endpoints = await addDeliveries(tx, institution, event, new Date(clock.now()));
      if (endpoints.length > 0) tx.afterCommit(() => endpoints.forEach((endpoint) => delivering.added(endpoint, 1)));
    },
    async close() {
      await reading.close();
      await delivering.close();
    },
  };
}

/** Whose endpoints the actor means; undefined for an officer who means all. */
function ownerOf(access: WebhooksParts['access'], actor: Actor, named: string | undefined): string | undefined {
  if (actor.kind !== 'institution') {
    access.requireOfficer(actor, 'access.manage');
    return named;
  }
  access.requirePermission(actor, 'alerts.watch');
  if (named !== undefined && named !== actor.institution) refuse('forbidden.institution');
  return actor.institution;
}

/** The endpoint, if the actor may manage it: for everybody else it does not exist. */
async function findEndpoint(parts: WebhooksParts, sql: Sql, actor: Actor, id: string): Promise<EndpointRow> {
  const owner = ownerOf(parts.access, actor, undefined);
  const row = await readEndpoint(sql, id);
  if (row === undefined || (owner !== undefined && row.institution !== owner)) return refuse('not-found.webhook');
  return row;
}

function endpointVerbs(
  parts: WebhooksParts,
): Pick<Webhooks, 'register' | 'list' | 'change' | 'remove' | 'renewSecret'> {
  const { db, clock, access, secretSeed, mayReachPrivate } = parts;
  const withSecret = (row: EndpointRow): WebhookWithSecret => ({
    ...webhookOf(row),
    secret: secretOf(secretSeed, row),
  });
  return {
    async register(actor, { url, types, kinds, description, institution: named }) {
      const institution = ownerOf(access, actor, named) ?? refuse('malformed.institution');
      const exists = (await access.serving()).some(({ id }) => id === institution);
      if (!exists) refuse('not-found.institution', { institution });
      const checked = await requireUrl(url, mayReachPrivate);
      return db.tx(async (tx) => {
        if ((await countEndpoints(tx, institution)) >= endpointsMax)
          refuse('conflict.too-many-webhooks', { most: endpointsMax });
        const endpoint = {
          id: newId(),
          institution,
          url: checked,
          types: types ?? null,
          kinds: kinds ?? null,
          description: description ?? '',
          created_at: new Date(clock.now()),
        };
        return withSecret(await addEndpoint(tx, endpoint));
      });
    },
    async list(actor, { institution, after, limit }) {
      const owner = ownerOf(access, actor, institution);
      const place = after === undefined ? undefined : readPageToken(after, 1)[0]!;
      if (place !== undefined && !/^[0-9a-f-]{36}$/.test(place)) refuse('malformed.page');
      const { page, next } = cutPage(await readEndpoints(db, owner, place, limit + 1), limit, (last) => [last.id]);
      return { webhooks: page.map(webhookOf), ...next };
    },
    async change(actor, id, change) {
      await findEndpoint(parts, db, actor, id);
      const url = change.url === undefined ? undefined : await requireUrl(change.url, mayReachPrivate);
      const changed = { ...change, ...(url !== undefined && { url }) };
      const row = await db.tx((tx) => changeEndpoint(tx, id, changed, new Date(clock.now())));
      return row === undefined ? refuse('not-found.webhook') : webhookOf(row);
    },
    async remove(actor, id) {
      await findEndpoint(parts, db, actor, id);
      await removeEndpoint(db, id);
    },
    async renewSecret(actor, id) {
      await findEndpoint(parts, db, actor, id);
      const row = await renewGeneration(db, id, new Date(clock.now()));
      return row === undefined ? refuse('not-found.webhook') : withSecret(row);
    },
  };
}

function deliveryVerbs(
  parts: WebhooksParts,
  added: (endpoint: string, count: number) => void,
): Pick<Webhooks, 'test' | 'deliveries' | 'replay'> {
  const { db, clock } = parts;
  return {
    async test(actor, id) {
      const { disabled } = await findEndpoint(parts, db, actor, id);
      if (disabled !== null) refuse('conflict.disabled', { disabled });
      const nowMs = clock.now();
      const event = { type: 'test', timestamp: instantText(nowMs), data: {} } as const;
      const delivery = await addTest(db, id, event, new Date(nowMs));
      added(id, 1);
      return delivery;
    },
    async deliveries(actor, id, { state, after, limit }) {
      await findEndpoint(parts, db, actor, id);
      const below = after === undefined ? null : Number(readPageToken(after, 1)[0]);
      if (below !== null && !Number.isSafeInteger(below)) refuse('malformed.page');
      const rows = await readDeliveries(db, id, state, below, limit + 1);
      const { page, next } = cutPage(rows, limit, ({ number }) => [String(number)]);
      return { deliveries: page.map(({ delivery }) => delivery), ...next };
    },
    async replay(actor, id, { deliveries, since }) {
      await findEndpoint(parts, db, actor, id);
      const sinceMs = since === undefined ? undefined : instantMs(since);
      if (Number.isNaN(sinceMs)) refuse('malformed.instant');
      const chosen = { ids: deliveries, since: sinceMs === undefined ? undefined : new Date(sinceMs) };
      const done = await db.tx((tx) => replayDeliveries(tx, id, chosen, new Date(clock.now())));
      added(id, done.replayed);
      return {
        replayed: done.replayed,
        more: done.more,
        ...(done.lastAt && { through: instantText(done.lastAt.getTime()) }),
      };
    },
  };
}

/** The address in its one spelling; refuses one that we must not call. */
async function requireUrl(text: string, mayReachPrivate: boolean): Promise<string> {
  const url = readUrl(text, mayReachPrivate);
  if (typeof url === 'string') return refuse('webhooks.url', { why: url });
  const fault = await faultOf(url, mayReachPrivate);
  return fault === undefined ? url.href : refuse('webhooks.url', { why: fault });
}
