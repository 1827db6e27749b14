import { hash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';

/** Where other servers call. */
const callsPath = '/federation/v1/';

/**
 * Whether another server makes this request: signed, and on the paths where servers call. The route counts too, because
 * a router decodes what the raw path may hide.
 */
export function isSignedCall(request: FastifyRequest): boolean {
  if (request.headers['signature-input'] === undefined) return false;
  return request.url.startsWith(callsPath) || request.routeOptions.url?.startsWith(callsPath) === true;
}

const digests = new WeakMap<FastifyRequest, string>();

/** Keeps the SHA-256 of a body as it came, before it is parsed; called only if the request says what it should be. */
export function keepBodyDigest(request: FastifyRequest, body: Uint8Array): void {
  digests.set(request, hash('sha256', body, 'base64'));
}

/** The SHA-256 of the body as it came, in Base64; undefined if no body was read or its request named no digest. */
export function bodyDigestOf(request: FastifyRequest): string | undefined {
  return digests.get(request);
}
