import { randomBytes } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { dayMs } from '../kernel/clock.ts';
import { refuse } from '../kernel/refusals.ts';
import { quietRoute, type Http } from './http.ts';

/** Where `npm run build` leaves the desk. */
export const builtDesk = fileURLToPath(new URL('../../../web/dist/', import.meta.url));

/** What programs ask for: whatever is not found there is a refusal, and not a page. */
const apiPath = /^\/(?:v1|federation\/v1|public\/v1|healthz|readyz|metrics|openapi\.json)(?:\/|$)/;

const policyOf = (nonce: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self' blob:",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');

const headersOfPages = {
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'permissions-policy': 'camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()',
  'cross-origin-opener-policy': 'same-origin',
} as const;

const notBuilt = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Bronze Drum</title>
<style nonce="__NONCE__">
  body { max-width: 38rem; margin: 4rem auto; padding: 0 1rem; font: 1rem/1.6 system-ui, sans-serif; color: #2b2118; background: #fbf8f3 }
  code { background: #efe7da; padding: .1em .3em; border-radius: .2em }
  @media (prefers-color-scheme: dark) { body { color: #e9dfd0; background: #1b1612 } code { background: #2e261e } }
</style>
<h1>The desk is not built</h1>
<p>This server answers banks, operators and other members over its API. The pages for officers are not there yet:
<code>npm run build</code>, in the folder of the software, builds them. Then load this page again.</p>
</html>
`;

/**
 * The officers' desk: its built files from `dist`, and its page at every address that is not the API's. With
 * `boundaries.geojson` in the server's own folder, that is the map's outlines. What is built while the server runs is served.
 */
export async function deskFiles(http: Http, { folder, dist = builtDesk }: { folder: string; dist?: string }) {
  await http.register(fastifyStatic, {
    serve: false,
    root: dist,
    preCompressed: true,
    dotfiles: 'ignore',
    index: false,
    suppressWarning: true,
  });
  const options = { schema: { hide: true }, config: quietRoute };

  http.get('/assets/*', options, async (request, reply) => {
    reply.header('cross-origin-resource-policy', 'same-origin');
    // Their names change with what is in them.
    return reply.sendFile(`assets/${wildcardOf(request)}`, dist, { immutable: true, maxAge: 365 * dayMs });
  });

  http.get('/boundaries.json', options, async (_request, reply) => {
    const isReplaced = await isFile(join(folder, 'boundaries.geojson'));
    return reply.sendFile(isReplaced ? 'boundaries.geojson' : 'boundaries.json', isReplaced ? folder : dist, asked);
  });

  http.get('/*', options, async (request, reply) => {
    const path = request.url.split('?', 1)[0]!;
    if (apiPath.test(path)) return refuse('not-found.route');
    if (path === '/' || request.headers.accept?.includes('text/html') === true) return sendPage(reply, dist);
    reply.header('cross-origin-resource-policy', 'same-origin');
    return reply.sendFile(wildcardOf(request), dist, asked);
  });
}

/** Of what keeps its name when it changes, a browser asks each time whether it has. */
const asked = { maxAge: 0 } as const;

const wildcardOf = (request: FastifyRequest): string => (request.params as { '*': string })['*'];

async function sendPage(reply: FastifyReply, dist: string): Promise<FastifyReply> {
  const page = await readFile(join(dist, 'index.html'), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
    return undefined;
  });
  const nonce = randomBytes(18).toString('base64');
  return reply
    .code(page === undefined ? 503 : 200)
    .headers(headersOfPages)
    .header('content-security-policy', policyOf(nonce))
    .type('text/html; charset=utf-8')
    .send((page ?? notBuilt).replaceAll('__NONCE__', nonce));
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
