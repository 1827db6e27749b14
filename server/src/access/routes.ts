import { Type } from 'typebox';
import type { Http } from '../platform/http.ts';
import type { Access } from './access.ts';
import {
  Approval,
  ApprovalPage,
  ApprovalQuery,
  ByUuid,
  ChangePage,
  Decided,
  Decision,
  Page,
  ReadPage,
  ReadQuery,
} from './contract.ts';
import { deskRoutes } from './desk-routes.ts';
import { institutionRoutes } from './institution-routes.ts';
import { officerRoutes } from './officer-routes.ts';
import { sessionRoutes } from './session-routes.ts';

const security = [{ bearer: [] }];

/** Every route of the room. What each actor may do is decided behind the door, not here. */
export function accessRoutes(http: Http, access: Access): void {
  sessionRoutes(http, access);
  deskRoutes(http, access);
  officerRoutes(http, access);
  institutionRoutes(http, access);
  approvalRoutes(http, access);
  auditRoutes(http, access);
}

function approvalRoutes(http: Http, access: Access): void {
  const { approvals } = access;
  const tags = ['approvals'];
  http.get(
    '/v1/approvals',
    {
      schema: {
        summary: 'What waits for a second person: to be decided by me, or proposed by me',
        tags,
        security,
        querystring: ApprovalQuery,
        response: { 200: ApprovalPage },
      },
    },
    async (request) => approvals.list(await access.authenticate(request), request.query),
  );
  http.get(
    '/v1/approvals/:id',
    { schema: { summary: 'What is proposed', tags, security, params: ByUuid, response: { 200: Approval } } },
    async (request) => approvals.read(await access.authenticate(request), request.params.id),
  );
  http.post(
    '/v1/approvals/:id/decision',
    {
      schema: {
        summary: 'Approve or reject, as another officer than the proposer',
        tags,
        security,
        params: ByUuid,
        body: Decision,
        response: { 200: Decided },
      },
    },
    async (request) => approvals.decide(await access.authenticate(request), request.params.id, request.body),
  );
  http.delete(
    '/v1/approvals/:id',
    { schema: { summary: 'Withdraw what I proposed', tags, security, params: ByUuid, response: { 204: Type.Null() } } },
    async (request, reply) => {
      await approvals.withdraw(await access.authenticate(request), request.params.id);
      return reply.code(204).send(null);
    },
  );
}

function auditRoutes(http: Http, access: Access): void {
  const { audit } = access;
  const tags = ['audit'];
  http.get(
    '/v1/access/reads',
    {
      schema: {
        summary: 'Who read personal data, and why, newest first',
        tags,
        security,
        querystring: ReadQuery,
        response: { 200: ReadPage },
      },
    },
    async (request) => audit.reads(await access.authenticate(request), request.query),
  );
  http.get(
    '/v1/access/changes',
    {
      schema: {
        summary: 'Who changed what officers and institutions may do, newest first',
        tags,
        security,
        querystring: Page,
        response: { 200: ChangePage },
      },
    },
    async (request) => audit.changes(await access.authenticate(request), request.query),
  );
}
