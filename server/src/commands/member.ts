import { readFile } from 'node:fs/promises';
import { isCancel, password as askPassword } from '@clack/prompts';
import { Command, Option } from 'commander';
import { keyUses } from '@bronze-drum/protocol/directory';
import type { OpenedSession } from '../access/contract.ts';
import {
  directions,
  type Card,
  type Charter,
  type Cosigned,
  type DirectoryView,
  type Imported,
  type Proposal,
  type Proposed,
  type Rotated,
} from '../directory/contract.ts';
import { CommandError, connect, type Connection, type ConnectionOptions } from './connection.ts';
import { print, printTable } from './officer.ts';

interface AsOptions extends ConnectionOptions {
  readonly as?: string;
}
interface ProposeOptions extends ConnectionOptions {
  readonly founding?: boolean;
}
interface PauseOptions extends AsOptions {
  readonly direction: (typeof directions)[number];
  readonly reason: string;
}
interface RotateOptions extends AsOptions {
  readonly overlapHours?: number;
}
interface IsolateOptions extends AsOptions {
  readonly reason: string;
}

const root = '/v1/directory';

/** `drum member …`: who takes part, by which keys, and whom this server has paused. */
export function memberCommand(environment: NodeJS.ProcessEnv = process.env): Command {
  const command = new Command('member').description('Found and join the directory, rotate keys, pause neighbours');
  const as = () => new Option('--as <officer>', 'the officer who does it; the password is asked, or DRUM_PASSWORD');
  addReading(command);
  addCeremony(command);
  command
    .command('cosign')
    .description('Sign a proposal for this party; the key of the machine may not')
    .argument('<id>', 'the proposal, as `drum member list` shows it')
    .addOption(as().makeOptionMandatory())
    .action(async (id: string, _options: unknown, self: Command) =>
      withOfficer(self.optsWithGlobals<AsOptions>(), environment, (connection) => cosign(id, connection)),
    );
  command
    .command('rotate')
    .description('Begin a new key; the old one stays valid for a while')
    .argument('<use>', keyUses.join(', '))
    .option('--overlap-hours <number>', 'how long the old key stays valid (default: 24)', Number)
    .addOption(as().makeOptionMandatory())
    .action(async (use: string, _options: unknown, self: Command) => {
      const options = self.optsWithGlobals<RotateOptions>();
      await withOfficer(options, environment, (connection) => rotate(use, options.overlapHours, connection));
    });
  addPauses(command, as, environment);
  return command;
}

function addReading(command: Command): void {
  command
    .command('list')
    .description('List who takes part, and what waits for whom')
    .action(async (_options: unknown, self: Command) => list(self.optsWithGlobals<ConnectionOptions>()));
  command
    .command('card')
    .description('Print this server’s own entry, to be proposed elsewhere')
    .action(async (_options: unknown, self: Command) => printAnswer(self, `${root}/card`));
  command
    .command('charter')
    .description('Print all records, to be imported elsewhere')
    .action(async (_options: unknown, self: Command) => printAnswer(self, `${root}/charter`));
}

function addCeremony(command: Command): void {
  command
    .command('propose')
    .description('Propose to admit a party by its card, or to found the directory by several')
    .argument('<file...>', 'what `drum member card` printed')
    .option('--founding', 'these are the first parties')
    .action(async (files: string[], _options: unknown, self: Command) =>
      propose(files, self.optsWithGlobals<ProposeOptions>()),
    );
  command
    .command('import')
    .description('Take in records from a charter; the first founding among them is trusted')
    .argument('<file>', 'what `drum member charter` printed')
    .action(async (file: string, _options: unknown, self: Command) =>
      importCharter(file, self.optsWithGlobals<ConnectionOptions>()),
    );
}

function addPauses(command: Command, as: () => Option, environment: NodeJS.ProcessEnv): void {
  const reason = () => new Option('--reason <text>', 'why; it is kept').makeOptionMandatory();
  command
    .command('pause')
    .description('Take nothing from a party, give it nothing, or both; nobody is told')
    .argument('<code>')
    .addOption(new Option('--direction <direction>').choices(directions).default('both'))
    .addOption(reason())
    .addOption(as())
    .action(async (code: string, _options: unknown, self: Command) => {
      const options = self.optsWithGlobals<PauseOptions>();
      const body = { direction: options.direction, reason: options.reason };
      await withOfficer(options, environment, (connection) => connection.call('POST', pathOf(code, 'pause'), body));
      print(`${code} is paused (${options.direction}).`);
    });
  command
    .command('resume')
    .description('End a pause')
    .argument('<code>')
    .addOption(as())
    .action(async (code: string, _options: unknown, self: Command) => {
      const options = self.optsWithGlobals<AsOptions>();
      await withOfficer(options, environment, (connection) => connection.call('POST', pathOf(code, 'resume')));
      print(`${code} is no longer paused.`);
    });
  command
    .command('isolate')
    .description('Cut this server off from all others, or end that')
    .argument('<on|off>')
    .addOption(reason())
    .addOption(as())
    .action(async (state: string, _options: unknown, self: Command) => {
      if (state !== 'on' && state !== 'off') throw new CommandError('isolate takes on or off');
      const options = self.optsWithGlobals<IsolateOptions>();
      const body = { isolated: state === 'on', reason: options.reason };
      await withOfficer(options, environment, (connection) => connection.call('POST', `${root}/isolation`, body));
      print(state === 'on' ? 'This server is cut off.' : 'This server is no longer cut off.');
    });
}

