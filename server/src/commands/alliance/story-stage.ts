import type { ActivityKind, ActivityRecord } from '@bronze-drum/protocol/activity/kinds';
import type { ActivityStream } from '@bronze-drum/client/activity';
import { openClient, type Client } from '@bronze-drum/client/client';
import type { SeenAlert, Stage, StageInstitution, StageOfficer } from '@bronze-drum/simulator/story/stage';
import type { Clock } from '../../kernel/clock.ts';
import type { ScreenResponse } from '../../screening/contract.ts';
import { CommandError } from '../connection.ts';
import { openOfficerSession, type Ask } from './officer-session.ts';

/** Where a story is played: the servers of an alliance, and what is needed to speak for their institutions and officers. */
export interface StagePlace {
  readonly members: readonly string[];
  addressOf(member: string): string;
  institutionKey(member: string, institution: string): string;
  signIn(member: string, role: string): { readonly officer: string; readonly password: string };
}

export interface StageParts {
  readonly clock: Clock;
  pause(durationMs: number, ended?: AbortSignal): Promise<void>;
}

/** Institutions speak through the client library, officers as their desk does. */
export function openStage(place: StagePlace, { clock, pause }: StageParts): Stage & { close(): Promise<void> } {
  const clients = new Map<string, Client>();
  const officers = new Map<string, StageOfficer>();
  const clientOf = (member: string, id: string): Client => {
    const name = `${member}/${id}`;
    const known = clients.get(name);
    if (known !== undefined) return known;
    const client = openClient({ server: place.addressOf(member), key: place.institutionKey(member, id) });
    clients.set(name, client);
    return client;
  };
  return {
    members: place.members,
    institution: (member, id) => institutionOf(clientOf(member, id)),
    officer(member, role) {
      const name = `${member}/${role}`;
      const known =
        officers.get(name) ?? officerOf(openOfficerSession(place.addressOf(member), place.signIn(member, role)));
      officers.set(name, known);
      return known;
    },
    now: () => clock.now(),
    pause,
    async close() {
      await Promise.all([...clients.values()].map((client) => client.close()));
    },
  };
}

function institutionOf(client: Client): StageInstitution {
  const streams = new Map<ActivityKind, ActivityStream<ActivityKind>>();
  const streamOf = (kind: ActivityKind): ActivityStream<ActivityKind> => {
    const stream = streams.get(kind) ?? client.activity(kind);
    streams.set(kind, stream);
    return stream;
  };
  return {
    screen: async (identifiers) => (await client.screen(identifiers)).results,
    async report(kind, record) {
      const [result] = await streamOf(kind).send([record as unknown as ActivityRecord]);
      if (result?.state === 'refused') throw new Error(`refused: ${result.refused}`);
    },
    alertsAbout: async (subject) => (await client.alerts.list({ subject })).alerts,
  };
}

function officerOf(ask: Ask): StageOfficer {
  return {
    async list(listing) {
      try {
        await ask('POST', '/v1/registry/listings', listing);
      } catch (error) {
        if (!(error instanceof CommandError && error.code === 'conflict.listed')) throw error;
      }
    },
    async alertsAbout(subject) {
      const query = new URLSearchParams({ subject, for: 'all' });
      return (await ask<{ alerts: SeenAlert[] }>('GET', `/v1/alerts?${query}`)).alerts;
    },
    take: async (alert) => void (await ask('POST', `/v1/alerts/${alert}/take`, {})),
    async listedBy(identifier) {
      const { results } = await ask<ScreenResponse>('POST', '/v1/screen', { identifiers: [identifier] });
      const [result] = results;
      return result !== undefined && 'members' in result ? result.members : [];
    },
  };
}
