import { hash } from 'node:crypto';
import { httpbis, type Request as SignableRequest, type SignatureParameters } from 'http-message-signatures';
import { isPartyCode, type PartyCode } from '@bronze-drum/protocol/members';
import { minuteMs } from '../kernel/clock.ts';
import { newSalt } from '../kernel/ids.ts';
import { refuse, Refused } from '../kernel/refusals.ts';
import { verifyEd25519, type Signer } from '../platform/signer.ts';

/** How far the clocks of two servers may be apart, and so how long a call may be under way. */
export const skewMsMax = 5 * minuteMs;

const lifetimeSeconds = 60;
const callTag = 'bronze-drum';
const algorithm = 'ed25519';
const nonceBytes = 16;

/**
 * What every call signs. The authority is not among it, because a proxy may change it; the recipient is, so that a call to
 * one member cannot be repeated to another.
 */
const signedAlways = ['@method', '@path', '@query', 'drum-recipient'];
const signedParameters = ['created', 'expires', 'nonce', 'keyid', 'alg', 'tag'];

type HeaderValues = Readonly<Record<string, string | string[] | undefined>>;

/** A request as it goes over the wire. */
export interface SentCall {
  readonly method: string;
  /** Path and query, exactly. */
  readonly target: string;
  readonly recipient: PartyCode;
  /** The body's bytes, if it has one. */
  readonly body: Uint8Array | undefined;
}

export interface ReceivedCall {
  readonly method: string;
  readonly target: string;
  readonly headers: HeaderValues;
  readonly hasBody: boolean;
  /** SHA-256 of the body as it came, in Base64, if it was read. */
  readonly bodyDigest: string | undefined;
}

/** What a valid signature says. */
export interface Claim {
  readonly party: PartyCode;
  readonly nonce: string;
  readonly createdMs: number;
}

export interface Judge {
  readonly self: PartyCode;
  readonly nowMs: number;
  callKeysOf(party: string): readonly Uint8Array[];
}

/** The name of a key in signatures: whose it is, and 64 bits of its SHA-256. */
export function callKeyId(party: string, publicKey: Uint8Array): string {
  return `${party}/${hash('sha256', publicKey).slice(0, 16)}`;
}

/** The headers that make a request a call of `party`. */
export async function signCall(
  party: PartyCode,
  signer: Signer,
  nowMs: number,
  call: SentCall,
): Promise<Record<string, string>> {
  const headers: Record<string, string> = { 'drum-recipient': call.recipient };
  if (call.body !== undefined) headers['content-digest'] = contentDigest(hash('sha256', call.body, 'base64'));
  const createdMs = Math.floor(nowMs / 1000) * 1000;
  const signed = await httpbis.signMessage(
    {
      key: { sign: async (base) => Buffer.from(signer.sign('call', base)) },
      name: 'drum',
      fields: call.body === undefined ? signedAlways : [...signedAlways, 'content-digest'],
      params: signedParameters,
      paramValues: {
        created: new Date(createdMs),
        expires: new Date(createdMs + lifetimeSeconds * 1000),
        nonce: Buffer.from(newSalt(nonceBytes)).toString('base64url'),
        keyid: callKeyId(party, signer.publicKey('call')),
        alg: algorithm,
        tag: callTag,
      },
      componentParser: exactTarget,
    },
    { method: call.method, url: call.target, headers },
  );
  return signed.headers;
}

/**
 * Who signed a request, or a refusal. A call is accepted if it was created at most five minutes before or after now by our
 * clock, and expires after it was created and within five minutes. Whether it expired by the sender's clock cannot be
 * told from the skew between the two, so what ends a call is its creation; whether it came before, its nonce tells.
 */
export async function verifyCall(call: ReceivedCall, judge: Judge): Promise<Claim> {
  const { headers } = call;
  if (typeof headers['signature-input'] !== 'string' || typeof headers['signature'] !== 'string')
    refuse('unauthenticated.signature-missing');
  if (headers['drum-recipient'] !== judge.self) refuse('unauthenticated.signature-recipient');
  const claims: Claim[] = [];
  const verdict = await verifyMessage(call, async (parameters) => {
    if (parameters['tag'] !== callTag) return null;
    if (claims.length > 0) refuse('unauthenticated.signature-malformed', { rule: 'one' });
    const { claim, key } = claimOf(parameters, judge);
    claims.push(claim);
    checkDigest(call);
    return {
      verify: async (base: Uint8Array, signature: Uint8Array) =>
        isSpeltCanonically(headers['signature'] as string, signature) && verifyEd25519(key, base, signature),
    };
  });
  const [claim] = claims;
  if (claim === undefined) refuse('unauthenticated.signature-missing');
  if (verdict !== true) refuse('unauthenticated.signature-verify');
  return claim;
}

