import { systemRuntime } from '@bronze-drum/client/runtime';
import { openLiveWorld } from './live-world.ts';
import { readServers, UnreadableServers } from './servers.ts';

export interface LiveRun {
  readonly file: string;
  readonly seed: number;
  readonly rate: number;
  readonly speed: number;
  readonly fraudShare: number;
  readonly members: readonly string[];
  /** Ends when standard input does, which is when whoever started this has ended. */
  readonly withParent: boolean;
}

const minuteMs = 60_000;

/** Runs until a signal, or until the parent ends. */
export async function runLive(run: LiveRun): Promise<void> {
  const ended = new AbortController();
  const end = (): void => ended.abort();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, end);
  if (run.withParent) {
    process.stdin.on('close', end).on('error', end).resume();
    // What is said on the way out is then heard by nobody.
    process.stdout.on('error', () => undefined);
  }
  const servers = await readServers(run.file, run.members).catch((error: unknown) => {
    if (!(error instanceof UnreadableServers)) throw error;
    process.stderr.write(`drum-simulate: ${error.message}\n`);
    process.exit(1);
  });
  const said = new Set<string>();
  const world = openLiveWorld({
    ...run,
    servers,
    runtime: systemRuntime,
    onEvent(event) {
      if (event.kind !== 'trouble') return;
      // Once for each sort of trouble of an institution: a server that is away would fill the screen.
      const line = `${event.member} ${event.institution}: ${event.trouble.what}: ${event.trouble.error.message}`;
      if (said.size < 200 && !said.has(line)) process.stderr.write(`drum-simulate: ${line}\n`);
      said.add(line);
    },
  });
  const institutions = servers.reduce((sum, server) => sum + server.institutions.length, 0);
  process.stdout.write(
    `The simulated world begins: ${institutions} institutions of ${servers.map(({ member }) => member).join(', ')}, ${run.rate} records a minute\n`,
  );
  const minutes = async (): Promise<void> => {
    while (!ended.signal.aborted) {
      await systemRuntime.pause(minuteMs, ended.signal);
      if (!ended.signal.aborted) process.stdout.write(`${summary()}\n`);
    }
  };
  const summary = (): string => {
    const { reported, asked, prevented, dropped } = world.counts();
    return `reported ${reported}, asked ${asked}, prevented ${prevented}${dropped > 0 ? `, dropped ${dropped}` : ''}`;
  };
  await Promise.race([minutes(), world.over]);
  const left = await world.close();
  process.stdout.write(`The simulated world ends: ${summary()}${left > 0 ? `, ${left} not acknowledged` : ''}\n`);
  process.exit(0);
}
