import type { Access } from '../access/access.ts';
import type { Http } from '../platform/http.ts';
import * as contract from './contract.ts';
import type { Detection } from './detection.ts';

const security = [{ bearer: [] }];
const tags = ['detection'];

export function detectionRoutes(http: Http, detection: Detection, access: Pick<Access, 'authenticate'>): void {
  findingRoutes(http, detection, access);
  replayRoutes(http, detection, access);
}

function findingRoutes(http: Http, detection: Detection, access: Pick<Access, 'authenticate'>): void {
  http.get(
    '/v1/detection/findings',
    {
      schema: {
        summary: 'What detectors found, newest first',
        tags,
        security,
        querystring: contract.FindingQuery,
        response: { 200: contract.FindingPage },
      },
    },
    async (request) => detection.list(await access.authenticate(request), request.query),
  );
  http.get(
    '/v1/detection/findings/:id',
    {
      schema: {
        summary: 'One finding with the facts behind it',
        tags,
        security,
        params: contract.FindingId,
        response: { 200: contract.Finding },
      },
    },
    async (request) => detection.get(await access.authenticate(request), request.params.id),
  );
  http.get(
    '/v1/detection/detectors',
    {
      schema: {
        summary: 'Every detector: its limits in force, how much it finds, what officers made of it, whether it drifts',
        tags,
        security,
        response: { 200: contract.DetectorStates },
      },
    },
    async (request) => detection.detectors(await access.authenticate(request)),
  );
}

function replayRoutes(http: Http, detection: Detection, access: Pick<Access, 'authenticate'>): void {
  http.post(
    '/v1/detection/replays',
    {
      schema: {
        summary: 'Tries other limits on what was reported in the last hours; nothing is changed and nobody alerted',
        tags,
        security,
        body: contract.ReplayWish,
        response: { 202: contract.Replay },
      },
    },
    async (request, reply) => {
      const replay = await detection.replay(await access.authenticate(request), request.body);
      return reply.code(202).send(replay);
    },
  );
  http.get(
    '/v1/detection/replays',
    { schema: { summary: 'The replays of late', tags, security, response: { 200: contract.Replays } } },
    async (request) => detection.replays(await access.authenticate(request)),
  );
  http.get(
    '/v1/detection/replays/:id',
    {
      schema: {
        summary: 'How far a replay is, and which subjects would be found more and which no longer',
        tags,
        security,
        params: contract.ReplayId,
        response: { 200: contract.Replay },
      },
    },
    async (request) => detection.readReplay(await access.authenticate(request), request.params.id),
  );
}
