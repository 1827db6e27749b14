import { Command } from 'commander';
import { openHouse, type House } from '../house.ts';
import { endsWithin } from '../platform/loops.ts';
import { readConfig, type ServeOptions } from '../platform/config.ts';

// Operators' process managers wait ten seconds before they kill.
const stopMsMax = 9_500;

/** `drum serve`: runs one member's server until it is told to stop. */
export function serveCommand(environment: NodeJS.ProcessEnv, root: string): Command {
  return new Command('serve')
    .description('Run one member’s server')
    .option('--host <address>', 'the address to listen at', '127.0.0.1')
    .option('--port <number>', 'the port to listen at (default: the member’s own)')
    .option('--policy <file>', 'the member’s policy (default: policies/<member>.json)')
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<ServeOptions & { member?: string }>();
      await serve({ ...options, member: options.member ?? 'th' }, environment, root);
    });
}

async function serve(options: ServeOptions, environment: NodeJS.ProcessEnv, root: string): Promise<void> {
  const config = readConfig(options, environment, root);
  const stopped = Promise.withResolvers<string>();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stopped.resolve(signal));
  process.stdout.write(`Bronze Drum, server of ${config.member}: starting …\n`);
  const house = await openHouse(config);
  greet(house, config.member);
  const reason = await Promise.race([stopped.promise, house.failed]);
  process.stdout.write(`${reason}: stopping …\n`);
  const closed = await endsWithin(house.close(), stopMsMax);
  if (closed) process.stdout.write('stopped\n');
  else process.stderr.write('drum: not everything closed in time; what was acknowledged is safe\n');
  process.exit(closed && reason.startsWith('SIG') ? 0 : 1);
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
  process.stdout.write(`Server of ${member} is ready. Ctrl-C stops it.\n`);
}
