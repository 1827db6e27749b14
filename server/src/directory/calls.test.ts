import { connect as connectTcp, createServer, type AddressInfo, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { connect as connectTls } from 'node:tls';
import { Type } from 'typebox';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../kernel/clock.ts';
import { Outage, refuse, Refused } from '../kernel/refusals.ts';
import { openTestAuthority } from '../platform/test-certificates.ts';
import { openCalls, type Calls } from './calls.ts';
import { signCall } from './call-signatures.ts';
import { openTestAlliance, type TestAlliance, type TestParty } from './test-calls.ts';

const Echo = Type.Object({ party: Type.String(), body: Type.Unknown() });
const whoami = { method: 'GET', path: '/federation/v1/whoami?again=1' } as const;
let alliance: TestAlliance;
let kh: TestParty;
let th: TestParty;

beforeEach(() => {
  alliance = openTestAlliance();
});
afterEach(() => alliance.close());

async function openTwo(options: Parameters<TestAlliance['join']>[2] = {}): Promise<void> {
  kh = await alliance.join('kh', systemClock, options);
  th = await alliance.join('th', systemClock, options);
}

/** Cambodia answers who calls; more routes may be given. */
async function listen(routes: (http: TestParty['http']) => void = () => undefined): Promise<void> {
  kh.http.all('/federation/v1/whoami', async (request) => ({
    party: (await kh.calls.authenticate(request)).party,
    body: request.body ?? null,
  }));
  routes(kh.http);
  await alliance.listen(kh);
}

/** What a promise is rejected with. */
async function troubleOf(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
  } catch (error) {
    return error;
  }
  throw new Error('it was not refused');
}

const codeOf = async (work: Promise<unknown>): Promise<string | undefined> => {
  const trouble = await troubleOf(work);
  return trouble instanceof Refused ? trouble.refusal.refused : undefined;
};

describe('between two servers', () => {
  beforeEach(() => openTwo());

  test('a signed call is answered and names its party', async () => {
    await listen();
    expect(await th.calls.json('kh', whoami, Echo)).toEqual({ party: 'th', body: null });
    const body = { text: 'ສະບາຍດີ', count: 2 };
    expect(await th.calls.json('kh', { ...whoami, method: 'POST', body }, Echo)).toEqual({ party: 'th', body });
  });

  test('calls side by side each have their own nonce', async () => {
    await listen();
    const answers = await Promise.all(Array.from({ length: 50 }, () => th.calls.json('kh', whoami, Echo)));
    expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toEqual(new Set(['{"party":"th","body":null}']));
  });

  test('a refusal of the other comes with its code and its facts', async () => {
    await listen((http) => http.get('/federation/v1/no', async () => refuse('gone.book', { book: 'kh+th', next: 7 })));
    const trouble = await troubleOf(th.calls.call('kh', { method: 'GET', path: '/federation/v1/no' }));
    expect(trouble).toBeInstanceOf(Refused);
    expect((trouble as Refused).refusal).toEqual({ refused: 'gone.book', params: { book: 'kh+th', next: 7 } });
  });

  test("what the other's server refuses in us, it refuses with its reason", async () => {
    const xx = await alliance.join('xx', systemClock, { stranger: true });
    await listen();
    expect(await codeOf(xx.calls.call('kh', whoami))).toBe('unauthenticated.signature-party');
  });

  test('a server that fails, or is no Bronze Drum server, is an outage', async () => {
    await listen((http) => {
      http.get('/federation/v1/down', (_request, reply) => reply.code(503).header('retry-after', '40').send('down'));
      http.get('/federation/v1/defect', async () => Promise.reject(new Error('defect')));
      http.get('/federation/v1/moved', (_request, reply) => reply.redirect('/federation/v1/whoami'));
      http.get('/federation/v1/page', (_request, reply) => reply.code(404).type('text/html').send('<h1>no</h1>'));
      http.get('/federation/v1/odd', (_request, reply) =>
        reply.code(400).type('application/problem+json').send('{"code":"Robert\'); DROP TABLE"}'),
      );
    });
    for (const path of ['down', 'defect', 'moved', 'page', 'odd']) {
      const trouble = await troubleOf(th.calls.call('kh', { method: 'GET', path: `/federation/v1/${path}` }));
      expect(trouble, path).toBeInstanceOf(Outage);
      expect((trouble as Outage).retryAfterSeconds).toBe(path === 'down' ? 40 : 5);
    }
  });

  test('a server that is not there, or of which no address is known, is an outage', async () => {
    expect(await troubleOf(th.calls.call('kh', whoami))).toBeInstanceOf(Outage);
    await listen();
    await kh.http.close();
    expect(await troubleOf(th.calls.call('kh', whoami))).toBeInstanceOf(Outage);
  });

  test('a path that a URL would read differently is never sent', async () => {
    await listen();
    for (const path of [
      'whoami',
      '/federation/../whoami',
      '/a b',
      '/a#b',
      '/a#',
      '//elsewhere/a',
      '/a\\b',
      'http://a/',
    ])
      await expect(th.calls.call('kh', { method: 'GET', path }), path).rejects.toThrow('the path of a call');
  });

  test('a call that its caller gave up ends with the reason', async () => {
    await listen((http) => http.get('/federation/v1/slow', () => new Promise(() => undefined)));
    const slow = { method: 'GET', path: '/federation/v1/slow', signal: AbortSignal.timeout(50) } as const;
    await expect(th.calls.call('kh', slow)).rejects.toThrow('timeout');
    await expect(th.calls.call('kh', slow)).rejects.toThrow('timeout');
  });
});

