import { resolve } from 'node:path';
import { systemClock } from '../../kernel/clock.ts';
import { lockFolder } from '../../platform/folder-lock.ts';
import { CommandError } from '../connection.ts';
import { startAfresh } from './afresh.ts';
import { holdCeremony } from './ceremony.ts';
import { compileOnce } from './compiled.ts';
import { demoPath, openDemo, type Demo } from './demo.ts';
import { settle } from './demo-people.ts';
import { exampleMembers, examples } from './hub-page.ts';
import { openHub } from './hub.ts';
import { keepServer, type KeptServer } from './keeping.ts';
import { claim, readMarker, writeMarker } from './marker.ts';
import { ofSimulatedWorld } from './simulated.ts';
import { planOf, type Plan, type Seat } from './plan.ts';
import { refuseTakenPorts } from './ports.ts';
import { listenForStop, type Stopping } from './stopping.ts';
import { openWorld } from './world.ts';

export interface AllianceOptions {
  readonly data: string;
  readonly members?: string;
  readonly basePort?: string;
  readonly fresh?: boolean;
  /** Whether the simulated world goes on at the servers. */
  readonly simulator: boolean;
}

export interface Surroundings {
  readonly environment: NodeJS.ProcessEnv;
  /** The file that the `drum` command is. */
  readonly program: string;
  readonly say: (line: string) => void;
}

/** Runs several members' servers on this machine until it is told to stop; whether it was. */
export async function runAlliance(options: AllianceOptions, surroundings: Surroundings): Promise<boolean> {
  const stopping = listenForStop(systemClock);
  const plan = planOf(options);
  const data = resolve(options.data);
  const lock = await lockFolder(data).catch((error: unknown) => {
    throw new CommandError(`${(error as Error).message}. Stop it first, or choose another folder with --data`);
  });
  try {
    return await run(plan, data, {
      ...surroundings,
      fresh: options.fresh === true,
      simulator: options.simulator,
      stopping,
    });
  } finally {
    await lock.release();
  }
}

type Run = Surroundings & { readonly fresh: boolean; readonly simulator: boolean; readonly stopping: Stopping };

async function run(plan: Plan, data: string, parts: Run): Promise<boolean> {
  const { environment, program, say, stopping } = parts;
  await refuseTakenPorts(plan);
  if (parts.fresh) {
    const deleted = await startAfresh(data);
    say(deleted.length === 0 ? 'There was nothing to delete.' : `Deleted what there was of ${deleted.join(', ')}.`);
  }
  await claim(
    data,
    plan.seats.map(({ member }) => member),
  );
  const demo = await openDemo(data, plan.seats);
  say(`Bronze Drum: starting ${plan.seats.length} servers …`);
  await Promise.race([compileOnce(data, program), stopping.asked]);
  const hub = await openHub(plan, data, systemClock);
  const launch = { program, data, environment: { ...(await ofSimulatedWorld(data)), ...environment } };
  const kept = plan.seats.map((seat) => keepServer(seat, { launch, clock: systemClock, say }));
  const world = openWorld({ data, demo, say });
  const begin = async (): Promise<void> => {
    const present = await getReady(kept, { plan, data, demo, say, isStopping: stopping.isAsked });
    if (!stopping.isAsked()) hub.tell(await world.begin(present, parts.simulator));
  };
  const ready = begin();
  ready.catch(() => undefined);
  const allOver = Promise.all(kept.map(({ over }) => over));
  try {
    await Promise.race([ready, stopping.asked]);
    await Promise.race([stopping.asked, allOver]);
  } finally {
    await world.close();
    await stopAll(kept, stopping, say);
    await hub.close();
  }
  if (!stopping.isAsked()) throw new CommandError('no server is left');
  say('stopped');
  return true;
}

interface Getting {
  readonly plan: Plan;
  readonly data: string;
  readonly demo: Demo;
  readonly say: (line: string) => void;
  readonly isStopping: () => boolean;
}

/** Sees the servers come up, gives them their officers, holds the ceremony, and says what there is; who is there. */
async function getReady(kept: readonly KeptServer[], parts: Getting): Promise<readonly Seat[]> {
  const beganMs = systemClock.now();
  const since = (): string => `${((systemClock.now() - beganMs) / 1000).toFixed(1)} s`;
  const { data, demo, say, isStopping } = parts;
  const tryTo = async (what: string, work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      if (!isStopping()) say(`${what}: ${(error as Error).message}`);
    }
  };
  const up: Seat[] = [];
  const comeUp = async ({ seat, ready }: KeptServer): Promise<void> => {
    if (!(await ready) || isStopping()) return;
    await tryTo(`${seat.member}  the demo officers are not complete`, () => settle(data, seat, demo));
    up.push(seat);
    say(`${seat.member}  ready after ${since()}`);
  };
  await Promise.all(kept.map(comeUp));
  if (up.length === 0 || isStopping()) return [];
  const present = parts.plan.seats.filter((seat) => up.includes(seat));
  let lines: readonly string[] = [];
  await tryTo('The ceremony is not complete', async () => {
    lines = await ceremonyLines(present, data, demo);
  });
  if (isStopping()) return [];
  for (const line of [...lines, ...summary(parts.plan, present, data, since())]) say(line);
  return present;
}

async function ceremonyLines(present: readonly Seat[], data: string, demo: Demo): Promise<string[]> {
  const { founded } = await readMarker(data);
  const onFounding = (): Promise<void> => writeMarker(data, { founded: true });
  const { admitted, open } = await holdCeremony(present, { data, demo, isFounded: founded, onFounding });
  const names = admitted.length < 2 ? [] : [`Allied, by the signatures of all: ${admitted.join(', ')}`];
  return [...names, ...open];
}

function summary({ hubAddress }: Plan, present: readonly Seat[], data: string, after: string): string[] {
  const pair = exampleMembers(present.map(({ member }) => member));
  return [
    '',
    `The alliance is ready after ${after}. Its page:  ${hubAddress}`,
    ...present.map(({ member, name, address }) => `  ${member}  ${name.padEnd(9)} ${address}`),
    '',
    `Sign-ins and keys of invented officers and institutions:  ${demoPath(data)}`,
    'In a second shell, list something in one country and ask in another:',
    ...examples(pair).map((line) => `  ${line}`),
    `  npx drum alliance cut ${pair.to}    (and heal ${pair.to}, and status)`,
    'See what officers are told, as it happens, and play a story of a fraud:',
    `  npx drum alerts --member ${pair.to} --follow`,
    '  npx drum story step',
    'Ctrl-C stops everything; what was acknowledged is there at the next start.',
  ];
}

async function stopAll(kept: readonly KeptServer[], stopping: Stopping, say: (line: string) => void): Promise<void> {
  say('stopping …');
  const killAll = async (): Promise<void> => {
    await stopping.askedAgain;
    say('killing what still runs …');
    for (const server of kept) server.kill();
  };
  void killAll();
  await Promise.all(kept.map((server) => server.stop()));
}
