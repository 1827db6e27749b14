import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Command } from 'commander';
import { institutionCommand } from './institution.ts';
import { officerCommand } from './officer.ts';

let server: Server;
let asked: unknown[][];
let printed: string;
let answers: Record<string, unknown>;

beforeEach(async () => {
  asked = [];
  printed = '';
  answers = {};
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  server = createServer((request, response) => {
    void (async () => {
      const body = request.headers['content-type'] === undefined ? undefined : await json(request);
      asked.push([request.method, request.url, ...(body === undefined ? [] : [body])]);
      const answer = answers[`${request.method} ${request.url}`];
      response.writeHead(answer === undefined ? 409 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer ?? { code: 'conflict.exists', params: { id: 'malee' } }));
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => {
  vi.restoreAllMocks();
  server.close();
});

async function drum(...words: string[]): Promise<void> {
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const program = new Command('drum').option('--server <url>').option('--data <folder>');
  program.exitOverride().addCommand(officerCommand()).addCommand(institutionCommand());
  program.setOptionValueWithSource('key', 'druml_key', 'env');
  await program.parseAsync(['--server', address, ...words], { from: 'user' });
}

test('an officer is added, and the one-time code printed with what to do with it', async () => {
  answers['POST /v1/officers'] = { officer: 'malee', code: 'drumc_abc', expiresAt: '2026-01-08T00:00:00.000Z' };
  await drum('officer', 'add', 'malee', '--office', 'fiu', '--name', 'Malee', '--roles', 'analyst, liaison');
  const body = { id: 'malee', office: 'fiu', name: 'Malee', roles: ['analyst', 'liaison'] };
  expect(asked).toEqual([['POST', '/v1/officers', body]]);
  expect(printed).toContain('drum officer activate drumc_abc');
});

test('a refusal is one line that says what is wrong', async () => {
  const adding = drum('officer', 'add', 'malee', '--office', 'fiu', '--name', 'Malee', '--roles', 'analyst');
  await expect(adding).rejects.toThrow('refused: conflict.exists, id malee');
});

test('a role that does not exist is named before anything is asked of the server', async () => {
  const adding = drum('officer', 'add', 'malee', '--office', 'fiu', '--name', 'Malee', '--roles', 'analyst,emperor');
  await expect(adding).rejects.toThrow('there is no role emperor');
  expect(asked).toEqual([]);
});

test('officers of several pages are listed as one table', async () => {
  const officer = { id: 'malee', office: 'fiu', name: 'Malee', roles: ['analyst'], active: true, canSignIn: true };
  answers['GET /v1/officers?limit=200'] = { officers: [officer], next: 'p2' };
  answers['GET /v1/officers?limit=200&after=p2'] = { officers: [{ ...officer, id: 'niran', canSignIn: false }] };
  await drum('officer', 'list');
  expect(printed.split('\n')).toEqual([
    'OFFICER  OFFICE  NAME   ROLES    STATE',
    'malee    fiu     Malee  analyst  active',
    'niran    fiu     Malee  analyst  has not set a password',
    '',
  ]);
});

test('an institution has a quota of two numbers, or of one', async () => {
  answers['POST /v1/institutions'] = {};
  const add = (...quota: string[]) =>
    drum('institution', 'add', 'river', '--name', 'River', '--kind', 'bank', ...quota);
  await add('--quota', '5/70');
  await add('--quota', '5');
  await add();
  const quotas = asked.map(([, , body]) => (body as { quota: object }).quota);
  expect(quotas).toEqual([
    { perSecond: 5, burst: 70 },
    { perSecond: 5, burst: 100 },
    { perSecond: 1000, burst: 20_000 },
  ]);
  await expect(add('--quota', 'much')).rejects.toThrow('--quota takes a number');
});

test('a key is printed once, and revoked after the time that is asked for', async () => {
  answers['POST /v1/institutions/river/keys'] = { id: 'k1', key: 'drumk_abc', expiresAt: '2027-01-01T00:00:00.000Z' };
  answers['POST /v1/institutions/river/keys/k1/revocation'] = { revokedAt: '2026-01-02T00:00:00.000Z' };
  await drum('institution', 'key', 'river');
  expect(printed).toContain('drumk_abc');
  const beforeMs = Date.now();
  await drum('institution', 'revoke', 'river', 'k1', '--in', '24h');
  const { at } = asked[1]![2] as { at: string };
  expect(Date.parse(at) - beforeMs).toBeGreaterThanOrEqual(24 * 3_600_000);
  expect(printed).toContain('The key ends at 2026-01-02');
});
