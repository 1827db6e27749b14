import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { minuteMs, testClock } from '../kernel/clock.ts';
import { callKeyId, signCall } from './call-signatures.ts';
import { openTestAlliance, type TestAlliance, type TestParty } from './test-calls.ts';

const start = Date.UTC(2026, 0, 1, 12);
const clock = testClock(start);
const body = Buffer.from('{"size":7}');
let alliance: TestAlliance;
let kh: TestParty;
let th: TestParty;
let vn: TestParty;
let stranger: TestParty;

beforeAll(async () => {
  alliance = openTestAlliance();
  kh = await alliance.join('kh', clock);
  th = await alliance.join('th', clock);
  vn = await alliance.join('vn', clock);
  stranger = await alliance.join('xx', clock, { stranger: true });
  for (const { http, calls } of [kh, vn]) {
    http.all('/federation/v1/echo', async (request) => ({
      party: (await calls.authenticate(request)).party,
      body: request.body ?? null,
    }));
  }
});
beforeEach(() => clock.set(start));
afterAll(() => alliance.close());

type Headers = Record<string, string>;

interface Sent {
  method: 'GET' | 'POST' | 'PUT';
  url: string;
  headers: Headers;
  payload: Buffer | undefined;
}

/** A call from Thailand to Cambodia, ready to be sent and to be spoilt. */
async function signed(
  options: { by?: TestParty; as?: string; at?: number; method?: 'GET' | 'POST' } = {},
): Promise<Sent> {
  const { by = th, as = by.code, at = clock.now(), method = 'POST' } = options;
  const url = '/federation/v1/echo?book=alliance&from=1';
  const payload = method === 'POST' ? body : undefined;
  const headers = await signCall(as, by.signer, at, { method, target: url, recipient: 'kh', body: payload });
  return { method, url, headers: lower(headers), payload };
}

