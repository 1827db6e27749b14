import { Type } from 'typebox';
import type { Language } from '@bronze-drum/protocol/languages';
import { letterHtml, plainText } from '@bronze-drum/protocol/rendering/rendering';
import type { Access } from '../access/access.ts';
import type { Http } from '../platform/http.ts';
import * as contract from './contract.ts';
import type { LiaisonDesk, OpenLiaison } from './liaison.ts';
import * as roster from './roster-contract.ts';

type Authenticate = Pick<Access, 'authenticate'>;

const security = [{ bearer: [] }];
const tags = ['liaison'];
const params = contract.RequestId;

export function liaisonRoutes(http: Http, { desk }: Pick<OpenLiaison, 'desk'>, access: Authenticate): void {
  readingRoutes(http, desk, access);
  askingRoutes(http, desk, access);
  handlingRoutes(http, desk, access);
  rosterRoutes(http, desk, access);
}

function readingRoutes(http: Http, desk: LiaisonDesk, access: Authenticate): void {
  http.get(
    '/v1/requests',
    {
      schema: {
        summary: 'Requests to and from other members, the newest first',
        tags,
        security,
        querystring: contract.RequestQuery,
        response: { 200: contract.RequestPage },
      },
    },
    async (request) => desk.list(await access.authenticate(request), request.query),
  );
  http.get(
    '/v1/requests/:id',
    {
      schema: {
        summary: 'One request with all that was said about it',
        tags,
        security,
        params,
        response: { 200: contract.Conversation },
      },
    },
    async (request) => desk.get(await access.authenticate(request), request.params.id),
  );
  const text = (type: string, description: string) => ({ description, content: { [type]: { schema: Type.String() } } });
  http.get(
    '/v1/requests/:id/plain',
    {
      schema: {
        summary: 'A request as plain text, as it is sent over I-24/7',
        tags,
        security,
        params,
        querystring: contract.PlainQuery,
        response: { 200: text('text/plain', 'The request and its conversation') },
      },
    },
    async (request, reply) => {
      const rendered = await desk.rendered(await access.authenticate(request), request.params.id);
      return reply.type('text/plain; charset=utf-8').send(plainText(rendered, request.query.language));
    },
  );
  http.get(
    '/v1/requests/:id/letter',
    {
      schema: {
        summary: 'A request as a formal letter in one or two languages, to be printed',
        tags,
        security,
        params,
        querystring: contract.LetterQuery,
        response: { 200: text('text/html', 'A page that needs nothing else') },
      },
    },
    async (request, reply) => {
      const rendered = await desk.rendered(await access.authenticate(request), request.params.id);
      const [first, second] = request.query.languages.split(',') as [Language, Language?];
      const html = letterHtml(rendered, second === undefined ? [first] : [first, second]);
      void reply.header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'");
      return reply.type('text/html; charset=utf-8').send(html);
    },
  );
  http.get(
    '/v1/liaison/scorecard',
    {
      schema: {
        summary: 'How soon requests were acknowledged and answered, by pair of members and kind; by default of 30 days',
        tags,
        security,
        querystring: contract.ScorecardQuery,
        response: { 200: contract.Scorecard },
      },
    },
    async (request) => desk.scorecard(await access.authenticate(request), request.query),
  );
}

function askingRoutes(http: Http, desk: LiaisonDesk, access: Authenticate): void {
  http.post(
    '/v1/requests',
    {
      schema: {
        summary: 'Draft a request to another member',
        tags,
        security,
        body: contract.NewRequest,
        response: { 201: contract.Request },
      },
    },
    async (request, reply) =>
      reply.code(201).send(await desk.draft(await access.authenticate(request), request.body as contract.NewRequest)),
  );
  http.put(
    '/v1/requests/:id',
    {
      schema: {
        summary: 'Replace a draft that was not sent',
        tags,
        security,
        params,
        body: contract.NewRequest,
        response: { 200: contract.Request },
      },
    },
    async (request) =>
      desk.edit(await access.authenticate(request), request.params.id, request.body as contract.NewRequest),
  );
  http.post(
    '/v1/requests/:id/check',
    {
      schema: {
        summary: 'What the rules of both members object to in a draft, and the way around',
        tags,
        security,
        params,
        response: { 200: contract.Checked },
      },
    },
    async (request) => desk.check(await access.authenticate(request), request.params.id),
  );
  http.post(
    '/v1/requests/:id/approval',
    {
      schema: {
        summary: 'Let a draft out that somebody else wrote; what a rule wrote is sent with it',
        tags,
        security,
        params,
        response: { 200: contract.Request },
      },
    },
    async (request) => desk.approve(await access.authenticate(request), request.params.id),
  );
  http.post(
    '/v1/requests/:id/send',
    {
      schema: {
        summary: 'Sign a draft and send it',
        tags,
        security,
        params,
        body: contract.SendBody,
        response: { 200: contract.Performed },
      },
    },
    async (request) => desk.send(await access.authenticate(request), request.params.id, request.body),
  );
  http.post(
    '/v1/requests/:id/revision',
    {
      schema: {
        summary: 'Put right what was missing, or raise the priority, and send it again',
        tags,
        security,
        params,
        body: contract.Revision,
        response: { 200: contract.Performed },
      },
    },
    async (request) => desk.revise(await access.authenticate(request), request.params.id, request.body),
  );
}

