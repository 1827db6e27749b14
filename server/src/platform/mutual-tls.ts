import { readFile } from 'node:fs/promises';
import type { ServerOptions } from 'node:https';
import { TLSSocket } from 'node:tls';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { refusal } from '@bronze-drum/protocol/refusals';
import { Refused } from '../kernel/refusals.ts';
import { isSignedCall } from './signed-calls.ts';

/** This server's certificate and key, and who signs the certificates of the others, as PEM texts. */
export interface TlsTexts {
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
}

/** The files that hold the three. */
export interface TlsFiles {
  readonly certFile: string;
  readonly keyFile: string;
  readonly caFile: string;
}

export async function readTls(files: TlsFiles): Promise<TlsTexts> {
  const [cert, key, ca] = await Promise.all(
    [files.certFile, files.keyFile, files.caFile].map((path) => readFile(path, 'utf8')),
  );
  return { cert: cert!, key: key!, ca: ca! };
}

/** Asks every caller for a certificate but lets those without one in: institutions and officers have none. */
export function tlsOptions({ cert, key, ca }: TlsTexts): ServerOptions {
  return { cert, key, ca, requestCert: true, rejectUnauthorized: false };
}

/** Signed calls must come over a connection whose client certificate the alliance's authority signed. */
export function demandCertificates(app: FastifyInstance): void {
  app.addHook('onRequest', (request, _reply, done) => {
    if (isSignedCall(request) && !isCertified(request)) done(new Refused(refusal('unauthenticated.certificate')));
    else done();
  });
}

function isCertified(request: FastifyRequest): boolean {
  const { socket } = request.raw;
  return socket instanceof TLSSocket && socket.authorized;
}