type KeyLookup = Parameters<typeof httpbis.verifyMessage>[0]['keyLookup'];

/** Rebuilds what was signed and has it verified. What does not follow RFC 9421 or leaves out a component is malformed. */
async function verifyMessage(call: ReceivedCall, keyLookup: KeyLookup): Promise<boolean | null> {
  const coversBody = call.hasBody || call.headers['content-digest'] !== undefined;
  const request = { method: call.method, url: call.target, headers: call.headers as Record<string, string | string[]> };
  try {
    return await httpbis.verifyMessage(
      {
        keyLookup,
        requiredFields: coversBody ? [...signedAlways, 'content-digest'] : signedAlways,
        componentParser: exactTarget,
        // The library asks the system's clock; ours has judged already.
        tolerance: Number.MAX_SAFE_INTEGER,
      },
      request,
    );
  } catch (error) {
    if (error instanceof Refused) throw error;
    return refuse('unauthenticated.signature-malformed');
  }
}

function claimOf(parameters: SignatureParameters, judge: Judge): { claim: Claim; key: Uint8Array } {
  const { created, expires, nonce, keyid, alg } = parameters as Readonly<Record<string, unknown>>;
  const isWhole =
    created instanceof Date &&
    Number.isSafeInteger(created.getTime()) &&
    typeof expires === 'number' &&
    typeof nonce === 'string' &&
    /^[A-Za-z0-9+/_=-]{16,64}$/.test(nonce) &&
    typeof keyid === 'string' &&
    alg === algorithm;
  if (!isWhole) refuse('unauthenticated.signature-malformed', { rule: 'parameters' });
  const key = keyOf(keyid, judge);
  const createdMs = created.getTime();
  const lifetimeMs = expires * 1000 - createdMs;
  const isTimely = Math.abs(judge.nowMs - createdMs) <= skewMsMax && lifetimeMs > 0 && lifetimeMs <= skewMsMax;
  if (!isTimely) refuse('unauthenticated.signature-window');
  return { claim: { party: keyid.slice(0, keyid.indexOf('/')), nonce, createdMs }, key };
}

function keyOf(keyid: string, judge: Judge): Uint8Array {
  const [party = ''] = keyid.split('/');
  const keys = isPartyCode(party) ? judge.callKeysOf(party) : [];
  if (keys.length === 0) refuse('unauthenticated.signature-party');
  return keys.find((key) => callKeyId(party, key) === keyid) ?? refuse('unauthenticated.signature-key');
}

/** The digest of the body that came is the one that the header names; of no body, no digest. */
function checkDigest({ headers, hasBody, bodyDigest }: ReceivedCall): void {
  const header = headers['content-digest'];
  if (!hasBody && header === undefined) return;
  const named = typeof header === 'string' ? header.split(',').filter((part) => /^\s*sha-256\s*=/.test(part)) : [];
  const isRight = named.length === 1 && bodyDigest !== undefined && named[0]!.trim() === contentDigest(bodyDigest);
  if (!isRight) refuse('unauthenticated.signature-digest');
}

/** RFC 9530. */
function contentDigest(sha256Base64: string): string {
  return `sha-256=:${sha256Base64}:`;
}

/** Base64 has several spellings of the same bytes, of which one is right: nothing in a call may be changed, not even so. */
function isSpeltCanonically(header: string, signature: Uint8Array): boolean {
  return header.includes(`:${Buffer.from(signature).toString('base64')}:`);
}

/**
 * Path and query as they stand on the wire. The library would read them from a normalised URL, and so let a path be
 * changed that the router reads differently.
 */
function exactTarget(name: string, parameters: ReadonlyMap<string, unknown>, message: unknown): string[] | null {
  if (parameters.size > 0) return null;
  const target = (message as SignableRequest).url.toString();
  const queryAt = target.indexOf('?');
  if (name === '@request-target') return [target];
  if (name === '@path') return [queryAt === -1 ? target : target.slice(0, queryAt)];
  if (name === '@query') return [queryAt === -1 ? '?' : target.slice(queryAt)];
  return null;
}
