import type { Access } from '../access/access.ts';
import type { Http } from '../platform/http.ts';
import type { Counters } from './counters.ts';
import * as contract from './hold-contract.ts';
import type { HoldsRoom } from './holds.ts';
import * as returning from './return-contract.ts';
import type { Returns } from './returns.ts';

type Authentication = Pick<Access, 'authenticate'>;

const security = [{ bearer: [] }];
const tags = ['funds'];
const byId = { tags, security, params: contract.HoldId };

export function holdRoutes(http: Http, holds: HoldsRoom, returns: Returns, access: Authentication): void {
  readingRoutes(http, holds, access);
  actRoutes(http, holds, access);
  noticeRoutes(http, holds, access);
  returnRoutes(http, returns, access);
}

function readingRoutes(http: Http, holds: HoldsRoom, access: Authentication): void {
  http.get(
    '/v1/holds',
    {
      schema: {
        summary: 'Holds, the newest first; those that end soon, the soonest first',
        tags,
        security,
        querystring: contract.HoldQuery,
        response: { 200: contract.HoldPage },
      },
    },
    async (request) => holds.list(await access.authenticate(request), request.query),
  );
  http.get(
    '/v1/holds/rules',
    {
      schema: {
        summary: 'What the policy in force says of holds: their stages, and what a second person must approve',
        tags,
        security,
        response: { 200: contract.HoldRules },
      },
    },
    async (request) => holds.rules(await access.authenticate(request)),
  );
  http.get(
    '/v1/holds/:id',
    { schema: { summary: 'One hold with its history', ...byId, response: { 200: contract.HoldHistory } } },
    async (request) => holds.get(await access.authenticate(request), request.params.id),
  );
}

function actRoutes(http: Http, holds: HoldsRoom, access: Authentication): void {
  const outcome = { 200: contract.HoldOutcome };
  const hold = { 200: contract.Hold };
  http.post(
    '/v1/holds/order',
    {
      schema: {
        summary: 'Order what is proposed at a trace, all of it or some, or more of what is held',
        tags,
        security,
        body: contract.OrderHolds,
        response: { 200: contract.OrderedHolds },
      },
    },
    async (request) => holds.order(await access.authenticate(request), request.body),
  );
  http.post(
    '/v1/holds/:id/release',
    { schema: { summary: 'Let go before the time is over', ...byId, body: contract.ReleaseHold, response: outcome } },
    async (request) => holds.release(await access.authenticate(request), request.params.id, request.body),
  );
  http.post(
    '/v1/holds/:id/extend',
    {
      schema: {
        summary: 'Go on, by an officer’s or a court’s word',
        ...byId,
        body: contract.ExtendHold,
        response: hold,
      },
    },
    async (request) => holds.extend(await access.authenticate(request), request.params.id, request.body),
  );
  http.post(
    '/v1/holds/:id/complaint',
    { schema: { summary: 'A complaint was filed: go on by it', ...byId, body: contract.Complaint, response: hold } },
    async (request) => holds.complain(await access.authenticate(request), request.params.id, request.body),
  );
  http.post(
    '/v1/holds/:id/seize',
    { schema: { summary: 'A court takes what is held', ...byId, body: contract.SeizeHold, response: outcome } },
    async (request) => holds.seize(await access.authenticate(request), request.params.id, request.body),
  );
  http.post(
    '/v1/holds/:id/confiscate',
    {
      schema: {
        summary: 'A court takes for good what was seized',
        ...byId,
        body: contract.SeizeHold,
        response: outcome,
      },
    },
    async (request) => holds.confiscate(await access.authenticate(request), request.params.id, request.body),
  );
}

function noticeRoutes(http: Http, { notices }: HoldsRoom, access: Authentication): void {
  http.get(
    '/v1/holds/notices',
    {
      schema: {
        summary: 'Notices that an institution has to deliver to its own customers',
        tags,
        security,
        response: { 200: contract.NoticeList },
      },
    },
    async (request) => notices.due(await access.authenticate(request)),
  );
  http.get(
    '/v1/holds/:id/notice',
    {
      schema: {
        summary: 'The notice to the person whose money it is',
        ...byId,
        querystring: contract.NoticeQuery,
        response: { 200: contract.Notice },
      },
    },
    async (request) => notices.text(await access.authenticate(request), request.params.id, request.query.languages),
  );
  http.post(
    '/v1/holds/:id/notice/defer',
    {
      schema: {
        summary: 'Tell the person later, for a reason',
        ...byId,
        body: contract.DeferNotice,
        response: { 200: contract.Hold },
      },
    },
    async (request) => notices.defer(await access.authenticate(request), request.params.id, request.body),
  );
  http.post(
    '/v1/holds/:id/notice/delivered',
    { schema: { summary: 'The person was told', ...byId, response: { 200: contract.NoticeDelivered } } },
    async (request) => notices.delivered(await access.authenticate(request), request.params.id),
  );
}

function returnRoutes(http: Http, returns: Returns, access: Authentication): void {
  const params = returning.ReturnId;
  http.post(
    '/v1/returns',
    {
      schema: {
        summary: 'Open the return of money for some traces',
        tags,
        security,
        body: returning.NewReturn,
        response: { 201: returning.Return },
      },
    },
    async (request, reply) =>
      reply.code(201).send(await returns.open(await access.authenticate(request), request.body)),
  );
  http.get(
    '/v1/returns',
    {
      schema: {
        summary: 'Returns, the newest first',
        tags,
        security,
        querystring: returning.ReturnQuery,
        response: { 200: returning.ReturnPage },
      },
    },
    async (request) => returns.list(await access.authenticate(request), request.query),
  );
  http.get(
    '/v1/returns/:id',
    { schema: { summary: 'One return', tags, security, params, response: { 200: returning.Return } } },
    async (request) => returns.get(await access.authenticate(request), request.params.id),
  );
  http.post(
    '/v1/returns/:id/claims',
    {
      schema: {
        summary: 'Add claims',
        tags,
        security,
        params,
        body: returning.AddClaims,
        response: { 200: returning.Return },
      },
    },
    async (request) => returns.claim(await access.authenticate(request), request.params.id, request.body),
  );
  http.post(
    '/v1/returns/:id/decision',
    {
      schema: {
        summary: 'Decide who is paid what',
        tags,
        security,
        params,
        body: returning.DecideReturn,
        response: { 200: returning.ReturnOutcome },
      },
    },
    async (request) => returns.decide(await access.authenticate(request), request.params.id, request.body),
  );
  http.post(
    '/v1/returns/:id/payments',
    {
      schema: {
        summary: 'A claim was paid',
        tags,
        security,
        params,
        body: returning.PaidClaim,
        response: { 200: returning.Return },
      },
    },
    async (request) => returns.paid(await access.authenticate(request), request.params.id, request.body),
  );
}

export function counterRoutes(http: Http, counters: Counters, access: Authentication): void {
  http.get(
    '/v1/funds/counters',
    {
      schema: {
        summary: 'Prevented, held, seized, confiscated, returned; and how fast',
        tags,
        security,
        querystring: returning.CounterQuery,
        response: { 200: returning.Counters },
      },
    },
    async (request) => counters.read(await access.authenticate(request), request.query),
  );
}