describe('answers', () => {
  beforeEach(() => openTwo());

  const answering = (payload: unknown, type = 'application/json'): Promise<void> =>
    listen((http) => http.get('/federation/v1/say', (_request, reply) => reply.type(type).send(payload)));
  const say = { method: 'GET', path: '/federation/v1/say' } as const;

  test('an answer larger than 8 MiB is cut', async () => {
    let sent = 0;
    const endless = function* (): Iterable<Buffer> {
      for (; sent < 1000; sent += 1) yield Buffer.alloc(64 * 1024, 0x20);
    };
    await answering(Readable.from(endless()));
    expect(await codeOf(th.calls.json('kh', say, Type.Unknown()))).toBe('malformed.answer');
    expect(sent).toBeLessThan(500);
  });

  test('an answer of 5 MB is read whole', async () => {
    await answering(JSON.stringify('x'.repeat(5_000_000)));
    expect(await th.calls.json<string>('kh', say, Type.String())).toHaveLength(5_000_000);
  });

  test.each([
    ['is not JSON', '{"party":'],
    ['is not UTF-8', Buffer.from('{"party":"\xff"}', 'latin1')],
    ['is not what was asked', '{"partie":"kh"}'],
    ['is empty', ''],
  ])('an answer that %s is malformed', async (_what, payload) => {
    await answering(payload);
    expect(await codeOf(th.calls.json('kh', say, Echo))).toBe('malformed.answer');
  });

  test('a stream arrives piece by piece, before its end', async () => {
    const stream = new Readable({ read: () => undefined });
    await answering(stream, 'application/x-ndjson');
    stream.push('1\n');
    const { body } = await th.calls.call('kh', { ...say, idleMsMax: Infinity });
    const seen: string[] = [];
    for await (const chunk of body as AsyncIterable<Buffer>) {
      seen.push(chunk.toString());
      stream.push(seen.length < 3 ? `${seen.length + 1}\n` : null);
    }
    expect(seen).toEqual(['1\n', '2\n', '3\n']);
  });

  test('a stream that says nothing for too long fails', async () => {
    const stream = new Readable({ read: () => undefined });
    await answering(stream);
    stream.push('1\n');
    const { body } = await th.calls.call('kh', { ...say, idleMsMax: 200 });
    await expect(text(body)).rejects.toThrow('Body Timeout');
  });

  test('a connection cut in the middle is an outage', async () => {
    await listen((http) =>
      http.get('/federation/v1/say', (_request, reply) => {
        reply.hijack();
        reply.raw.writeHead(200, { 'content-type': 'application/json' });
        reply.raw.write('{"party":', () => reply.raw.socket?.destroy());
      }),
    );
    expect(await troubleOf(th.calls.json('kh', say, Echo))).toBeInstanceOf(Outage);
  });
});

describe('a server that is cut off', () => {
  beforeEach(() => openTwo());

  test('calls nobody', async () => {
    await listen();
    th.isolated = true;
    expect(await troubleOf(th.calls.call('kh', whoami))).toBeInstanceOf(Outage);
    th.isolated = false;
    expect(await th.calls.json('kh', whoami, Echo)).toMatchObject({ party: 'th' });
  });

  test('is silent to signed calls, whatever path they dress in, and answers its own officers', async () => {
    await listen((http) => http.get('/federation/v1/open', async () => 'for officers'));
    kh.isolated = true;
    expect(await troubleOf(th.calls.call('kh', whoami))).toBeInstanceOf(Outage);
    const { port } = kh.http.server.address() as AddressInfo;
    for (const path of ['/federation/v1/whoami', '/federation/v1/none', '/%66ederation/v1/whoami'])
      expect(await rawAnswer(port, `GET ${path} HTTP/1.1\r\nHost: kh\r\nSignature-Input: a=()\r\n\r\n`)).toBe('');
    expect(await (await fetch(`${kh.address}/federation/v1/open`)).text()).toBe('for officers');
    kh.isolated = false;
    expect(await th.calls.json('kh', whoami, Echo)).toMatchObject({ party: 'th' });
  });
});

