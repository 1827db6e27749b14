import { openClient } from '@bronze-drum/client/client';
import { systemRuntime } from '@bronze-drum/client/runtime';
import { openLiveWorld } from '@bronze-drum/simulator/live/live-world';
import { simulatedListings } from '@bronze-drum/simulator/world/world';
import { systemClock } from '../../kernel/clock.ts';
import { CommandError, connect } from '../connection.ts';
import type { Demo } from './demo.ts';
import { openDemoDesk } from './demo-desk.ts';
import { answerOf, openOfficerSession, send, type Ask } from './officer-session.ts';
import type { Seat } from './plan.ts';
import { openStoryDesk, type StoryDesk } from './story-desk.ts';
import { openStage, type StagePlace } from './story-stage.ts';

/** What happens at the servers of an alliance although nobody is there: the simulated world, and the story. */
export interface World {
  /** Begins once the servers have their institutions and officers; the story waits to be played. */
  begin(present: readonly Seat[], simulator: boolean): Promise<StoryDesk>;
  close(): Promise<void>;
}

const calm = { seed: 7, rate: 120, speed: 1, fraudShare: 0.2 };

export function openWorld(parts: { data: string; demo: Demo; say: (line: string) => void }): World {
  const { data, demo, say } = parts;
  const opened: (() => Promise<unknown>)[] = [];
  const onError = openComplaints(say);

  /** A calm day: about two records a second over all members, with more frauds among them than in the field. */
  function simulate(present: readonly Seat[], place: StagePlace): void {
    const sessions = new Map<string, Ask>();
    const desk = openDemoDesk({
      members: place.members,
      runtime: systemRuntime,
      officer(member, role) {
        const name = `${member}/${role}`;
        const known = sessions.get(name) ?? openOfficerSession(place.addressOf(member), place.signIn(member, role));
        sessions.set(name, known);
        return known;
      },
      institution(member, id) {
        const [address, key] = [place.addressOf(member), place.institutionKey(member, id)];
        return async (method, path, body) => answerOf(await send(address, key, method, path, body));
      },
      known: (member) => simulatedListings(member, calm.seed),
      async bankAsks(member, identifiers) {
        const server = place.addressOf(member);
        const bank = openClient({ server, key: place.institutionKey(member, 'demo-bank') });
        await bank.screen(identifiers);
        await bank.close();
      },
      onError,
    });
    opened.push(desk.close);
    const world = openLiveWorld({
      servers: present.map(({ member, address }) => ({
        member,
        url: address,
        institutions: demo.of(member).institutions.filter(({ institution }) => !institution.startsWith('demo-')),
      })),
      ...calm,
      runtime: systemRuntime,
      onEvent(event) {
        if (event.kind === 'victim-report') desk.hear(event.report);
        if (event.kind === 'trouble') onError(event.trouble.error);
      },
    });
    world.over.catch(onError);
    opened.push(world.close);
  }
  return {
    async begin(present, simulator) {
      const place = placeOf(data, present, demo);
      const stage = openStage(place, { clock: systemClock, pause: systemRuntime.pause });
      opened.push(stage.close);
      const members = present.map(({ member }) => member);
      const desk = await openStoryDesk({ data, members, stage, onError });
      opened.push(desk.close);
      if (simulator) simulate(present, place);
      return desk;
    },
    async close() {
      for (let close = opened.pop(); close !== undefined; close = opened.pop()) await close().catch(onError);
    },
  };
}

/** Each sort of trouble is said once: a server that is cut off or down would fill the screen. */
function openComplaints(say: (line: string) => void): (error: unknown) => void {
  const said = new Set<string>();
  return (error) => {
    const { message } = error as Error;
    if (said.has(message) || said.size > 100) return;
    said.add(message);
    say(`the simulated world: ${message}`);
  };
}

function placeOf(data: string, present: readonly Seat[], demo: Demo): StagePlace {
  const addresses = new Map(present.map(({ member, address }) => [member, address]));
  const missing = (what: string): never => {
    throw new CommandError(`${what} is not there: begin anew with --fresh`);
  };
  return {
    members: [...addresses.keys()],
    addressOf: (member) => addresses.get(member) ?? missing(`the server of ${member}`),
    institutionKey: (member, id) =>
      demo.of(member).institutions.find(({ institution }) => institution === id)?.key ?? missing(`${id} of ${member}`),
    signIn(member, role) {
      const [name = '', place = '1'] = role.split(' ');
      const found = demo.of(member).officers.filter(({ roles }) => roles.includes(name))[Number(place) - 1];
      if (found === undefined) return missing(`the ${role} of ${member}`);
      return { officer: found.officer, password: found.password };
    },
    operator: (member) => async (method, path, body) => (await connect({ data, member })).call(method, path, body),
  };
}
