import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { deskFiles } from './desk-files.ts';
import { openHttp, type Http } from './http.ts';
import { openTelemetry } from './telemetry.ts';

let root: string;
let folder: string;
let dist: string;
let http: Http;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'desk-files-'));
  folder = join(root, 'data');
  dist = join(root, 'dist');
  await mkdir(folder);
  http = await openHttp(openTelemetry({ level: 'silent', member: 'th' }));
  http.get('/v1/thing', async () => ({ thing: 1 }));
  http.get('/v1/kept', async (_request, reply) => reply.header('cache-control', 'max-age=60').send({}));
  http.post('/v1/thing', async () => ({}));
  await deskFiles(http, { folder, dist });
});
afterEach(async () => {
  await http.close();
  await rm(root, { recursive: true });
});

async function build() {
  await mkdir(join(dist, 'assets'), { recursive: true });
  await writeFile(
    join(dist, 'index.html'),
    '<!doctype html><meta name="style-nonce" content="__NONCE__"><style nonce="__NONCE__"></style>',
  );
  await writeFile(join(dist, 'drum.svg'), '<svg/>');
  await writeFile(join(dist, '.secret'), 'no');
  await writeFile(join(dist, 'boundaries.json'), '{"of":"the build"}');
  await writeFile(join(dist, 'assets', 'main-abc.js'), 'export {}');
  await writeFile(join(dist, 'assets', 'main-abc.js.br'), brotliCompressSync('export {}'));
  await writeFile(join(root, 'outside.txt'), 'not yours');
}

const get = (url: string, headers: Record<string, string> = {}) => http.inject({ method: 'GET', url, headers });
const page = (url: string) => get(url, { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' });

test('the desk answers at every address of its own, under a policy that lets no foreign script run', async () => {
  await build();
  for (const url of ['/', '/alerts?state=open', '/federation', '/identifier/domain%3Abad.example', '/enter']) {
    const { statusCode, headers, body } = await page(url);
    expect([url, statusCode, headers['content-type']]).toEqual([url, 200, 'text/html; charset=utf-8']);
    const [, nonce] = /name="style-nonce" content="([A-Za-z0-9+/]{24})"/.exec(body) ?? [];
    expect(headers['content-security-policy']).toBe(
      `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${nonce}'; img-src 'self' data: blob:; ` +
        "font-src 'self'; connect-src 'self'; worker-src 'self' blob:; manifest-src 'self'; base-uri 'none'; " +
        "form-action 'self'; frame-ancestors 'none'",
    );
    expect(body).toContain(`<style nonce="${nonce}">`);
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'permissions-policy': expect.stringContaining('geolocation=()'),
    });
  }
  expect((await page('/')).body).not.toBe((await page('/')).body);
  expect((await get('/')).headers['content-type']).toContain('text/html');
});

test('what is not there is a refusal to programs, never a page', async () => {
  await build();
  for (const url of [
    '/v1',
    '/v1/nothing',
    '/federation/v1/nothing',
    '/public/v1/nothing',
    '/openapi.json/x',
    '/metrics',
  ]) {
    const { statusCode, headers, body } = await page(url);
    expect([url, statusCode, headers['content-type']]).toEqual([url, 404, 'application/problem+json; charset=utf-8']);
    expect(JSON.parse(body)).toMatchObject({ code: 'not-found.route' });
  }
  expect((await get('/nothing.js')).json()).toMatchObject({ code: 'not-found.route' });
  expect((await get('/assets/gone.js', { accept: 'text/html' })).json()).toMatchObject({ code: 'not-found.route' });
  expect((await http.inject({ method: 'POST', url: '/alerts' })).statusCode).toBe(404);
});

test('what is named after its contents is kept for a year, and sent as small as the browser takes it', async () => {
  await build();
  const plain = await get('/assets/main-abc.js');
  expect(plain.headers).toMatchObject({
    'cache-control': 'public, max-age=31536000, immutable',
    'x-content-type-options': 'nosniff',
    'content-type': expect.stringContaining('javascript'),
  });
  const small = await get('/assets/main-abc.js', { 'accept-encoding': 'gzip, br' });
  expect(small.headers).toMatchObject({ 'content-encoding': 'br', vary: 'accept-encoding' });
  expect(small.headers['content-type']).toBe(plain.headers['content-type']);
  const mark = await get('/drum.svg');
  expect(mark.headers).toMatchObject({ 'content-type': 'image/svg+xml', 'cache-control': 'public, max-age=0' });
});

test('no spelling of a path leads out of the desk', async () => {
  await build();
  const { port } = await http.listen({ host: '127.0.0.1', port: 0 }).then(() => http.server.address() as AddressInfo);
  for (const path of [
    '/../outside.txt',
    '/assets/../../outside.txt',
    '/assets/..%2f..%2foutside.txt',
    '/assets/%2e%2e/%2e%2e/outside.txt',
    '/assets/%252e%252e/%252e%252e/outside.txt',
    '/..%5coutside.txt',
    '//etc/passwd',
    '/assets//etc/passwd',
    '/.secret',
    '/assets/%00',
    '/assets/%ff',
    '/assets',
    '/assets/',
  ]) {
    const answer = await raw(port, path);
    expect(`${path} ${answer}`).toMatch(/^\S+ HTTP\/1\.1 4\d\d /);
    expect(answer).not.toMatch(/not yours|root:|^no$/m);
  }
});

/** What a client that does not tidy paths gets. */
async function raw(port: number, path: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
  let text = '';
  for await (const chunk of socket) text += String(chunk);
  return text;
}

test('before it is built a page says how, the API works, and what is built later is served at once', async () => {
  const { statusCode, headers, body } = await page('/alerts');
  expect([statusCode, headers['cache-control']]).toEqual([503, 'no-store']);
  expect(body).toContain('npm run build');
  const [, nonce] = /style nonce="([^"_]+)"/.exec(body)!;
  expect(headers['content-security-policy']).toContain(`'nonce-${nonce}'`);
  expect((await get('/v1/thing')).json()).toEqual({ thing: 1 });
  expect((await get('/boundaries.json')).statusCode).toBe(404);
  await build();
  expect((await page('/alerts')).statusCode).toBe(200);
  expect((await get('/assets/main-abc.js')).statusCode).toBe(200);
});

test('an operator’s own boundaries go before those of the build', async () => {
  await build();
  expect((await get('/boundaries.json')).json()).toEqual({ of: 'the build' });
  await writeFile(join(folder, 'boundaries.geojson'), '{"of":"the operator"}');
  const replaced = await get('/boundaries.json');
  expect(replaced.json()).toEqual({ of: 'the operator' });
  expect(replaced.headers['content-type']).toMatch(/json/);
});

test('no browser keeps what the API answers, or guesses what it is, unless a route says so', async () => {
  const answers = [
    await get('/v1/thing'),
    await get('/v1/nothing'),
    await http.inject({ method: 'POST', url: '/v1/thing' }),
  ];
  for (const { headers } of answers)
    expect(headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
  expect((await get('/v1/kept')).headers['cache-control']).toBe('max-age=60');
});
