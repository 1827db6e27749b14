import { Type } from 'typebox';
import { Outage, refuse } from '../kernel/refusals.ts';
import type { Http } from './http.ts';
import type { Telemetry } from './telemetry.ts';

export interface Readiness {
  /** Whether every view in memory is complete. */
  ready(): boolean;
  /** Asks the database; rejects when it does not answer. */
  check(): Promise<unknown>;
}

const loopback = /^(127\.|::1$|::ffff:127\.)/;
const State = Type.Object({ state: Type.String() });

/** What those who run the server ask it. Metrics tell how much a book holds, so they are for this machine only. */
export function operatorRoutes(http: Http, telemetry: Telemetry, readiness: Readiness): void {
  const tags = ['operators'];
  http.get(
    '/healthz',
    { schema: { summary: 'Whether the process answers', tags, response: { 200: State } }, config: { quiet: true } },
    async () => ({ state: 'up' }),
  );
  http.get(
    '/readyz',
    {
      schema: { summary: 'Whether it can answer from complete data', tags, response: { 200: State } },
      config: { quiet: true },
    },
    async () => {
      if (!readiness.ready()) throw new Outage('the screening index is being rebuilt', 2);
      await readiness.check();
      return { state: 'ready' };
    },
  );
  http.get('/metrics', { schema: { hide: true }, config: { quiet: true } }, async (request, reply) => {
    if (!loopback.test(request.ip)) refuse('not-found.route');
    return reply.type(telemetry.metrics.contentType).send(await telemetry.metrics.metrics());
  });
  http.get('/openapi.json', { schema: { hide: true }, config: { quiet: true } }, async () => http.swagger());
}
