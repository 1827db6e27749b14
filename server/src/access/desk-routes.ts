import { Type } from 'typebox';
import { Refused } from '../kernel/refusals.ts';
import type { Actor } from '../kernel/actor.ts';
import type { Http } from '../platform/http.ts';
import type { Access } from './access.ts';
import { requireOwnPage, type Caller } from './authenticate.ts';
import {
  ByUuid,
  ClerkSignIn,
  DeskSession,
  DeskState,
  KeptClerkSession,
  KeptSession,
  OneTimeSignIn,
  OwnSessionList,
  PolicyVersions,
  Presence,
  PresenceQuery,
  PresentList,
  Profile,
  SignIn,
} from './contract.ts';

const security = [{ bearer: [] }];
const tags = ['desk'];
const done = { 204: Type.Null() };

/** What the desk in a browser calls beside the API. Its session is a cookie, which no script can read. */
export function deskRoutes(http: Http, access: Access): void {
  const { desk } = access;
  http.get('/v1/desk', { schema: { summary: 'Whose desk this is', tags, response: { 200: DeskState } } }, async () =>
    desk.state(),
  );
  signInRoutes(http, access);
  ownSessionRoutes(http, access);
  profileRoutes(http, access);
  presenceRoutes(http, access);
  http.get(
    '/v1/policy',
    {
      schema: {
        summary: 'The member’s policy: what was, is and will be in force',
        tags: ['administration'],
        security,
        response: { 200: PolicyVersions },
      },
    },
    async (request) => desk.policies(await access.authenticate(request)),
  );
}

/** Each answers what the API would, but for the token, which goes into the cookie. */
function signInRoutes(http: Http, { desk, sessions, authenticate }: Access): void {
  http.post(
    '/v1/desk/sessions',
    { schema: { summary: 'Sign in in this browser', tags, body: SignIn, response: { 201: KeptSession } } },
    async (request, reply) => {
      requireOwnPage(request);
      const { token, ...told } = await sessions.signIn(request.body, request.ip);
      return reply.code(201).header('set-cookie', desk.cookie.keep(token)).send(told);
    },
  );
  http.post(
    '/v1/desk/sessions/one-time',
    {
      schema: {
        summary: 'Sign in in this browser with a one-time code, and set a password',
        tags,
        body: OneTimeSignIn,
        response: { 201: KeptSession },
      },
    },
    async (request, reply) => {
      requireOwnPage(request);
      const { token, ...told } = await sessions.signInOnce(request.body);
      return reply.code(201).header('set-cookie', desk.cookie.keep(token)).send(told);
    },
  );
  http.post(
    '/v1/desk/sessions/adopt',
    {
      schema: {
        summary: 'Keep the session whose token this call carries in this browser',
        tags,
        security,
        response: { 201: KeptSession },
      },
    },
    async (request, reply) => {
      requireOwnPage(request);
      const { token, told } = await desk.adopt(await authenticate(request), request.headers.authorization);
      return reply.code(201).header('set-cookie', desk.cookie.keep(token)).send(told);
    },
  );
  http.post(
    '/v1/desk/sessions/institution',
    {
      schema: {
        summary: 'Sign in in this browser for an institution, with one of its keys',
        tags,
        body: ClerkSignIn,
        response: { 201: KeptClerkSession },
      },
    },
    async (request, reply) => {
      requireOwnPage(request);
      const { token, told } = await desk.signInClerk(request.body, request.ip);
      return reply.code(201).header('set-cookie', desk.cookie.keep(token)).send(told);
    },
  );
}

function ownSessionRoutes(http: Http, access: Access): void {
  const { desk, sessions } = access;
  http.get(
    '/v1/desk/session',
    {
      schema: { summary: 'Who is signed in, and until when', tags, security, response: { 200: DeskSession } },
    },
    async (request) => desk.describe(await access.authenticate(request)),
  );
  http.delete(
    '/v1/desk/session',
    { schema: { summary: 'Sign out, and forget the session in this browser', tags, security, response: done } },
    async (request, reply) => {
      const actor = await stillSignedIn(access, request);
      if (actor !== undefined) await desk.signOut(actor);
      return reply.code(204).header('set-cookie', desk.cookie.clear()).send(null);
    },
  );
  http.get(
    '/v1/desk/sessions',
    { schema: { summary: 'Where else I am signed in', tags, security, response: { 200: OwnSessionList } } },
    async (request) => ({ sessions: await sessions.list(await access.authenticate(request)) }),
  );
  http.delete(
    '/v1/desk/sessions/:id',
    { schema: { summary: 'End one of my sessions', tags, security, params: ByUuid, response: done } },
    async (request, reply) => {
      await sessions.end(await access.authenticate(request), request.params.id);
      return reply.code(204).send(null);
    },
  );
}

/** A session that is over is no reason not to forget it. */
async function stillSignedIn(access: Access, request: Caller): Promise<Actor | undefined> {
  try {
    return await access.authenticate(request);
  } catch (error) {
    if (error instanceof Refused && error.refusal.refused.startsWith('unauthenticated.')) return undefined;
    throw error;
  }
}

function profileRoutes(http: Http, access: Access): void {
  const { profiles } = access.desk;
  http.get(
    '/v1/desk/profile',
    { schema: { summary: 'How I want my desk', tags, security, response: { 200: Profile } } },
    async (request) => profiles.read(await access.authenticate(request)),
  );
  http.put(
    '/v1/desk/profile',
    { schema: { summary: 'Set how I want my desk', tags, security, body: Profile, response: { 200: Profile } } },
    async (request) => profiles.set(await access.authenticate(request), request.body),
  );
}

function presenceRoutes(http: Http, access: Access): void {
  const { desk } = access;
  http.put(
    '/v1/desk/presence',
    {
      config: { quiet: true },
      schema: {
        summary: 'Say what I look at, for 45 seconds: others who look at it see me',
        tags,
        security,
        body: Presence,
        response: done,
      },
    },
    async (request, reply) => {
      await desk.beat(await access.authenticate(request), request.body.at);
      return reply.code(204).send(null);
    },
  );
  http.get(
    '/v1/desk/presence',
    {
      config: { quiet: true },
      schema: {
        summary: 'Which other officers look at something',
        tags,
        security,
        querystring: PresenceQuery,
        response: { 200: PresentList },
      },
    },
    async (request) => desk.present(await access.authenticate(request), request.query.at),
  );
}
