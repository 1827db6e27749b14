import { Command, Option } from 'commander';
import {
  institutionKinds,
  type Institution,
  type IssuedKey,
  type Key,
  type NewInstitution,
} from '../access/contract.ts';
import { dayMs, hourMs, instantText, minuteMs, systemClock } from '../kernel/clock.ts';
import { CommandError, connect, type ConnectionOptions } from './connection.ts';
import { print, printTable } from './officer.ts';

interface AddOptions extends ConnectionOptions {
  readonly name: string;
  readonly kind: string;
  readonly quota: NewInstitution['quota'];
  readonly serves: readonly string[];
}
interface ServesOptions extends ConnectionOptions {
  readonly serves: readonly string[];
}
interface KeyOptions extends ConnectionOptions {
  readonly days?: number;
}
interface RevokeOptions extends ConnectionOptions {
  readonly in?: number;
}

/** `drum institution …`: banks, wallets, crypto providers, operators and platforms, and their keys. */
export function institutionCommand(): Command {
  const command = new Command('institution').description('Add institutions, and issue and revoke their keys');
  command
    .command('add')
    .description('Add an institution')
    .argument('<id>', 'a short name in small letters, digits and hyphens, never used again for another')
    .requiredOption('--name <name>', 'the name that is shown')
    .addOption(new Option('--kind <kind>', 'what it is').choices(institutionKinds).makeOptionMandatory())
    .option('--quota <rate>', 'identifiers a second, or a second/at once', readQuota, readQuota('1000/20000'))
    .option('--serves <prefix>', servesMeaning, collect, [])
    .action(async (id: string, _options: unknown, self: Command) => add(id, self.optsWithGlobals<AddOptions>()));
  command
    .command('change')
    .description('Say anew which accounts or numbers are those of its customers')
    .argument('<id>', 'the institution')
    .option('--serves <prefix>', servesMeaning, collect, [])
    .action(async (id: string, _options: unknown, self: Command) => change(id, self.optsWithGlobals<ServesOptions>()));
  command
    .command('list')
    .description('List the institutions')
    .action(async (_options: unknown, self: Command) => list(self.optsWithGlobals<ConnectionOptions>()));
  command
    .command('key')
    .description('Issue a key; prints its secret, which is shown this once')
    .argument('<id>', 'the institution')
    .option('--days <number>', 'how long the key lasts', Number)
    .action(async (id: string, _options: unknown, self: Command) => issue(id, self.optsWithGlobals<KeyOptions>()));
  command
    .command('keys')
    .description('List an institution’s keys')
    .argument('<id>', 'the institution')
    .action(async (id: string, _options: unknown, self: Command) =>
      listKeys(id, self.optsWithGlobals<ConnectionOptions>()),
    );
  command
    .command('revoke')
    .description('Revoke a key, now or after a time in which the new one is brought in')
    .argument('<id>', 'the institution')
    .argument('<key>', 'the key, as `drum institution keys` names it')
    .option('--in <duration>', 'such as 30m, 24h or 7d', readDuration)
    .action(async (id: string, key: string, _options: unknown, self: Command) =>
      revoke(id, key, self.optsWithGlobals<RevokeOptions>()),
    );
  return command;
}

const servesMeaning = 'how the keys of its own customers begin, as often as needed: account:TH:014: or phone:+6681';
const collect = (prefix: string, before: readonly string[]): string[] => [...before, prefix];

function readQuota(text: string): NewInstitution['quota'] {
  const [, perSecond, burst] = /^(\d{1,8})(?:\/(\d{1,9}))?$/.exec(text) ?? [];
  if (perSecond === undefined) throw new CommandError('--quota takes a number a second, or two as in 1000/20000');
  return { perSecond: Number(perSecond), burst: Number(burst ?? Number(perSecond) * 20) };
}

const unitsMs: Readonly<Record<string, number>> = { m: minuteMs, h: hourMs, d: dayMs };

function readDuration(text: string): number {
  const [, count, unit] = /^(\d{1,5})([mhd])$/.exec(text) ?? [];
  if (count === undefined || unit === undefined) throw new CommandError('--in takes a duration such as 30m, 24h or 7d');
  return Number(count) * unitsMs[unit]!;
}

const pathOf = (id: string): string => `/v1/institutions/${encodeURIComponent(id)}`;

async function add(id: string, options: AddOptions): Promise<void> {
  const { name, kind, quota, serves } = options;
  const connection = await connect(options);
  await connection.call<Institution>('POST', '/v1/institutions', { id, name, kind, quota, serves });
  print(`${id} is there. Issue a key for it with: drum institution key ${id}`);
}

async function change(id: string, options: ServesOptions): Promise<void> {
  if (options.serves.length === 0) throw new CommandError('say what it serves: --serves account:TH:014:');
  const connection = await connect(options);
  const { serves } = await connection.call<Institution>('PATCH', pathOf(id), { serves: options.serves });
  print(`${id} serves ${serves.join(', ')}`);
}

async function list(options: ConnectionOptions): Promise<void> {
  const connection = await connect(options);
  const institutions: Institution[] = [];
  let after: string | undefined;
  do {
    const query = after === undefined ? '' : `&after=${encodeURIComponent(after)}`;
    const path = `/v1/institutions?limit=200${query}`;
    const page = await connection.call<{ institutions: Institution[]; next?: string }>('GET', path);
    institutions.push(...page.institutions);
    after = page.next;
  } while (after !== undefined);
  const rows = institutions.map(({ id, kind, name, quota, serves, active }) => {
    const rate = `${quota.perSecond}/s, ${quota.burst} at once`;
    return [id, kind, name, rate, serves.join(' '), active ? 'active' : 'inactive'];
  });
  printTable(['INSTITUTION', 'KIND', 'NAME', 'QUOTA', 'SERVES', 'STATE'], rows);
}

async function issue(id: string, options: KeyOptions): Promise<void> {
  const connection = await connect(options);
  const body = options.days === undefined ? {} : { expiresInDays: options.days };
  const issued = await connection.call<IssuedKey>('POST', `${pathOf(id)}/keys`, body);
  print(`Key ${issued.id} of ${id}, until ${issued.expiresAt}. Its secret is shown this once:`);
  print(`  ${issued.key}`);
}

async function listKeys(id: string, options: ConnectionOptions): Promise<void> {
  const connection = await connect(options);
  const { keys } = await connection.call<{ keys: Key[] }>('GET', `${pathOf(id)}/keys`);
  const rows = keys.map((key) => [
    key.id,
    key.state,
    key.createdAt,
    key.revokedAt ?? key.expiresAt,
    key.usedAt ?? 'never',
  ]);
  printTable(['KEY', 'STATE', 'ISSUED', 'ENDS', 'LAST USED'], rows);
}

async function revoke(id: string, key: string, options: RevokeOptions): Promise<void> {
  const connection = await connect(options);
  const body = options.in === undefined ? {} : { at: instantText(systemClock.now() + options.in) };
  const revoked = await connection.call<Key>('POST', `${pathOf(id)}/keys/${encodeURIComponent(key)}/revocation`, body);
  print(options.in === undefined ? `The key opens nothing any more.` : `The key ends at ${revoked.revokedAt}.`);
}
