import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import type { WebhookEvent } from '@bronze-drum/protocol/webhooks';
import { verifyWebhook, WebhookRefused, type WebhookHeaders } from './webhooks.ts';

const secret = `whsec_${btoa('a secret of a test, 32 bytes long')}`;
const otherSecret = `whsec_${btoa('another secret, after the renewal')}`;
const sentAtMs = Date.parse('2026-11-20T03:00:00.000Z');
const clock = { now: () => sentAtMs + 2000 };
const at = '2026-11-20T02:59:59.000Z';

const alert: WebhookEvent = {
  type: 'alert',
  timestamp: at,
  data: {
    id: '0190f3a2-7c1e-7d3a-9d41-0a1b2c3d4e5f',
    kind: 'own-listing',
    subject: 'account:TH:014:1234567890',
    priority: 'P1',
    state: 'new',
    reasons: [
      { kind: 'own-listing', code: 'own-listing.listed', params: { lister: 'la' }, count: 1, firstAt: at, lastAt: at },
    ],
    count: 1,
    firstAt: at,
    lastAt: at,
  },
};

function signed(body: string, secrets = [secret], atMs = sentAtMs): Record<string, string> {
  const timestamp = new Date(atMs);
  return {
    'webhook-id': 'msg_1',
    'webhook-timestamp': String(Math.floor(atMs / 1000)),
    'webhook-signature': secrets.map((one) => new Webhook(one).sign('msg_1', timestamp, body)).join(' '),
  };
}

const body = JSON.stringify(alert);

function codeOf(headers: WebhookHeaders, raw: string | Uint8Array = body, secrets: string | string[] = secret): string {
  try {
    verifyWebhook(secrets, headers, raw, clock);
    return 'believed';
  } catch (error) {
    return error instanceof WebhookRefused ? error.code : 'another error';
  }
}

describe('a webhook', () => {
  it('that the server signed is believed, in any form of headers and body', () => {
    const headers = signed(body);
    expect(verifyWebhook(secret, headers, body, clock)).toEqual(alert);
    expect(verifyWebhook(secret, new Headers(headers), new TextEncoder().encode(body), clock)).toEqual(alert);
    const shouted = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]));
    expect(verifyWebhook(secret, shouted, Buffer.from(body), clock)).toEqual(alert);
  });

  it('agrees with the reference implementation of the standard', () => {
    const now = Date.now();
    const headers = signed(body, [secret], now);
    expect(verifyWebhook(secret, headers, body)).toEqual(new Webhook(secret).verify(body, headers));
  });

  it('is believed under the old and the new secret while one replaces the other', () => {
    expect(codeOf(signed(body, [otherSecret]), body, [secret, otherSecret])).toBe('believed');
    expect(codeOf(signed(body, [otherSecret, secret]), body, secret)).toBe('believed');
    expect(codeOf(signed(body, [otherSecret]), body, secret)).toBe('signature');
  });

  it('that somebody else wrote, or changed on the way, is not believed', () => {
    const headers = signed(body);
    expect(codeOf(headers, body.replace('P1', 'P4'))).toBe('signature');
    expect(codeOf({ ...headers, 'webhook-id': 'msg_2' })).toBe('signature');
    expect(codeOf({ ...headers, 'webhook-timestamp': String(sentAtMs / 1000 + 1) })).toBe('signature');
    expect(codeOf({ ...headers, 'webhook-signature': 'v1,' })).toBe('signature');
    expect(codeOf({ ...headers, 'webhook-signature': headers['webhook-signature']!.replace('v1,', 'v1a,') })).toBe(
      'signature',
    );
    expect(codeOf(headers, Uint8Array.of(0xff, 0xfe))).toBe('signature');
    expect(codeOf({})).toBe('headers');
    expect(codeOf({ ...headers, 'webhook-id': ['msg_1', 'msg_1'] })).toBe('headers');
    expect(codeOf({ ...headers, 'Webhook-Id': 'msg_1' })).toBe('headers');
  });

  it('that comes again after more than five minutes, or from the future, is not believed', () => {
    const minutes = 60_000;
    expect(codeOf(signed(body, [secret], clock.now() - 4.9 * minutes))).toBe('believed');
    expect(codeOf(signed(body, [secret], clock.now() - 5.1 * minutes))).toBe('timestamp');
    expect(codeOf(signed(body, [secret], clock.now() + 5.1 * minutes))).toBe('timestamp');
    expect(codeOf({ ...signed(body), 'webhook-timestamp': `${sentAtMs / 1000}x` })).toBe('timestamp');
  });

  it.each([
    ['no JSON', 'hello'],
    ['not an object', '[]'],
    ['an event of another type', JSON.stringify({ ...alert, type: 'order' })],
    ['an event without its time', JSON.stringify({ ...alert, timestamp: 'today' })],
    ['an alert without its subject', JSON.stringify({ ...alert, data: { ...alert.data, subject: undefined } })],
    ['an alert of another urgency', JSON.stringify({ ...alert, data: { ...alert.data, priority: 'P0' } })],
    ['a reason that is none', JSON.stringify({ ...alert, data: { ...alert.data, reasons: [{}] } })],
    ['an order without its signature', JSON.stringify({ type: 'order', timestamp: at, data: { id: 'o' } })],
    [
      'a digest without its end',
      JSON.stringify({ type: 'digest', timestamp: at, data: { from: at, alerts: [], more: 0 } }),
    ],
  ])('that is signed and is %s is refused', (_, text) => {
    expect(codeOf(signed(text), text)).toBe('schema');
  });

  it('of each type is read, and what a newer server adds is let through', () => {
    const newer = { ...alert, data: { ...alert.data, kind: 'new-kind', added: true }, version: 2 };
    const digest = { type: 'digest', timestamp: at, data: { from: at, to: at, alerts: [alert.data], more: 3 } };
    const order = {
      id: 'o',
      revision: 1,
      kind: 'hold-amount',
      subject: 's',
      answerBy: at,
      state: 'issued',
      signature: 'x',
    };
    const ordered = { type: 'order', timestamp: at, data: { ...order, exhibits: [] } };
    for (const event of [newer, digest, ordered, { type: 'test', timestamp: at, data: {} }]) {
      const text = JSON.stringify(event);
      expect(verifyWebhook(secret, signed(text), text, clock)).toEqual(event);
    }
  });

  it('never tells the secret in an error', () => {
    const broken = 'whsec_not!base64';
    expect(codeOf(signed(body), body, broken)).toBe('secret');
    expect(codeOf(signed(body), body, [])).toBe('secret');
    expect(() => verifyWebhook([broken], signed(body), body, clock)).toThrow(/^refused: webhook\.secret$/);
  });
});