/** Everything that a server says to some bytes until it hangs up. */
async function rawAnswer(port: number, request: string): Promise<string> {
  const socket = connectTcp(port, '127.0.0.1');
  socket.write(request);
  return text(socket);
}

describe('mutual TLS', () => {
  const authority = openTestAuthority('alliance');

  test('a call over it is answered and names its party', async () => {
    kh = await alliance.join('kh', systemClock, { tls: authority.certify('kh') });
    th = await alliance.join('th', systemClock, { tls: authority.certify('th') });
    await listen();
    expect(kh.address).toMatch(/^https:/);
    const call = { ...whoami, method: 'POST', body: { a: 1 } } as const;
    expect(await th.calls.json('kh', call, Echo)).toEqual({ party: 'th', body: { a: 1 } });
  });

  /** The code with which Cambodia's server refuses a signed call over connections of a kind; twice, to resume a session. */
  async function refusalsOver(certificate: { cert?: string; key?: string }): Promise<string[]> {
    const port = Number(new URL(kh.address!).port);
    const path = '/federation/v1/whoami';
    const codes: string[] = [];
    let session: Buffer | undefined;
    for (let turn = 0; turn < 2; turn += 1) {
      const headers = await signCall('th', th.signer, systemClock.now(), {
        method: 'GET',
        target: path,
        recipient: 'kh',
        body: undefined,
      });
      const { cert, key } = certificate;
      const given = { host: '127.0.0.1', port, ca: authority.ca, ...(cert && { cert }), ...(key && { key }) };
      const socket = connectTls({ ...given, ...(session && { session }) });
      socket.on('session', (ticket) => (session = ticket));
      let isResumed: boolean | undefined;
      socket.on('secureConnect', () => (isResumed = socket.isSessionReused()));
      const lines = Object.entries({ ...headers, host: 'kh', connection: 'close' }).map(
        ([name, is]) => `${name}: ${is}`,
      );
      socket.write(`GET ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
      const answer = await text(socket);
      codes.push(/"code":"([^"]+)"/.exec(answer)?.[1] ?? answer.slice(9, 12));
      expect(isResumed).toBe(turn === 1);
    }
    return codes;
  }

  test('a signed call without a certificate of the alliance is refused, on a resumed session too', async () => {
    await openTwo({ tls: authority.certify('kh') });
    await listen((http) => http.get('/v1/open', async () => 'for all'));
    const refused = 'unauthenticated.certificate';
    expect(await refusalsOver({})).toEqual([refused, refused]);
    expect(await refusalsOver(openTestAuthority('others').certify('th'))).toEqual([refused, refused]);
    expect(await refusalsOver(authority.certify('th'))).toEqual(['200', '200']);
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connectTls({ host: '127.0.0.1', port: Number(new URL(kh.address!).port), ca: authority.ca });
      socket.write('GET /v1/open HTTP/1.1\r\nhost: kh\r\nconnection: close\r\n\r\n');
      text(socket).then(resolve, reject);
    });
    expect(answer).toContain('for all');
  });

  test('a server whose certificate is not of the alliance, or that has none, is not spoken to', async () => {
    kh = await alliance.join('kh', systemClock, { tls: openTestAuthority('others').certify('kh') });
    const la = await alliance.join('la', systemClock);
    await listen();
    await alliance.listen(la);
    th = await alliance.join('th', systemClock, { tls: authority.certify('th') });
    expect(await troubleOf(th.calls.call('kh', whoami))).toBeInstanceOf(Outage);
    expect(await troubleOf(th.calls.call('la', whoami))).toMatchObject({
      message: 'the address of la is not one of HTTPS',
    });
  });
});

describe('closing', () => {
  let calls: Calls;
  let heard: Socket[];

  test('ends the calls under way', async () => {
    heard = [];
    const mute = createServer((socket) => void heard.push(socket.on('error', () => undefined)));
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    const { signer } = await alliance.join('th', systemClock);
    calls = openCalls({
      self: 'th',
      clock: systemClock,
      signer,
      callKeysOf: () => [],
      addressOf: () => `http://127.0.0.1:${(mute.address() as AddressInfo).port}`,
      isIsolated: () => false,
      tls: undefined,
    });
    const trouble = troubleOf(calls.call('kh', whoami));
    await new Promise((resolve) => mute.once('connection', resolve));
    await calls.close();
    expect(await trouble).toBeInstanceOf(Outage);
    for (const socket of heard) socket.destroy();
    mute.close();
  });
});
