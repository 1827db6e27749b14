import { join } from 'node:path';
import { Command } from 'commander';
import { defaultBasePort } from './alliance/plan.ts';
import { runAlliance, type AllianceOptions } from './alliance/running.ts';
import { isolate, showStatus } from './alliance/steering.ts';
import { print } from './officer.ts';

/** `drum alliance`: several members' servers on this machine, allied, for development and demonstrations. */
export function allianceCommand(environment: NodeJS.ProcessEnv, root: string): Command {
  const command = new Command('alliance')
    .description('Run the six members’ servers on this machine, and a page that leads to them')
    .option('--members <codes>', 'only some of the members, with commas: th,kh')
    .option('--base-port <number>', `the page’s port; the servers have the six after it (default: ${defaultBasePort})`)
    .option('--no-simulator', 'without the simulated world, whose institutions report to the servers')
    .option('--fresh', 'begin anew: deletes what an alliance made in the data folder')
    .action(async (_options: unknown, self: Command) => {
      const program = join(root, 'server', 'src', 'main.ts');
      await runAlliance(self.optsWithGlobals<AllianceOptions>(), { environment, program, say: print });
      process.exit(0);
    });
  const steer = (name: string, isolated: boolean, what: string): void => {
    command
      .command(name)
      .description(what)
      .argument('<member>')
      .action(async (member: string, _options: unknown, self: Command) =>
        isolate(self.optsWithGlobals<AllianceOptions>().data, member, isolated),
      );
  };
  steer('cut', true, 'Cut a member off from its neighbours');
  steer('heal', false, 'End a member’s isolation');
  command
    .command('status')
    .description('Who is up, whom they hear, and how far behind they are')
    .action(async (_options: unknown, self: Command) => showStatus(self.optsWithGlobals<AllianceOptions>().data));
  return command;
}
