import { Type } from 'typebox';
import type { Access } from '../access/access.ts';
import type { Http } from '../platform/http.ts';
import type { Alerts } from './alerts.ts';
import * as contract from './contract.ts';

export { webhookRoutes } from './webhooks/routes.ts';

const security = [{ bearer: [] }];
const tags = ['alerts'];

export function alertRoutes(http: Http, alerts: Alerts, access: Pick<Access, 'authenticate'>): void {
  readingRoutes(http, alerts, access);
  handlingRoutes(http, alerts, access);
  watchRoutes(http, alerts, access);
}

function readingRoutes(http: Http, alerts: Alerts, access: Pick<Access, 'authenticate'>): void {
  http.get(
    '/v1/alerts',
    {
      schema: {
        summary: 'Alerts, the most urgent or the newest first',
        tags,
        security,
        querystring: contract.AlertQuery,
        response: { 200: contract.AlertPage },
      },
    },
    async (request) => alerts.list(await access.authenticate(request), request.query),
  );
  http.get(
    '/v1/alerts/counts',
    {
      schema: {
        summary: 'How many alerts are open, by state and priority',
        tags,
        security,
        response: { 200: contract.AlertCounts },
      },
    },
    async (request) => alerts.counts(await access.authenticate(request)),
  );
  http.get(
    '/v1/alerts/:id',
    {
      schema: {
        summary: 'One alert with who did what',
        tags,
        security,
        params: contract.AlertId,
        response: { 200: contract.AlertHistory },
      },
    },
    async (request) => alerts.get(await access.authenticate(request), request.params.id),
  );
}

function handlingRoutes(http: Http, alerts: Alerts, access: Pick<Access, 'authenticate'>): void {
  const schema = (summary: string) => ({
    schema: { summary, tags, security, params: contract.AlertId, response: { 200: contract.Alert } },
  });
  for (const [verb, wish, summary] of [
    ['take', { take: true }, 'Take an alert'],
    ['release', { release: true }, 'Give an alert back to whoever takes it'],
    ['reopen', { reopen: true }, 'Open an alert again within a day of its closing'],
  ] as const) {
    http.post(`/v1/alerts/:id/${verb}`, schema(summary), async (request) =>
      alerts.act(await access.authenticate(request), request.params.id, wish),
    );
  }
  http.post(
    '/v1/alerts/:id/snooze',
    {
      schema: {
        summary: 'Hear no more of an alert for a while, unless it becomes more urgent',
        tags,
        security,
        params: contract.AlertId,
        body: contract.Snooze,
        response: { 200: contract.Alert },
      },
    },
    async (request) => alerts.act(await access.authenticate(request), request.params.id, { snooze: request.body }),
  );
  http.post(
    '/v1/alerts/:id/close',
    {
      schema: {
        summary: 'Close an alert with its outcome',
        tags,
        security,
        params: contract.AlertId,
        body: contract.Close,
        response: { 200: contract.Alert },
      },
    },
    async (request) => alerts.act(await access.authenticate(request), request.params.id, { close: request.body }),
  );
  http.post(
    '/v1/alerts/:id/hand',
    {
      schema: {
        summary: 'Hand an alert to another officer',
        tags,
        security,
        params: contract.AlertId,
        body: contract.Handing,
        response: { 200: contract.Alert },
      },
    },
    async (request) => alerts.act(await access.authenticate(request), request.params.id, { hand: request.body }),
  );
  http.get(
    '/v1/alerts/:id/takers',
    {
      schema: {
        summary: 'Officers to whom an alert can be handed',
        tags,
        security,
        params: contract.AlertId,
        response: { 200: contract.Takers },
      },
    },
    async (request) => alerts.takers(await access.authenticate(request), request.params.id),
  );
  http.post(
    '/v1/alerts/:id/consequences',
    {
      schema: {
        summary: 'Note what came of an alert',
        tags,
        security,
        params: contract.AlertId,
        body: contract.Consequences,
        response: { 200: contract.Alert },
      },
    },
    async (request) => alerts.follow(await access.authenticate(request), request.params.id, request.body.to),
  );
  http.post('/v1/alerts/:id/tell', schema('Let out to the member at home what waits for it'), async (request) =>
    alerts.tell(await access.authenticate(request), request.params.id),
  );
  http.post(
    '/v1/alerts/bulk',
    {
      schema: {
        summary: 'Do the same to many alerts; each is answered by itself',
        tags,
        security,
        body: contract.Bulk,
        response: { 200: contract.BulkAnswer },
      },
    },
    async (request) => alerts.bulk(await access.authenticate(request), request.body),
  );
}

function watchRoutes(http: Http, alerts: Alerts, access: Pick<Access, 'authenticate'>): void {
  http.post(
    '/v1/watches',
    {
      schema: {
        summary: 'Wish to be alerted to an identifier, a range, or one’s own customers',
        tags,
        security,
        body: contract.NewWatch,
        response: { 201: contract.Watch },
      },
    },
    async (request, reply) =>
      reply.code(201).send(await alerts.watches.add(await access.authenticate(request), request.body)),
  );
  http.get(
    '/v1/watches',
    {
      schema: {
        summary: 'One’s own watches',
        tags,
        security,
        querystring: contract.WatchQuery,
        response: { 200: contract.WatchPage },
      },
    },
    async (request) => alerts.watches.list(await access.authenticate(request), request.query),
  );
  http.delete(
    '/v1/watches/:id',
    {
      schema: { summary: 'End a watch', tags, security, params: contract.AlertId, response: { 204: Type.Null() } },
    },
    async (request, reply) => {
      await alerts.watches.remove(await access.authenticate(request), request.params.id);
      return reply.code(204).send(null);
    },
  );
}
