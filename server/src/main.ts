#!/usr/bin/env node
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { alertsCommand } from './commands/alerts.ts';
import { allianceCommand } from './commands/alliance.ts';
import { CommandError } from './commands/connection.ts';
import { detectorsCommand } from './commands/detectors.ts';
import { backupCommand } from './commands/backup.ts';
import { evidenceCommand } from './commands/evidence.ts';
import { importCommand } from './commands/import.ts';
import { institutionCommand } from './commands/institution.ts';
import { memberCommand } from './commands/member.ts';
import { officerCommand } from './commands/officer.ts';
import { ordersCommand } from './commands/orders.ts';
import { requestsCommand } from './commands/requests.ts';
import { restoreCommand } from './commands/restore.ts';
import { screenCommand } from './commands/screen.ts';
import { storyCommand } from './commands/story.ts';
import { serveCommand } from './commands/serve.ts';
import { traceCommand } from './commands/trace.ts';
import { verifyCommand } from './commands/verify.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

const program = new Command('drum')
  .description('The software of the Lancang-Mekong cooperation against telecom and online fraud')
  .option('--member <code>', 'the member whose server is meant: cn, kh, la, mm, th or vn')
  .option('--server <url>', 'a server that is not on this machine; its key comes from DRUM_KEY')
  .option('--data <folder>', 'where the servers of this machine keep their data', process.env['DRUM_DATA'] ?? 'data')
  .showHelpAfterError('(drum help COMMAND tells more)')
  .addCommand(serveCommand(process.env, root))
  .addCommand(allianceCommand(process.env, root))
  .addCommand(importCommand())
  .addCommand(screenCommand())
  .addCommand(alertsCommand())
  .addCommand(detectorsCommand())
  .addCommand(traceCommand())
  .addCommand(ordersCommand())
  .addCommand(requestsCommand())
  .addCommand(evidenceCommand())
  .addCommand(storyCommand())
  .addCommand(officerCommand())
  .addCommand(institutionCommand())
  .addCommand(memberCommand())
  .addCommand(verifyCommand())
  .addCommand(backupCommand())
  .addCommand(restoreCommand());
program.setOptionValueWithSource('key', process.env['DRUM_KEY'], 'env');

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = 1;
  const expected = error instanceof CommandError || process.env['DRUM_DEBUG'] === undefined;
  process.stderr.write(`drum: ${expected ? (error as Error).message : (error as Error).stack}\n`);
}
