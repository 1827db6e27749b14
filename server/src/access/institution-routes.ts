import type { Http } from '../platform/http.ts';
import type { Access } from './access.ts';
import {
  ById,
  ByKey,
  Institution,
  InstitutionChange,
  InstitutionPage,
  IssuedKey,
  Key,
  KeyList,
  NewInstitution,
  NewKey,
  Page,
  Revocation,
} from './contract.ts';

const security = [{ bearer: [] }];
const tags = ['administration'];

export function institutionRoutes(http: Http, access: Access): void {
  const { institutions } = access;
  http.post(
    '/v1/institutions',
    { schema: { summary: 'Add an institution', tags, security, body: NewInstitution, response: { 201: Institution } } },
    async (request, reply) => {
      const institution = await institutions.add(await access.authenticate(request), request.body);
      return reply.code(201).send(institution);
    },
  );
  http.get(
    '/v1/institutions',
    {
      schema: { summary: 'Institutions, by id', tags, security, querystring: Page, response: { 200: InstitutionPage } },
    },
    async (request) => institutions.list(await access.authenticate(request), request.query),
  );
  http.patch(
    '/v1/institutions/:id',
    {
      schema: {
        summary: 'Change an institution’s name or quota, or whether it is active',
        tags,
        security,
        params: ById,
        body: InstitutionChange,
        response: { 200: Institution },
      },
    },
    async (request) => institutions.change(await access.authenticate(request), request.params.id, request.body),
  );
  keyRoutes(http, access);
}

function keyRoutes(http: Http, access: Access): void {
  const { keys } = access;
  http.post(
    '/v1/institutions/:id/keys',
    {
      schema: {
        summary: 'Issue a key, whose secret is shown this once',
        tags,
        security,
        params: ById,
        body: NewKey,
        response: { 201: IssuedKey },
      },
    },
    async (request, reply) => {
      const issued = await keys.issue(await access.authenticate(request), request.params.id, request.body);
      return reply.code(201).header('cache-control', 'no-store').send(issued);
    },
  );
  http.get(
    '/v1/institutions/:id/keys',
    {
      schema: {
        summary: 'An institution’s keys, newest first',
        tags,
        security,
        params: ById,
        response: { 200: KeyList },
      },
    },
    async (request) => ({ keys: await keys.list(await access.authenticate(request), request.params.id) }),
  );
  http.post(
    '/v1/institutions/:id/keys/:key/revocation',
    {
      schema: {
        summary: 'Revoke a key, now or at a time',
        tags,
        security,
        params: ByKey,
        body: Revocation,
        response: { 200: Key },
      },
    },
    async (request) => {
      const { id, key } = request.params;
      return keys.revoke(await access.authenticate(request), id, key, request.body);
    },
  );
}