const pathOf = (code: string, verb: string): string => `${root}/parties/${encodeURIComponent(code)}/${verb}`;

async function printAnswer(self: Command, path: string): Promise<void> {
  const connection = await connect(self.optsWithGlobals<ConnectionOptions>());
  print(JSON.stringify(await connection.call<unknown>('GET', path), null, 2));
}

async function list(options: ConnectionOptions): Promise<void> {
  const connection = await connect(options);
  const { parties, proposals, isolation } = await connection.call<DirectoryView>('GET', root);
  const rows = parties.map(({ party, role, address, keys, pause }) => {
    const valid = keys.filter(({ validUntil, compromisedSince }) => validUntil === null && compromisedSince === null);
    const marks = valid.map(({ use, publicKey }) => `${use} ${publicKey.slice(0, 8)}`);
    return [party, role, address, marks.join(', '), pause === null ? '' : `${pause.direction}: ${pause.reason}`];
  });
  printTable(['CODE', 'ROLE', 'ADDRESS', 'KEYS', 'PAUSE'], rows);
  if (isolation !== null) print(`This server is cut off: ${isolation.reason}`);
  if (proposals.length === 0) return;
  print('');
  const open = proposals.map(({ id, body, missing, outdated }) => {
    return [id, body.kind, aboutOf(body), outdated ? 'propose it anew' : `missing ${missing.join(', ')}`];
  });
  printTable(['PROPOSAL', 'KIND', 'PARTY', 'STATE'], open);
}

function aboutOf(body: DirectoryView['proposals'][number]['body']): string {
  if (body.kind === 'founding') return body.parties.map(({ party }) => party).join(', ');
  return body.kind === 'admission' ? body.party.party : `${body.party} (${body.use})`;
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as unknown;
  } catch (error) {
    throw new CommandError(`${file} cannot be read: ${(error as Error).message}`);
  }
}

async function propose(files: readonly string[], options: ProposeOptions): Promise<void> {
  const cards = (await Promise.all(files.map(readJson))) as Card[];
  if (options.founding !== true && cards.length > 1)
    throw new CommandError('several cards make a founding: say --founding');
  const proposal: Proposal =
    options.founding === true ? { kind: 'founding', parties: cards } : { kind: 'admission', party: cards[0]! };
  const connection = await connect(options);
  const { id } = await connection.call<Proposed>('POST', `${root}/proposals`, proposal);
  print(id);
  print(`Sign it with: drum member cosign ${id} --as OFFICER`);
}

async function cosign(id: string, connection: Connection): Promise<void> {
  const path = `${root}/proposals/${encodeURIComponent(id)}/cosign`;
  const { inForce, missing } = await connection.call<Cosigned>('POST', path);
  print(inForce ? 'Signed; it is in force.' : `Signed; missing ${missing.join(', ')}.`);
}

async function importCharter(file: string, options: ConnectionOptions): Promise<void> {
  const charter = (await readJson(file)) as Charter;
  const connection = await connect(options);
  const { changed, refused } = await connection.call<Imported>('POST', `${root}/charter`, charter);
  print(`${changed} new or newly signed`);
  for (const { record, code } of refused) print(`  refused ${record}: ${code}`);
}

async function rotate(use: string, overlapHours: number | undefined, connection: Connection): Promise<void> {
  const body = overlapHours === undefined ? {} : { overlapHours };
  const path = `${root}/keys/${encodeURIComponent(use)}/rotate`;
  const { validFrom, previousUntil } = await connection.call<Rotated>('POST', path, body);
  print(`The new ${use} key signs from ${validFrom}; the old one is valid until ${previousUntil}.`);
}

/** Acts in a session of the officer's own, which ends with the command; with the machine's key if nobody is named. */
async function withOfficer(
  options: AsOptions,
  environment: NodeJS.ProcessEnv,
  work: (connection: Connection) => Promise<unknown>,
): Promise<void> {
  if (options.as === undefined) return void (await work(await connect(options)));
  const password = environment['DRUM_PASSWORD'] ?? (await askFor(options.as));
  // The password is what opens this door: a key is not needed, though a connection has one.
  const door = await connect({ ...options, key: options.key ?? 'none' });
  const { token } = await door.call<OpenedSession>('POST', '/v1/sessions', { officer: options.as, password });
  const connection = await connect({ ...options, key: token });
  try {
    await connection.call('POST', '/v1/sessions/step-up', { password });
    await work(connection);
  } finally {
    await connection.call('DELETE', '/v1/session').catch(() => undefined);
  }
}

async function askFor(officer: string): Promise<string> {
  if (!process.stdin.isTTY) throw new CommandError('there is no terminal to ask on: set DRUM_PASSWORD');
  const answer = await askPassword({ message: `Password of ${officer}` });
  if (isCancel(answer)) throw new CommandError('nothing was changed');
  return answer;
}
