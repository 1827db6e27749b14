import type { Http } from '../platform/http.ts';
import type { Access } from './access.ts';
import {
  ById,
  IssuedCode,
  NewOffice,
  NewOfficer,
  Office,
  OfficePage,
  Officer,
  OfficerChange,
  OfficerPage,
  Page,
} from './contract.ts';

const security = [{ bearer: [] }];
const tags = ['administration'];

export function officerRoutes(http: Http, access: Access): void {
  const { offices, officers } = access;
  http.post(
    '/v1/offices',
    { schema: { summary: 'Add an office', tags, security, body: NewOffice, response: { 201: Office } } },
    async (request, reply) => {
      const office = await offices.add(await access.authenticate(request), request.body);
      return reply.code(201).send(office);
    },
  );
  http.get(
    '/v1/offices',
    { schema: { summary: 'Offices, by id', tags, security, querystring: Page, response: { 200: OfficePage } } },
    async (request) => offices.list(await access.authenticate(request), request.query),
  );
  http.post(
    '/v1/officers',
    {
      schema: {
        summary: 'Add an officer, who signs in with the one-time code in the answer',
        tags,
        security,
        body: NewOfficer,
        response: { 201: IssuedCode },
      },
    },
    async (request, reply) => {
      const issued = await officers.add(await access.authenticate(request), request.body);
      return reply.code(201).header('cache-control', 'no-store').send(issued);
    },
  );
  http.get(
    '/v1/officers',
    { schema: { summary: 'Officers, by id', tags, security, querystring: Page, response: { 200: OfficerPage } } },
    async (request) => officers.list(await access.authenticate(request), request.query),
  );
  http.patch(
    '/v1/officers/:id',
    {
      schema: {
        summary: 'Change an officer’s name or roles, or whether they are active',
        tags,
        security,
        params: ById,
        body: OfficerChange,
        response: { 200: Officer },
      },
    },
    async (request) => officers.change(await access.authenticate(request), request.params.id, request.body),
  );
  http.post(
    '/v1/officers/:id/reset',
    {
      schema: {
        summary: 'End an officer’s password and sessions, for a new one-time code',
        tags,
        security,
        params: ById,
        response: { 200: IssuedCode },
      },
    },
    async (request, reply) => {
      const issued = await officers.reset(await access.authenticate(request), request.params.id);
      return reply.header('cache-control', 'no-store').send(issued);
    },
  );
}
