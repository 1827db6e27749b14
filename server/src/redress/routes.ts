import { Type } from 'typebox';
import type { Access } from '../access/access.ts';
import type { Http } from '../platform/http.ts';
import { Appeal, AppealPage, AppealParams, AppealQuery, DecideAppeal, LodgeAppeal } from './contract.ts';
import type { Redress } from './redress.ts';

const security = [{ bearer: [] }];
const tags = ['appeals'];

export function redressRoutes(http: Http, redress: Redress, access: Access): void {
  http.post(
    '/v1/appeals',
    { schema: { summary: 'Contest an act', tags, security, body: LodgeAppeal, response: { 201: Appeal } } },
    async (request, reply) => {
      const appeal = await redress.lodge(await access.authenticate(request), request.body);
      return reply.code(201).send(appeal);
    },
  );
  http.get(
    '/v1/appeals',
    {
      schema: {
        summary: 'Appeals by state, the most pressing first',
        tags,
        security,
        querystring: AppealQuery,
        response: { 200: AppealPage },
      },
    },
    async (request) => redress.list(await access.authenticate(request), request.query),
  );
  http.get(
    '/v1/appeals/:id',
    { schema: { summary: 'One appeal', tags, security, params: AppealParams, response: { 200: Appeal } } },
    async (request) => redress.get(await access.authenticate(request), request.params.id),
  );
  http.post(
    '/v1/appeals/:id/decision',
    {
      schema: {
        summary: 'Decide an appeal; refused to whoever took part in the act',
        tags,
        security,
        params: AppealParams,
        body: DecideAppeal,
        response: { 200: Appeal },
      },
    },
    async (request) => redress.decide(await access.authenticate(request), request.params.id, request.body),
  );
  http.post(
    '/v1/appeals/:id/withdrawal',
    {
      schema: {
        summary: 'The appellant no longer contests',
        tags,
        security,
        params: AppealParams,
        body: Type.Object({ grounds: Type.String({ minLength: 1, maxLength: 2000 }) }, { additionalProperties: false }),
        response: { 200: Appeal },
      },
    },
    async (request) => redress.withdraw(await access.authenticate(request), request.params.id, request.body.grounds),
  );
}
