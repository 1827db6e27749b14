import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Access } from '../access/access.ts';
import type { PartyActor } from '../kernel/actor.ts';
import { refuse } from '../kernel/refusals.ts';
import type { Http } from '../platform/http.ts';
import {
  Card,
  Charter,
  CodeParams,
  Cosigned,
  DirectoryView,
  IdParams,
  Imported,
  Isolate,
  Merged,
  NeighbourQuery,
  NeighbourRecords,
  PauseParty,
  Proposal,
  Proposed,
  Relocate,
  RotateKey,
  Rotated,
  UseParams,
} from './contract.ts';
import type { Directory } from './directory.ts';

const security = [{ bearer: [] }];
const tags = ['directory'];
const done = { 204: Type.Null() };
/** A whole directory fits. */
const bodyLimit = 8 * 1024 * 1024;

/** `authenticateParty` says whose server signed a call, or refuses it. */
export function directoryRoutes(
  http: Http,
  directory: Directory,
  access: Access,
  authenticateParty: (request: FastifyRequest) => Promise<PartyActor>,
): void {
  readingRoutes(http, directory, access);
  proposalRoutes(http, directory, access);
  ownRoutes(http, directory, access);
  pauseRoutes(http, directory, access);
  neighbourRoutes(http, directory, authenticateParty);
}

function readingRoutes(http: Http, directory: Directory, access: Access): void {
  http.get(
    '/v1/directory',
    {
      schema: { summary: 'Who takes part, and what waits for whom', tags, security, response: { 200: DirectoryView } },
    },
    async (request) => directory.read(await access.authenticate(request)),
  );
  http.get(
    '/v1/directory/card',
    { schema: { summary: 'This server’s own entry', tags, security, response: { 200: Card } } },
    async (request) => directory.card(await access.authenticate(request)),
  );
  http.get(
    '/v1/directory/charter',
    { schema: { summary: 'All records, for a new party', tags, security, response: { 200: Charter } } },
    async (request) => ({ records: await directory.charter(await access.authenticate(request)) }),
  );
}

function proposalRoutes(http: Http, directory: Directory, access: Access): void {
  http.post(
    '/v1/directory/charter',
    {
      bodyLimit,
      schema: {
        summary: 'Take in records from a file; the first founding is trusted',
        tags,
        security,
        body: Charter,
        response: { 200: Imported },
      },
    },
    async (request) => directory.importCharter(await access.authenticate(request), request.body.records),
  );
  http.post(
    '/v1/directory/proposals',
    {
      schema: {
        summary: 'Propose the founding, an admission, or a new key for one in other hands',
        tags,
        security,
        body: Proposal,
        response: { 201: Proposed },
      },
    },
    async (request, reply) => {
      const proposed = await directory.propose(await access.authenticate(request), request.body);
      return reply.code(201).send(proposed);
    },
  );
  http.post(
    '/v1/directory/proposals/:id/cosign',
    {
      schema: { summary: 'Sign for this party', tags, security, params: IdParams, response: { 200: Cosigned } },
    },
    async (request) => directory.cosign(await access.authenticate(request), request.params.id),
  );
}

function ownRoutes(http: Http, directory: Directory, access: Access): void {
  http.post(
    '/v1/directory/keys/:use/rotate',
    {
      schema: {
        summary: 'Begin a new key; the old one stays valid for a while',
        tags,
        security,
        params: UseParams,
        body: RotateKey,
        response: { 201: Rotated },
      },
    },
    async (request, reply) => {
      const actor = await access.authenticate(request);
      const rotated = await directory.rotateKey(actor, request.params.use, request.body);
      return reply.code(201).send(rotated);
    },
  );
  http.post(
    '/v1/directory/address',
    { schema: { summary: 'Say where this server is now', tags, security, body: Relocate, response: done } },
    async (request, reply) => {
      await directory.relocate(await access.authenticate(request), request.body.address);
      return reply.code(204).send(null);
    },
  );
}

function pauseRoutes(http: Http, directory: Directory, access: Access): void {
  http.post(
    '/v1/directory/parties/:code/pause',
    {
      schema: {
        summary: 'Take nothing from a party, give it nothing, or both',
        tags,
        security,
        params: CodeParams,
        body: PauseParty,
        response: done,
      },
    },
    async (request, reply) => {
      const { direction, reason } = request.body;
      await directory.pause(await access.authenticate(request), request.params.code, direction, reason);
      return reply.code(204).send(null);
    },
  );
  http.post(
    '/v1/directory/parties/:code/resume',
    { schema: { summary: 'End a pause', tags, security, params: CodeParams, response: done } },
    async (request, reply) => {
      await directory.resume(await access.authenticate(request), request.params.code);
      return reply.code(204).send(null);
    },
  );
  http.post(
    '/v1/directory/isolation',
    { schema: { summary: 'Cut this server off, or end that', tags, security, body: Isolate, response: done } },
    async (request, reply) => {
      const { isolated, reason } = request.body;
      await directory.isolate(await access.authenticate(request), isolated, reason);
      return reply.code(204).send(null);
    },
  );
}

/** What servers hand to each other. A pause holds for the directory as for everything else. */
function neighbourRoutes(
  http: Http,
  directory: Directory,
  authenticateParty: (request: FastifyRequest) => Promise<PartyActor>,
): void {
  const authenticate = async (request: FastifyRequest, direction: 'in' | 'out'): Promise<void> => {
    const { party } = await authenticateParty(request);
    if (directory.party(party) === undefined) refuse('forbidden.party');
    if (directory.isIsolated()) refuse('forbidden.isolated');
    if ([direction, 'both'].includes(directory.pauseOf(party))) refuse('forbidden.paused');
  };
  http.get(
    '/federation/v1/directory',
    {
      schema: {
        summary: 'The records of the directory, for a neighbour that has others',
        tags,
        querystring: NeighbourQuery,
        response: { 200: NeighbourRecords },
      },
    },
    async (request) => {
      await authenticate(request, 'out');
      const digest = directory.digest();
      return { digest, records: request.query.digest === digest ? [] : await directory.records() };
    },
  );
  http.post(
    '/federation/v1/directory',
    {
      bodyLimit,
      schema: { summary: 'Records that a neighbour has', tags, body: Charter, response: { 200: Merged } },
    },
    async (request) => {
      await authenticate(request, 'in');
      return { changed: await directory.merge(request.body.records) };
    },
  );
}