function handlingRoutes(http: Http, desk: LiaisonDesk, access: Authenticate): void {
  http.post(
    '/v1/requests/:id/deeds',
    {
      schema: {
        summary: 'Acknowledge, work on, answer, refuse, withdraw, or say something about a request',
        tags,
        security,
        params,
        body: contract.NewDeedBody,
        response: { 200: contract.Performed },
      },
    },
    async (request) => desk.say(await access.authenticate(request), request.params.id, request.body),
  );
  http.post(
    '/v1/requests/:id/assignment',
    {
      schema: {
        summary: 'Give a request to an officer or a desk here',
        tags,
        security,
        params,
        body: contract.Assignment,
        response: { 200: contract.Request },
      },
    },
    async (request) => desk.assign(await access.authenticate(request), request.params.id, request.body),
  );
  http.post(
    '/v1/requests/:id/take',
    {
      schema: { summary: 'Take a request in hand', tags, security, params, response: { 200: contract.Request } },
    },
    async (request) => desk.take(await access.authenticate(request), request.params.id),
  );
  http.post(
    '/v1/requests/:id/links',
    {
      schema: {
        summary: 'Link alerts, traces and cases to a request',
        tags,
        security,
        params,
        body: contract.LinksBody,
        response: { 200: contract.Request },
      },
    },
    async (request) => desk.link(await access.authenticate(request), request.params.id, request.body),
  );
}

function rosterRoutes(http: Http, { roster: duty }: LiaisonDesk, access: Authenticate): void {
  http.get(
    '/v1/roster/shifts',
    {
      schema: {
        summary: 'Shifts of the liaison desk, soonest first',
        tags,
        security,
        querystring: roster.ShiftQuery,
        response: { 200: roster.ShiftPage },
      },
    },
    async (request) => duty.shifts(await access.authenticate(request), request.query),
  );
  http.post(
    '/v1/roster/shifts',
    {
      schema: { summary: 'Add a shift', tags, security, body: roster.NewShift, response: { 201: roster.Shift } },
    },
    async (request, reply) =>
      reply.code(201).send(await duty.addShift(await access.authenticate(request), request.body)),
  );
  http.delete(
    '/v1/roster/shifts/:id',
    {
      schema: { summary: 'Remove a shift', tags, security, params: roster.ShiftId, response: { 204: Type.Null() } },
    },
    async (request, reply) => {
      await duty.removeShift(await access.authenticate(request), request.params.id);
      return reply.code(204).send(null);
    },
  );
  http.put(
    '/v1/roster/desk',
    {
      schema: {
        summary: 'Name the desk, its deputy and its head',
        tags,
        security,
        body: roster.DeskBody,
        response: { 200: roster.DeskBody },
      },
    },
    async (request) => duty.setDesk(await access.authenticate(request), request.body),
  );
  http.get(
    '/v1/roster/now',
    {
      schema: {
        summary: 'Who is on duty, and how they are reached',
        tags,
        security,
        response: { 200: roster.OnDuty },
      },
    },
    async (request) => duty.now(await access.authenticate(request)),
  );
  http.post(
    '/v1/roster/hand-over',
    {
      schema: {
        summary: 'Hand over what one has in hand to another officer, with a note',
        tags,
        security,
        body: roster.HandOver,
        response: { 200: roster.HandedOver },
      },
    },
    async (request) => duty.handOver(await access.authenticate(request), request.body),
  );
}