function lower(headers: Headers): Headers {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

async function send({ method, url, headers, payload }: Sent, to = kh): Promise<{ status: number; said: any }> {
  const type = payload === undefined ? {} : { 'content-type': 'application/json' };
  const response = await to.http.inject({
    method,
    url,
    headers: { ...headers, ...type },
    ...(payload && { payload }),
  });
  return { status: response.statusCode, said: response.json() };
}

const edit = (sent: Sent, name: string, from: string | RegExp, to: string): void => {
  expect(sent.headers[name]).toMatch(from);
  sent.headers[name] = sent.headers[name]!.replace(from, to);
};

describe('a signed call', () => {
  test('names its party, with a body and without', async () => {
    expect(await send(await signed())).toEqual({ status: 200, said: { party: 'th', body: { size: 7 } } });
    expect(await send(await signed({ method: 'GET' }))).toEqual({ status: 200, said: { party: 'th', body: null } });
  });

  test('says what it signs as RFC 9421 spells it', async () => {
    const { headers } = await signed();
    expect(headers['content-digest']).toMatch(/^sha-256=:[A-Za-z0-9+/]{43}=:$/);
    expect(headers['signature']).toMatch(/^drum=:[A-Za-z0-9+/]{86}==:$/);
    const keyId = callKeyId('th', th.signer.publicKey('call'));
    expect(headers['signature-input']!.replace(/nonce="[\w-]{22}"/, 'nonce="…"')).toBe(
      'drum=("@method" "@path" "@query" "drum-recipient" "content-digest")' +
        `;created=${start / 1000};expires=${start / 1000 + 60};nonce="…";keyid="${keyId}";alg="ed25519";tag="bronze-drum"`,
    );
  });

  test('may stand beside the signature of a proxy, before or after', async () => {
    for (const isBefore of [true, false]) {
      const sent = await signed();
      const theirs: Headers = {
        'signature-input': 'proxy=("@method" "host");created=1;keyid="gate"',
        signature: 'proxy=:AAAA:',
      };
      for (const [name, value] of Object.entries(theirs)) {
        const both = [value, sent.headers[name]];
        sent.headers[name] = (isBefore ? both : both.reverse()).join(', ');
      }
      expect(await send(sent)).toMatchObject({ status: 200, said: { party: 'th' } });
    }
  });
});

describe('what is refused', () => {
  const spoilt: [string, string, (sent: Sent) => void | Promise<void>][] = [
    ['without a signature', 'missing', (sent) => void delete sent.headers['signature']],
    ['without what it signs', 'missing', (sent) => void delete sent.headers['signature-input']],
    ['with a tag of somebody else', 'missing', (sent) => edit(sent, 'signature-input', 'bronze-drum', 'other')],
    ['with a signature that is not one', 'malformed', (sent) => void (sent.headers['signature'] = 'drum=no')],
    ['with a signature of another name', 'malformed', (sent) => edit(sent, 'signature', 'drum', 'sig')],
    ['with noise for what it signs', 'malformed', (sent) => void (sent.headers['signature-input'] = '((;')],
    ['with a component left out', 'malformed', (sent) => edit(sent, 'signature-input', ' "@query"', '')],
    ['with its digest left out', 'malformed', (sent) => edit(sent, 'signature-input', ' "content-digest"', '')],
    ['without a nonce', 'malformed', (sent) => edit(sent, 'signature-input', /;nonce="[^"]*"/, '')],
    ['without a time', 'malformed', (sent) => edit(sent, 'signature-input', /;created=\d+/, '')],
    ['of another algorithm', 'malformed', (sent) => edit(sent, 'signature-input', 'ed25519', 'hmac-sha256')],
    [
      'with two signatures of ours',
      'malformed',
      async (sent) => {
        const again = await signed();
        for (const name of ['signature', 'signature-input'])
          sent.headers[name] += `, ${again.headers[name]!.replace('drum', 'two')}`;
      },
    ],
    ['with another method', 'verify', (sent) => void (sent.method = 'PUT')],
    ['with another path', 'verify', (sent) => void (sent.url = sent.url.replace('echo', '%65cho'))],
    ['with another query', 'verify', (sent) => void (sent.url = sent.url.replace('from=1', 'from=2'))],
    ['without its query', 'verify', (sent) => void (sent.url = '/federation/v1/echo')],
    ['with another body', 'digest', (sent) => void (sent.payload = Buffer.from('{"size":8}'))],
    ['without its body', 'digest', (sent) => void (sent.payload = undefined)],
    ['without its digest', 'digest', (sent) => void delete sent.headers['content-digest']],
    ['with two digests', 'digest', (sent) => edit(sent, 'content-digest', /^(.*)$/, '$1, $1')],
    ['with another digest', 'digest', (sent) => edit(sent, 'content-digest', /:./, ':.')],
    ['for somebody else', 'recipient', (sent) => void (sent.headers['drum-recipient'] = 'vn')],
    ['for nobody', 'recipient', (sent) => void delete sent.headers['drum-recipient']],
    ['with another time', 'verify', (sent) => edit(sent, 'signature-input', /(created=\d+)\d/, '$11')],
    ['with another nonce', 'verify', (sent) => edit(sent, 'signature-input', /nonce="../, 'nonce="--')],
    ['that never ends', 'window', (sent) => edit(sent, 'signature-input', /expires=\d+/, 'expires=9999999999')],
    ['that ends before it begins', 'window', (sent) => edit(sent, 'signature-input', /expires=\d+/, 'expires=1')],
    ['of a key that is not known', 'key', (sent) => edit(sent, 'signature-input', /th\/..../, 'th/----')],
    ['in the name of another', 'key', (sent) => edit(sent, 'signature-input', 'keyid="th/', 'keyid="vn/')],
    ['in the name of nobody', 'party', (sent) => edit(sent, 'signature-input', 'keyid="th/', 'keyid="/')],
  ];
  test.each(spoilt)('a call %s: signature-%s', async (_what, rule, spoil) => {
    const sent = await signed();
    await spoil(sent);
    const { status, said } = await send(sent);
    expect([status, said.code]).toEqual([401, `unauthenticated.signature-${rule}`]);
  });

  const cases: [string, string, () => Promise<Sent>][] = [
    ['of a stranger', 'party', () => signed({ by: stranger })],
    ["of a member, by another member's key", 'key', () => signed({ by: vn, as: 'th' })],
    ['that has expired', 'window', () => signed({ at: start - 6 * minuteMs })],
    ['from the future', 'window', () => signed({ at: start + 6 * minuteMs })],
    [
      'by a key that claims to be the one of another',
      'verify',
      async () => {
        const [theirs, ours] = [vn, th].map((party) => callKeyId(party.code, party.signer.publicKey('call')));
        const sent = await signed({ by: vn });
        edit(sent, 'signature-input', theirs!, ours!);
        return sent;
      },
    ],
  ];
  test.each(cases)('a call %s: signature-%s', async (_what, rule, make) => {
    const { status, said } = await send(await make());
    expect([status, said.code]).toEqual([401, `unauthenticated.signature-${rule}`]);
  });

  test('the same call a second time', async () => {
    const sent = await signed();
    expect((await send(sent)).status).toBe(200);
    clock.advance(4 * minuteMs);
    expect((await send(sent)).said.code).toBe('unauthenticated.signature-replay');
    clock.advance(2 * minuteMs);
    expect((await send(sent)).said.code).toBe('unauthenticated.signature-window');
  });

  test('a call to Cambodia that is repeated to Viet Nam, even with the recipient exchanged', async () => {
    const sent = await signed();
    expect((await send(sent, vn)).said.code).toBe('unauthenticated.signature-recipient');
    sent.headers['drum-recipient'] = 'vn';
    expect((await send(sent, vn)).said.code).toBe('unauthenticated.signature-verify');
  });

  test('a body that came to a call signed without one', async () => {
    const sent = await signed({ method: 'GET' });
    const posted: Sent = { ...sent, method: 'POST', payload: body };
    expect((await send(posted)).said.code).toBe('unauthenticated.signature-digest');
  });

  test('a call in which any bit of any header of it is another', async () => {
    const sent = await signed();
    const names = ['signature', 'signature-input', 'content-digest', 'drum-recipient'];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...names),
        fc.nat(),
        fc.integer({ min: 0, max: 6 }),
        async (name, place, bit) => {
          const bytes = Buffer.from(sent.headers[name]!, 'latin1');
          bytes[place % bytes.length]! ^= 1 << bit;
          const headers = { ...sent.headers, [name]: bytes.toString('latin1') };
          const { status, said } = await send({ ...sent, headers });
          expect([status, said.code]).toEqual([401, expect.stringMatching(/^unauthenticated\.signature-[a-z]+$/)]);
          expect(said.code).not.toBe('unauthenticated.signature-replay');
        },
      ),
      { numRuns: 1500 },
    );
    expect((await send(sent)).status).toBe(200);
  });

  test('a refusal says nothing of the signature', async () => {
    const sent = await signed({ by: vn, as: 'th' });
    const { said } = await send(sent);
    expect(Object.keys(said).sort()).toEqual(['code', 'requestId', 'status', 'title', 'type']);
  });
});

test('the clocks of two servers may be four minutes apart, either way, and not six', async () => {
  const codes = [];
  for (const minutes of [-6, -4, 4, 6])
    codes.push((await send(await signed({ at: start + minutes * minuteMs }))).status);
  expect(codes).toEqual([401, 200, 200, 401]);
});
