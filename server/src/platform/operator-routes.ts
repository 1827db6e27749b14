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

const landing = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Bronze Drum</title>
<style>
  body { max-width: 38rem; margin: 4rem auto; padding: 0 1rem; font: 1rem/1.6 system-ui, sans-serif; color: #2b2118; background: #fbf8f3 }
  code { background: #efe7da; padding: .1em .3em; border-radius: .2em }
  a { color: #8a4b14 }
  @media (prefers-color-scheme: dark) { body { color: #e9dfd0; background: #1b1612 } code { background: #2e261e } a { color: #e0a062 } }
</style>
<h1>Bronze Drum</h1>
<p>The server of one member of the Lancang-Mekong cooperation against telecom and online fraud. It answers banks, operators and
officers over its API; the officers' desk is not part of this release.</p>
<ul>
  <li><a href="/openapi.json">/openapi.json</a>: the API's contract</li>
  <li><a href="/readyz">/readyz</a>: whether it answers from complete data</li>
  <li><code>npx drum --help</code>: what can be done from this machine's command line</li>
</ul>
</html>
`;

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
  http.get('/', { schema: { hide: true }, config: { quiet: true } }, async (_request, reply) =>
    reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'")
      .send(landing),
  );
  http.get('/metrics', { schema: { hide: true }, config: { quiet: true } }, async (request, reply) => {
    if (!loopback.test(request.ip)) refuse('not-found.route');
    return reply.type(telemetry.metrics.contentType).send(await telemetry.metrics.metrics());
  });
  http.get('/openapi.json', { schema: { hide: true }, config: { quiet: true } }, async () => http.swagger());
}
