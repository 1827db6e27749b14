import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Access } from '../access/access.ts';
import type { Actor } from '../kernel/actor.ts';
import { quietRoute, type Http } from '../platform/http.ts';
import { bodyBytesMax, ScreenRequest, ScreenResponse } from './contract.ts';
import { itemsOf } from './items.ts';
import { screenedText, type Screened, type Screening } from './screening.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks to screen; known before the body is read. */
    screener: Actor | null;
  }
}

type Authentication = Pick<Access, 'authenticate'>;

export function screeningRoutes(http: Http, screening: Screening, access: Authentication): void {
  http.decorateRequest('screener', null);
  http.post(
    '/v1/screen',
    {
      schema: {
        summary: 'What is known of up to 10,000 identifiers, and what this member’s policy advises',
        tags: ['screening'],
        security: [{ bearer: [] }],
        body: ScreenRequest,
        response: { 200: ScreenResponse },
      },
      config: quietRoute,
      bodyLimit: bodyBytesMax,
      // The schema is the published contract. An item that breaks it is refused in its place, which no validator can do.
      validatorCompiler: () => (value: unknown) => ({ value }),
      // A large body is read only of those who may ask.
      onRequest: identify(access),
    },
    (request, reply) => {
      const screened = screening.screen(request.screener!, itemsOf(request.body));
      return screened instanceof Promise ? screened.then((later) => send(reply, later)) : send(reply, screened);
    },
  );
}

function identify(access: Authentication) {
  return (request: FastifyRequest, _reply: FastifyReply, done: (error?: Error) => void): void => {
    const known = (actor: Actor): void => {
      request.screener = actor;
      done();
    };
    try {
      const actor = access.authenticate(request);
      if (actor instanceof Promise) actor.then(known, done);
      else known(actor);
    } catch (error) {
      done(error as Error);
    }
  };
}

function send(reply: Pick<FastifyReply, 'header' | 'send'>, screened: Screened): void {
  reply.header('content-type', 'application/json; charset=utf-8');
  reply.send(screenedText(screened));
}
