import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Command } from 'commander';
import { memberCommand } from './member.ts';

let server: Server;
let folder: string;
let asked: unknown[][];
let printed: string;
let answers: Record<string, unknown>;

beforeEach(async () => {
  asked = [];
  printed = '';
  answers = {};
  folder = await mkdtemp(join(tmpdir(), 'drum-member-'));
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  server = createServer((request, response) => {
    void (async () => {
      const body = request.headers['content-type'] === undefined ? undefined : await json(request);
      const call = `${request.method} ${request.url}`;
      asked.push([call, request.headers.authorization, ...(body === undefined ? [] : [body])]);
      const answer = answers[call];
      response.writeHead(answer === undefined ? 409 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer ?? { code: 'conflict.directory-outdated' }));
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  vi.restoreAllMocks();
  server.close();
  await rm(folder, { recursive: true, force: true });
});

async function drum(...words: string[]): Promise<void> {
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const program = new Command('drum').option('--server <url>').option('--data <folder>');
  program.exitOverride().addCommand(memberCommand({ DRUM_PASSWORD: 'seven drums' }));
  program.setOptionValueWithSource('key', 'druml_key', 'env');
  await program.parseAsync(['--server', address, 'member', ...words], { from: 'user' });
}
const fileOf = async (name: string, value: unknown): Promise<string> => {
  await writeFile(join(folder, name), JSON.stringify(value));
  return join(folder, name);
};

test('parties are listed with their keys and pauses, and proposals with whose signature is missing', async () => {
  const key = { validUntil: null, compromisedSince: null };
  answers['GET /v1/directory'] = {
    isolation: null,
    parties: [
      {
        party: 'la',
        role: 'member',
        address: 'http://la',
        keys: [
          { ...key, use: 'call', publicKey: 'oldoldold', validUntil: '2026-01-01T00:00:00.000Z' },
          { ...key, use: 'call', publicKey: 'abcdefghij' },
        ],
        pause: { direction: 'in', reason: 'inquiry' },
      },
    ],
    proposals: [
      { id: 'f00', body: { kind: 'admission', party: { party: 'vn' } }, missing: ['kh', 'vn'], outdated: false },
    ],
  };
  await drum('list');
  expect(printed.split('\n')).toEqual([
    'CODE  ROLE    ADDRESS    KEYS           PAUSE',
    'la    member  http://la  call abcdefgh  in: inquiry',
    '',
    'PROPOSAL  KIND       PARTY  STATE',
    'f00       admission  vn     missing kh, vn',
    '',
  ]);
});

test('one card makes an admission, several a founding, which must be said', async () => {
  answers['POST /v1/directory/proposals'] = { id: 'f00' };
  const [a, b] = await Promise.all(['a', 'b'].map((party) => fileOf(party, { party })));
  await drum('propose', a!);
  await drum('propose', a!, b!, '--founding');
  expect(asked.map(([, , body]) => body)).toEqual([
    { kind: 'admission', party: { party: 'a' } },
    { kind: 'founding', parties: [{ party: 'a' }, { party: 'b' }] },
  ]);
  expect(printed).toContain('drum member cosign f00 --as OFFICER');
  await expect(drum('propose', a!, b!)).rejects.toThrow('--founding');
  await expect(drum('propose', join(folder, 'none'))).rejects.toThrow('cannot be read');
});

test('an officer signs in a session of their own, which is closed whatever comes of it', async () => {
  Object.assign(answers, {
    'POST /v1/sessions': { token: 'drums_token' },
    'POST /v1/sessions/step-up': {},
    'DELETE /v1/session': {},
    'POST /v1/directory/proposals/f00/cosign': { inForce: false, missing: ['kh'] },
  });
  await drum('cosign', 'f00', '--as', 'malee');
  expect(asked).toEqual([
    ['POST /v1/sessions', 'Bearer druml_key', { officer: 'malee', password: 'seven drums' }],
    ['POST /v1/sessions/step-up', 'Bearer drums_token', { password: 'seven drums' }],
    ['POST /v1/directory/proposals/f00/cosign', 'Bearer drums_token'],
    ['DELETE /v1/session', 'Bearer drums_token'],
  ]);
  expect(printed).toBe('Signed; missing kh.\n');
  await expect(drum('cosign', 'f01', '--as', 'malee')).rejects.toThrow('refused: conflict.directory-outdated');
  expect(asked.at(-1)![0]).toBe('DELETE /v1/session');
});

test('the machine’s key pauses, resumes and cuts off, with a reason', async () => {
  const calls = ['parties/la/pause', 'parties/la/resume', 'isolation'].map((path) => `POST /v1/directory/${path}`);
  for (const call of calls) answers[call] = {};
  await drum('pause', 'la', '--direction', 'in', '--reason', 'inquiry');
  await drum('resume', 'la');
  await drum('isolate', 'on', '--reason', 'intrusion');
  expect(asked).toEqual([
    [calls[0], 'Bearer druml_key', { direction: 'in', reason: 'inquiry' }],
    [calls[1], 'Bearer druml_key'],
    [calls[2], 'Bearer druml_key', { isolated: true, reason: 'intrusion' }],
  ]);
  await expect(drum('isolate', 'perhaps', '--reason', 'x')).rejects.toThrow('on or off');
});

test('cards and charters are printed as they are, and a charter is imported', async () => {
  answers['GET /v1/directory/card'] = { party: 'th' };
  answers['POST /v1/directory/charter'] = { changed: 2, refused: [{ record: '#1', code: 'directory.kind' }] };
  await drum('card');
  expect(JSON.parse(printed)).toEqual({ party: 'th' });
  await drum('import', await fileOf('charter.json', { records: [] }));
  expect(printed).toContain('2 new or newly signed\n  refused #1: directory.kind\n');
});
