import type { Access } from '../access/access.ts';
import type { Http } from '../platform/http.ts';
import * as contract from './contract.ts';
import type { Funds } from './funds.ts';
import { counterRoutes, holdRoutes } from './hold-routes.ts';
import * as neighbouring from './neighbour-contract.ts';
import type { NeighbourViews } from './neighbours.ts';

const security = [{ bearer: [] }];
const tags = ['funds'];

type Authentication = Pick<Access, 'authenticate'>;

export function fundsRoutes(http: Http, funds: Funds, access: Authentication): void {
  http.post(
    '/v1/reports',
    {
      schema: {
        summary: 'What a victim told: opens a trace, or joins the one that knows the payment',
        tags,
        security,
        body: contract.NewReport,
        response: { 201: contract.ReportAnswer },
      },
    },
    async (request, reply) => {
      const answer = await funds.report(await access.authenticate(request), request.body);
      return reply.code(201).send(answer);
    },
  );
  http.get(
    '/v1/traces',
    {
      schema: {
        summary: 'Traces, the newest first',
        tags,
        security,
        querystring: contract.TraceQuery,
        response: { 200: contract.TracePage },
      },
    },
    async (request) => funds.list(await access.authenticate(request), request.query),
  );
  http.get(
    '/v1/traces/:id',
    {
      schema: {
        summary: 'One trace whole: where every unit went, what is held, what is lost',
        tags,
        security,
        params: contract.TraceId,
        response: { 200: contract.Trace },
      },
    },
    async (request) => funds.get(await access.authenticate(request), request.params.id),
  );
  changeRoutes(http, funds, access);
  neighbourRoutes(http, funds, access);
  holdRoutes(http, funds.holds, funds.returns, access);
  counterRoutes(http, funds.counters, access);
}

function changeRoutes(http: Http, funds: Funds, access: Authentication): void {
  http.post(
    '/v1/traces/:id/close',
    {
      schema: {
        summary: 'Follows the money no more; holds go on',
        tags,
        security,
        params: contract.TraceId,
        body: contract.CloseTrace,
        response: { 200: contract.TraceSummary },
      },
    },
    async (request) => funds.end(await access.authenticate(request), request.params.id, request.body.grounds),
  );
  http.post(
    '/v1/traces/:id/method',
    {
      schema: {
        summary: 'Follows by another method, and records why',
        tags,
        security,
        params: contract.TraceId,
        body: contract.ChangeMethod,
        response: { 200: contract.TraceSummary },
      },
    },
    async (request) => {
      const { method, grounds } = request.body;
      return funds.changeMethod(await access.authenticate(request), request.params.id, method, grounds);
    },
  );
  http.get(
    '/v1/traces/:id/sources',
    {
      schema: {
        summary: 'Others who paid into an account of the trace, and may be victims too',
        tags,
        security,
        params: contract.TraceId,
        querystring: contract.SourcesQuery,
        response: { 200: contract.Sources },
      },
    },
    async (request) => funds.sources(await access.authenticate(request), request.params.id, request.query.account),
  );
}

export function neighbourRoutes(http: Http, views: NeighbourViews, access: Authentication): void {
  http.get(
    '/v1/funds/neighbours/:key',
    {
      schema: {
        summary: 'Whom an account paid and who paid it, most money first',
        tags,
        security,
        params: neighbouring.AccountKey,
        querystring: neighbouring.NeighbourQuery,
        response: { 200: neighbouring.NeighbourList },
      },
    },
    async (request) => views.neighbours(await access.authenticate(request), request.params.key, request.query),
  );
  http.get(
    '/v1/funds/payments/:key',
    {
      schema: {
        summary: 'What an account paid and was paid, the newest first',
        tags,
        security,
        params: neighbouring.AccountKey,
        querystring: neighbouring.PaymentQuery,
        response: { 200: neighbouring.PaymentPage },
      },
    },
    async (request) => views.payments(await access.authenticate(request), request.params.key, request.query),
  );
}
