import { Command } from 'commander';
import type { House } from '../house.ts';
import { CommandError } from './connection.ts';
import { endsWithin } from '../platform/loops.ts';
import { readConfig, type Config, type ServeOptions } from '../platform/config.ts';

// Operators' process managers wait ten seconds before they kill.
const stopMsMax = 9_500;

/** `drum serve`: runs one member's server until it is told to stop. */
export function serveCommand(environment: NodeJS.ProcessEnv, root: string): Command {
  return new Command('serve')
    .description('Run one member’s server')
    .option('--host <address>', 'the address to listen at', '127.0.0.1')
    .option('--port <number>', 'the port to listen at (default: the member’s own)')
    .option('--policy <file>', 'the member’s policy (default: policies/<member>.json)')
    .option(
      '--roles <list>',
      'serve, detect, or both: a process that only detects runs beside the server',
      'serve,detect',
    )
    .option('--partitions <numbers>', 'what it detects in, as in 0-3,8 (default: all)')
    .option('--with-parent', 'stop when standard input ends: when whoever started this server has ended')
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<ServeOptions & { member?: string; withParent?: boolean }>();
      await serve({ ...options, member: options.member ?? 'th' }, environment, root);
    });
}

/** How a server says on standard output that everything is open. */
export const readyLine = (member: string): string => `Server of ${member} is ready.`;

/** The same of a process that only detects. */
const detectingLine = (member: string): string => `Detection of ${member} is ready.`;

async function serve(
  options: ServeOptions & { readonly withParent?: boolean },
  environment: NodeJS.ProcessEnv,
  root: string,
): Promise<void> {
  const config = readConfig(options, environment, root);
  if (config.partitions !== undefined && config.roles.includes('serve'))
    throw new CommandError('--partitions is for a process that only detects: add --roles detect');
  const stopped = Promise.withResolvers<string>();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stopped.resolve(signal));
  if (options.withParent === true) watchParent(() => stopped.resolve('whoever started this server has ended'));
  const isServing = config.roles.includes('serve');
  process.stdout.write(`Bronze Drum, ${isServing ? 'server' : 'detection'} of ${config.member}: starting …\n`);
  const house = isServing ? await open(config) : await openDetecting(config);
  const reason = await Promise.race([stopped.promise, house.failed]);
  process.stdout.write(`${reason}: stopping …\n`);
  const closed = await endsWithin(house.close(), stopMsMax);
  if (closed) process.stdout.write('stopped\n');
  else process.stderr.write('drum: not everything closed in time; what was acknowledged is safe\n');
  process.exit(closed && reason.startsWith('SIG') ? 0 : 1);
}

interface Running extends Pick<House, 'failed'> {
  close(): Promise<void>;
}

async function openDetecting(config: Config): Promise<Running> {
  const { openDetectHouse } = await import('../detect-house.ts');
  const { address, close } = await opened(openDetectHouse(config));
  const which = config.partitions === undefined ? 'all partitions' : `partitions ${config.partitions.join(', ')}`;
  process.stdout.write(`  ${which}; how it is: ${address}/readyz\n${detectingLine(config.member)} Ctrl-C stops it.\n`);
  return { failed: new Promise(() => undefined), close };
}

async function open(config: Config): Promise<Running> {
  // Loaded here alone: the other commands are quick because they do without the house.
  const { openHouse } = await import('../house.ts');
  const house = await opened(openHouse(config));
  greet(house, config.member);
  return house;
}

async function opened<T>(opening: Promise<T>): Promise<T> {
  try {
    return await opening;
  } catch (error) {
    // Once the error is told, nothing that was opened before it may keep the process.
    setImmediate(() => process.exit(1));
    throw error;
  }
}

/** The other end of the pipe closes however the parent ends, be it by a kill. */
function watchParent(ended: () => void): void {
  process.stdin.on('close', ended).on('error', ended).resume();
  // What is said on the way out is then heard by nobody.
  process.stdout.on('error', () => undefined);
}

function greet(house: House, member: string): void {
  const lines = [`  address   ${house.address}`, `  contract  ${house.address}/openapi.json`];
  if (house.firstRun !== null) {
    lines.push(`  sign in   npx drum officer activate ${house.firstRun.code}`);
    lines.push(`            (once, as ${house.firstRun.officer}: it asks for a password of your own)`);
  }
  process.stdout.write(
    `${lines.join('\n')}\n\nIn a second shell: npx drum import FILE --as ip, npx drum screen ip:…, npx drum --help\n`,
  );
  process.stdout.write(`${readyLine(member)} Ctrl-C stops it.\n`);
}
