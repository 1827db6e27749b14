import { text } from 'node:stream/consumers';
import { isCancel, password as askPassword } from '@clack/prompts';
import { Command, Option } from 'commander';
import {
  officeKinds,
  roles,
  type IssuedCode,
  type Office,
  type Officer,
  type OpenedSession,
} from '../access/contract.ts';
import { CommandError, connect, type ConnectionOptions } from './connection.ts';

interface AddOptions extends ConnectionOptions {
  readonly office: string;
  readonly name: string;
  readonly roles: string;
}
interface ActivateOptions extends ConnectionOptions {
  readonly passwordStdin?: boolean;
}
interface OfficeOptions extends ConnectionOptions {
  readonly name: string;
  readonly kind: string;
}

/** `drum officer …`: who may act for an office. */
export function officerCommand(): Command {
  const command = new Command('officer').description('Add officers, and give and take what they may do');
  command
    .command('add')
    .description('Add an officer; prints the one-time code with which they sign in first')
    .argument('<id>', 'a short name in small letters, digits and hyphens, never used again for another')
    .requiredOption('--office <id>', 'the office that the officer belongs to')
    .requiredOption('--name <name>', 'the name that is shown')
    .requiredOption('--roles <roles>', `what the officer is, with commas: ${roles.join(', ')}`)
    .action(async (id: string, _options: unknown, self: Command) => add(id, self.optsWithGlobals<AddOptions>()));
  command
    .command('list')
    .description('List the officers')
    .action(async (_options: unknown, self: Command) => list(self.optsWithGlobals<ConnectionOptions>()));
  command
    .command('reset')
    .description('End an officer’s password and sessions; prints a new one-time code')
    .argument('<id>')
    .action(async (id: string, _options: unknown, self: Command) =>
      reset(id, self.optsWithGlobals<ConnectionOptions>()),
    );
  command
    .command('deactivate')
    .description('Shut an officer out; what they did keeps its author')
    .argument('<id>')
    .action(async (id: string, _options: unknown, self: Command) => {
      const connection = await connect(self.optsWithGlobals<ConnectionOptions>());
      await connection.call('PATCH', `/v1/officers/${encodeURIComponent(id)}`, { active: false });
      print(`${id} can no longer sign in.`);
    });
  command
    .command('activate')
    .description('Use a one-time code: sets the officer’s password')
    .argument('<code>')
    .option('--password-stdin', 'read the password from standard input')
    .action(async (code: string, _options: unknown, self: Command) =>
      activate(code, self.optsWithGlobals<ActivateOptions>()),
    );
  addOfficeCommands(command);
  return command;
}

function addOfficeCommands(command: Command): void {
  command
    .command('offices')
    .description('List the offices')
    .action(async (_options: unknown, self: Command) => listOffices(self.optsWithGlobals<ConnectionOptions>()));
  command
    .command('add-office')
    .description('Add an office, for officers to belong to')
    .argument('<id>')
    .requiredOption('--name <name>', 'the name that is shown')
    .addOption(new Option('--kind <kind>', 'what it is').choices(officeKinds).makeOptionMandatory())
    .action(async (id: string, _options: unknown, self: Command) => {
      const options = self.optsWithGlobals<OfficeOptions>();
      const connection = await connect(options);
      await connection.call('POST', '/v1/offices', { id, name: options.name, kind: options.kind });
      print(`The office ${id} is there.`);
    });
}

async function add(id: string, options: AddOptions): Promise<void> {
  const held = options.roles.split(',').map((role) => role.trim());
  const wrong = held.find((role) => !(roles as readonly string[]).includes(role));
  if (wrong !== undefined) throw new CommandError(`there is no role ${wrong}; there are ${roles.join(', ')}`);
  const connection = await connect(options);
  const officer = { id, office: options.office, name: options.name, roles: held };
  printCode(await connection.call<IssuedCode>('POST', '/v1/officers', officer));
}

async function reset(id: string, options: ConnectionOptions): Promise<void> {
  const connection = await connect(options);
  printCode(await connection.call<IssuedCode>('POST', `/v1/officers/${encodeURIComponent(id)}/reset`));
}

function printCode({ officer, code, expiresAt }: IssuedCode): void {
  print(`The one-time code of ${officer}, until ${expiresAt}; it is shown this once:`);
  print(`  ${code}`);
  print(`Set a password with: drum officer activate ${code}`);
}

async function list(options: ConnectionOptions): Promise<void> {
  const connection = await connect(options);
  const officers: Officer[] = [];
  let after: string | undefined;
  do {
    const query = after === undefined ? '' : `&after=${encodeURIComponent(after)}`;
    const page = await connection.call<{ officers: Officer[]; next?: string }>('GET', `/v1/officers?limit=200${query}`);
    officers.push(...page.officers);
    after = page.next;
  } while (after !== undefined);
  const state = (officer: Officer): string => {
    if (!officer.active) return 'inactive';
    return officer.canSignIn ? 'active' : 'has not set a password';
  };
  const rows = officers.map((officer) => [
    officer.id,
    officer.office,
    officer.name,
    officer.roles.join(','),
    state(officer),
  ]);
  printTable(['OFFICER', 'OFFICE', 'NAME', 'ROLES', 'STATE'], rows);
}

async function listOffices(options: ConnectionOptions): Promise<void> {
  const connection = await connect(options);
  const { offices } = await connection.call<{ offices: Office[] }>('GET', '/v1/offices?limit=200');
  printTable(
    ['OFFICE', 'KIND', 'NAME'],
    offices.map(({ id, kind, name }) => [id, kind, name]),
  );
}

async function activate(code: string, options: ActivateOptions): Promise<void> {
  // The code is what opens this door: a key is not needed, though a connection has one.
  const connection = await connect({ ...options, key: options.key ?? 'none' });
  const password = options.passwordStdin === true ? await readPassword() : await askTwice();
  const { officer } = await connection.call<OpenedSession>('POST', '/v1/sessions/one-time', { code, password });
  print(`${officer} can sign in now.`);
}

/** One line, without its end. */
async function readPassword(): Promise<string> {
  return (await text(process.stdin)).replace(/\r?\n$/, '');
}

async function askTwice(): Promise<string> {
  if (!process.stdin.isTTY) throw new CommandError('there is no terminal to ask on: give --password-stdin');
  const first = await askPassword({ message: 'New password (at least 12 characters)' });
  if (isCancel(first)) throw new CommandError('nothing was changed');
  const second = await askPassword({ message: 'The same again' });
  if (isCancel(second)) throw new CommandError('nothing was changed');
  if (first !== second) throw new CommandError('the two are not the same; nothing was changed');
  return first;
}

export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Columns as wide as what stands in them. */
export function printTable(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]!.length)));
  for (const row of [head, ...rows]) {
    print(
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    );
  }
}
