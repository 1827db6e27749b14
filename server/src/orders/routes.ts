import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { Order, OrderOutcome } from '@bronze-drum/protocol/orders';
import type { Access } from '../access/access.ts';
import { refuse } from '../kernel/refusals.ts';
import type { Http } from '../platform/http.ts';
import {
  Issued,
  OfficeKeys,
  OrderByHand,
  OrderDetails,
  OrderId,
  OrderPage,
  OrderQuery,
  OutcomeReport,
  Withdrawal,
} from './contract.ts';
import type { OrdersRoom } from './orders.ts';
import { ordersSheet } from './sheets.ts';

const security = [{ bearer: [] }];
const tags = ['orders'];
const csv = 'text/csv; charset=utf-8';

type Authentication = Pick<Access, 'authenticate'>;

export function orderRoutes(http: Http, orders: OrdersRoom, access: Authentication): void {
  readingRoutes(http, orders, access);
  officerRoutes(http, orders, access);
  institutionRoutes(http, orders, access);
}

function readingRoutes(http: Http, orders: OrdersRoom, access: Authentication): void {
  http.get(
    '/v1/orders',
    {
      schema: {
        summary: 'Orders, the newest first: all for officers, its own for an institution; as CSV if that is accepted',
        tags,
        security,
        querystring: OrderQuery,
        response: {
          200: {
            description: 'A page; of CSV, the header `link` leads to the next one',
            content: { 'application/json': { schema: OrderPage }, 'text/csv': { schema: Type.String() } },
          },
        },
      },
    },
    async (request, reply) => {
      const { orders: page, next } = await orders.list(await access.authenticate(request), request.query);
      if (!wantsCsv(request)) return { orders: page, ...(next !== undefined && { next }) };
      if (next !== undefined) {
        const query = new URLSearchParams(request.url.split('?')[1] ?? '');
        query.set('after', next);
        void reply.header('link', `</v1/orders?${query}>; rel="next"`);
      }
      return reply.type(csv).send(ordersSheet(page));
    },
  );
  http.get(
    '/v1/orders/keys',
    {
      schema: {
        summary: 'The keys by which the offices sign their orders',
        tags,
        security,
        response: { 200: OfficeKeys },
      },
    },
    async (request) => orders.keys(await access.authenticate(request)),
  );
  http.get(
    '/v1/orders/:id',
    {
      schema: {
        summary: 'One order with its last answer and its history',
        tags,
        security,
        params: OrderId,
        response: { 200: OrderDetails },
      },
    },
    async (request) => orders.get(await access.authenticate(request), request.params.id),
  );
}

function officerRoutes(http: Http, orders: OrdersRoom, access: Authentication): void {
  http.post(
    '/v1/orders',
    {
      schema: {
        summary: 'Order an institution to do something, or propose to; holds are ordered at /v1/holds',
        tags,
        security,
        body: OrderByHand,
        response: { 201: Issued },
      },
    },
    async (request, reply) =>
      reply.code(201).send(await orders.issueByHand(await access.authenticate(request), request.body)),
  );
  http.post(
    '/v1/orders/:id/withdraw',
    {
      schema: {
        summary: 'End an order that was issued by hand',
        tags,
        security,
        params: OrderId,
        body: Withdrawal,
        response: { 200: Order },
      },
    },
    async (request) => orders.withdraw(await access.authenticate(request), request.params.id, request.body.grounds),
  );
}

function institutionRoutes(http: Http, orders: OrdersRoom, access: Authentication): void {
  http.post(
    '/v1/orders/:id/outcome',
    {
      schema: {
        summary: 'Say what was done; the same again is acknowledged again, what is said later stands',
        tags,
        security,
        params: OrderId,
        body: OrderOutcome,
        response: { 200: Order },
      },
    },
    async (request) => orders.answer(await access.authenticate(request), request.params.id, request.body),
  );
  http.post(
    '/v1/orders/:id/confirm',
    {
      schema: {
        summary: 'Say that the end of an order was carried out',
        tags,
        security,
        params: OrderId,
        response: { 200: Order },
      },
    },
    async (request) => orders.confirm(await access.authenticate(request), request.params.id),
  );
  // In a scope of their own, so that no other route takes such bodies.
  void http.register((scope, _options, done) => {
    scope.addContentTypeParser('text/csv', { parseAs: 'buffer' }, (_request, body, parsed) => parsed(null, body));
    scope.post(
      '/v1/orders/outcomes',
      {
        schema: {
          summary: 'The same for the rows of a CSV file; each is answered by itself',
          tags,
          security,
          body: { content: { 'text/csv': { schema: Type.String() } } },
          response: { 200: OutcomeReport },
        },
        validatorCompiler: () => (value: unknown) => ({ value }),
      },
      async (request) => {
        const actor = await access.authenticate(request);
        const body: unknown = request.body;
        if (!Buffer.isBuffer(body)) return refuse('unsupported-media-type');
        return orders.answerSheet(actor, textOf(body));
      },
    );
    done();
  });
}

/** CSV if it is asked for by name, and JSON is not. */
function wantsCsv(request: FastifyRequest): boolean {
  const accepted = (request.headers.accept ?? '').toLowerCase();
  return accepted.includes('text/csv') && !accepted.includes('application/json');
}

function textOf(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    return refuse('malformed.utf8');
  }
}
