import { Type } from 'typebox';
import type { Http } from '../platform/http.ts';
import type { Access } from './access.ts';
import { OneTimeSignIn, OpenedSession, PasswordChange, Session, SignIn, SteppedUp, StepUp } from './contract.ts';

const security = [{ bearer: [] }];
const tags = ['sessions'];
const done = { 204: Type.Null() };

export function sessionRoutes(http: Http, access: Access): void {
  const { sessions } = access;
  http.post(
    '/v1/sessions',
    { schema: { summary: 'Sign in', tags, body: SignIn, response: { 201: OpenedSession } } },
    async (request, reply) => {
      const opened = await sessions.signIn(request.body, request.ip);
      return reply.code(201).header('cache-control', 'no-store').send(opened);
    },
  );
  http.post(
    '/v1/sessions/one-time',
    {
      schema: {
        summary: 'Sign in with a one-time code, and set a password',
        tags,
        body: OneTimeSignIn,
        response: { 201: OpenedSession },
      },
    },
    async (request, reply) => {
      const opened = await sessions.signInOnce(request.body);
      return reply.code(201).header('cache-control', 'no-store').send(opened);
    },
  );
  http.post(
    '/v1/sessions/step-up',
    {
      schema: {
        summary: 'Prove again who I am, for acts that ask for it',
        tags,
        security,
        body: StepUp,
        response: { 200: SteppedUp },
      },
    },
    async (request) => sessions.stepUp(await access.authenticate(request), request.body.password, request.ip),
  );
  http.post(
    '/v1/sessions/password',
    {
      schema: {
        summary: 'Change my password, which ends my other sessions',
        tags,
        security,
        body: PasswordChange,
        response: done,
      },
    },
    async (request, reply) => {
      await sessions.changePassword(await access.authenticate(request), request.body, request.ip);
      return reply.code(204).send(null);
    },
  );
  http.get(
    '/v1/session',
    { schema: { summary: 'Who I am, and until when', tags, security, response: { 200: Session } } },
    async (request) => sessions.describe(await access.authenticate(request)),
  );
  http.delete(
    '/v1/session',
    { schema: { summary: 'Sign out', tags, security, response: done } },
    async (request, reply) => {
      await sessions.signOut(await access.authenticate(request));
      return reply.code(204).send(null);
    },
  );
  http.delete(
    '/v1/sessions',
    { schema: { summary: 'Sign out everywhere', tags, security, response: done } },
    async (request, reply) => {
      await sessions.signOutEverywhere(await access.authenticate(request));
      return reply.code(204).send(null);
    },
  );
}
