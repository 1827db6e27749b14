import { Type } from 'typebox';
import type { Access } from '../../access/access.ts';
import type { Http } from '../../platform/http.ts';
import {
  Delivery,
  DeliveryPage,
  DeliveryQuery,
  NewWebhook,
  Replay,
  Replayed,
  Webhook,
  WebhookChange,
  WebhookPage,
  WebhookParams,
  WebhookQuery,
  WebhookWithSecret,
} from './contract.ts';
import type { Webhooks } from './webhooks.ts';

const security = [{ bearer: [] }];
const tags = ['webhooks'];

export function webhookRoutes(http: Http, webhooks: Webhooks, access: Pick<Access, 'authenticate'>): void {
  http.post(
    '/v1/webhooks',
    {
      schema: {
        summary: 'Be told at an address (Standard Webhooks); the answer has the secret, once',
        tags,
        security,
        body: NewWebhook,
        response: { 201: WebhookWithSecret },
      },
    },
    async (request, reply) => {
      const registered = await webhooks.register(await access.authenticate(request), request.body);
      return reply.code(201).send(registered);
    },
  );
  http.get(
    '/v1/webhooks',
    {
      schema: {
        summary: 'Where the caller is told, or an institution',
        tags,
        security,
        querystring: WebhookQuery,
        response: { 200: WebhookPage },
      },
    },
    async (request) => webhooks.list(await access.authenticate(request), request.query),
  );
  http.patch(
    '/v1/webhooks/:id',
    {
      schema: {
        summary: 'Change, pause or activate an address',
        tags,
        security,
        params: WebhookParams,
        body: WebhookChange,
        response: { 200: Webhook },
      },
    },
    async (request) => webhooks.change(await access.authenticate(request), request.params.id, request.body),
  );
  http.delete(
    '/v1/webhooks/:id',
    {
      schema: {
        summary: 'No longer be told at an address; what waits for it is forgotten',
        tags,
        security,
        params: WebhookParams,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await webhooks.remove(await access.authenticate(request), request.params.id);
      return reply.code(204).send(null);
    },
  );
  http.post(
    '/v1/webhooks/:id/secret',
    {
      schema: {
        summary: 'A new secret; the old one signs as well for a day',
        tags,
        security,
        params: WebhookParams,
        response: { 200: WebhookWithSecret },
      },
    },
    async (request) => webhooks.renewSecret(await access.authenticate(request), request.params.id),
  );
  deliveryRoutes(http, webhooks, access);
}

function deliveryRoutes(http: Http, webhooks: Webhooks, access: Pick<Access, 'authenticate'>): void {
  http.post(
    '/v1/webhooks/:id/test',
    {
      schema: {
        summary: 'Send an event without content',
        tags,
        security,
        params: WebhookParams,
        response: { 202: Delivery },
      },
    },
    async (request, reply) => {
      const delivery = await webhooks.test(await access.authenticate(request), request.params.id);
      return reply.code(202).send(delivery);
    },
  );
  http.get(
    '/v1/webhooks/:id/deliveries',
    {
      schema: {
        summary: 'What was sent, waits, or was given up; the newest first',
        tags,
        security,
        params: WebhookParams,
        querystring: DeliveryQuery,
        response: { 200: DeliveryPage },
      },
    },
    async (request) => webhooks.deliveries(await access.authenticate(request), request.params.id, request.query),
  );
  http.post(
    '/v1/webhooks/:id/replay',
    {
      schema: {
        summary: 'Send again what was delivered or given up; each keeps its id',
        tags,
        security,
        params: WebhookParams,
        body: Replay,
        response: { 200: Replayed },
      },
    },
    async (request) => webhooks.replay(await access.authenticate(request), request.params.id, request.body),
  );
}
