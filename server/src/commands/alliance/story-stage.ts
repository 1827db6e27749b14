import type { ActivityKind, ActivityRecord } from '@bronze-drum/protocol/activity/kinds';
import type { ActivityStream } from '@bronze-drum/client/activity';
import { openClient, type Client } from '@bronze-drum/client/client';
import type { Stage, StageInstitution, StageOfficer } from '@bronze-drum/simulator/story/stage';
import type { Clock } from '../../kernel/clock.ts';
import { answerOf, openOfficerSession, send, type Ask } from './officer-session.ts';
import { stageOfficer } from './story-officer.ts';

/** Where a story is played: the servers of an alliance, and what is needed to speak for their institutions and officers. */
export interface StagePlace {
  readonly members: readonly string[];
  addressOf(member: string): string;
  institutionKey(member: string, institution: string): string;
  /** `role` may name the place of the officer among those of the role: `supervisor 2`. */
  signIn(member: string, role: string): { readonly officer: string; readonly password: string };
  /** Calls with the key of the server's own machine. */
  operator(member: string): Ask;
}

export interface StageParts {
  readonly clock: Clock;
  pause(durationMs: number, ended?: AbortSignal): Promise<void>;
  /** Whether `pause` may be asked for weeks. */
  readonly virtual?: boolean;
}

/** Institutions speak through the client library, officers as their desk does. */
export function openStage(
  place: StagePlace,
  { clock, pause, virtual = false }: StageParts,
): Stage & { close(): Promise<void> } {
  const clients = new Map<string, Client>();
  const institutions = new Map<string, StageInstitution>();
  const officers = new Map<string, StageOfficer>();
  function institution(member: string, id: string): StageInstitution {
    const name = `${member}/${id}`;
    const known = institutions.get(name);
    if (known !== undefined) return known;
    const [server, key] = [place.addressOf(member), place.institutionKey(member, id)];
    const client = openClient({ server, key });
    clients.set(name, client);
    const ask: Ask = async (method, path, body) => answerOf(await send(server, key, method, path, body));
    const opened = stageInstitution(client, ask);
    institutions.set(name, opened);
    return opened;
  }
  return {
    members: place.members,
    virtual,
    institution,
    officer(member, role) {
      const name = `${member}/${role}`;
      const known =
        officers.get(name) ?? stageOfficer(openOfficerSession(place.addressOf(member), place.signIn(member, role)));
      officers.set(name, known);
      return known;
    },
    async isolate(member, isolated) {
      const reason = isolated ? 'The line of the story is down' : 'The line of the story is mended';
      await place.operator(member)('POST', '/v1/directory/isolation', { isolated, reason });
    },
    now: () => clock.now(),
    pause,
    async close() {
      await Promise.all([...clients.values()].map((client) => client.close()));
    },
  };
}

function stageInstitution(client: Client, ask: Ask): StageInstitution {
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
    ordersAbout: async (subject) => (await client.orders.list({ subject })).orders,
    answer: async (order, outcome) => void (await client.orders.answer(order, outcome)),
    confirm: async (order) => void (await client.orders.confirm(order)),
    async appeal(hold, appellant, grounds) {
      await ask('POST', '/v1/appeals', { act: { kind: 'hold', id: hold }, appellant, grounds });
    },
  };
}
