import { createReadStream, openAsBlob } from 'node:fs';
import { open, readFile, stat, rm } from 'node:fs/promises';
import { Command, Option } from 'commander';
import { parseVerifyingKey, signatureAlgorithms, type NoteKey } from '@bronze-drum/protocol/checkpoints';
import { originOf } from '@bronze-drum/protocol/commitments';
import { openRecord, verifiedRecord, type OpenedRecord, type SignedRecord } from '@bronze-drum/protocol/directory';
import { rosterOf } from '@bronze-drum/protocol/directory-roster';
import { tlpLabels } from '@bronze-drum/protocol/handling';
import { isRefusal } from '@bronze-drum/protocol/refusals';
import { checkBundle } from '../evidence/bundles/bundles.ts';
import { collectionMeans, exhibitBytesMax, type Exhibit, type ExhibitPage } from '../evidence/contract.ts';
import { sha256 } from '../journal/journal.ts';
import { instantText, systemClock } from '../kernel/clock.ts';
import { verifyEd25519 } from '../platform/signer.ts';
import { CommandError, connect, refusalOf, type Connection, type ConnectionOptions } from './connection.ts';
import { print, printTable } from './officer.ts';
import { shown, terminal, type Screen } from './terminal.ts';

interface TakeOptions extends ConnectionOptions {
  readonly title: string;
  readonly from: string;
  readonly means: string;
  readonly at?: string;
  readonly type: string;
  readonly tlp: string;
  readonly conditions?: string;
  readonly json?: boolean;
}
interface ListOptions extends ConnectionOptions {
  readonly limit: number;
  readonly json?: boolean;
}
interface VerifyOptions {
  readonly key?: readonly string[];
  readonly directory?: string;
}

const pageMax = 200;
const limitMax = 10_000;
const collect = (value: string, before: readonly string[] = []): string[] => [...before, value];

/** `drum evidence …`: exhibits, and whether a bundle of one is what it says. */
export function evidenceCommand(): Command {
  const command = new Command('evidence').description('Take in, list and bundle exhibits; verify a bundle offline');
  addTaking(command);
  command
    .command('list')
    .description('List the exhibits, the newest first')
    .option('--limit <number>', 'so many at the most', readLimit, pageMax)
    .option('--json', 'print one JSON array')
    .action(async (_options: unknown, self: Command) => list(self.optsWithGlobals<ListOptions>()));
  command
    .command('bundle')
    .description('Write an exhibit with its chain of custody and their proofs into one file')
    .argument('<id>', 'the exhibit')
    .argument('<file>', 'a new file, such as exhibit.tar')
    .action(async (id: string, file: string, _options: unknown, self: Command) =>
      bundle(id, file, await connect(self.optsWithGlobals<ConnectionOptions>())),
    );
  command
    .command('verify')
    .description('Check a bundle without any server. Exit code 0: all is right, 1: something is wrong')
    .argument('<file>', 'the bundle')
    .option('--key <key>', 'a verifying key of its member’s domestic book (name+id+key); may be repeated', collect)
    .option('--directory <file>', 'the directory’s records, as `drum member charter` printed them')
    .action(async (file: string, _options: unknown, self: Command) => {
      process.exitCode = await verifyBundle(file, self.opts<VerifyOptions>(), terminal());
    });
  return command;
}

function addTaking(command: Command): void {
  command
    .command('take')
    .description('Take a file in as an exhibit; it is sealed at once')
    .argument('<file>')
    .requiredOption('--title <title>', 'what it is, without the names of persons')
    .requiredOption('--from <place>', 'where it was collected, or from which system')
    .addOption(new Option('--means <means>', 'how it came about').choices(collectionMeans).default('other'))
    .option('--at <instant>', 'when it was collected (default: when the file was last changed)')
    .option('--type <type>', 'its media type', 'application/octet-stream')
    .addOption(new Option('--tlp <label>', 'Traffic Light Protocol label').choices(tlpLabels).default('AMBER'))
    .option('--conditions <list>', 'handling conditions, such as H1,H2')
    .option('--json', 'print the exhibit as JSON')
    .action(async (file: string, _options: unknown, self: Command) => take(file, self.optsWithGlobals<TakeOptions>()));
}

function readLimit(text: string): number {
  const limit = Number(text);
  if (Number.isInteger(limit) && limit > 0 && limit <= limitMax) return limit;
  throw new CommandError(`--limit takes a number from 1 to ${limitMax}`);
}

async function take(file: string, options: TakeOptions): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  if (found?.isFile() !== true) throw new CommandError(`there is no file ${file}`);
  if (found.size > exhibitBytesMax) throw new CommandError(`${file} is larger than an exhibit may be (200 MB)`);
  const at = options.at === undefined ? found.mtime : new Date(options.at);
  if (Number.isNaN(at.getTime())) throw new CommandError('--at takes an instant such as 2026-01-31T09:00:00Z');
  const query = new URLSearchParams({
    title: options.title,
    collectedFrom: options.from,
    collectedAt: instantText(at.getTime()),
    means: options.means,
    tlp: options.tlp,
    ...(options.conditions !== undefined && { conditions: options.conditions }),
  });
  const connection = await connect(options);
  const response = await reach(connection, `/v1/exhibits?${query}`, {
    method: 'POST',
    headers: { ...connection.headers, 'content-type': options.type },
    body: await openAsBlob(file),
  });
  const exhibit = (await response.json()) as Exhibit;
  if (options.json === true) return print(JSON.stringify(exhibit));
  print(`${exhibit.id} is sealed: ${exhibit.bytes} bytes with SHA-256 ${exhibit.sha256}`);
}

async function reach(connection: Connection, path: string, init: RequestInit): Promise<Response> {
  const response = await fetch(`${connection.address}${path}`, init).catch(() => undefined);
  if (response === undefined) throw new CommandError(`no server answers at ${connection.address}`, 'unreachable');
  if (!response.ok) throw await refusalOf(response);
  return response;
}

async function list(options: ListOptions): Promise<void> {
  const connection = await connect(options);
  const found: Exhibit[] = [];
  let after: string | undefined;
  do {
    const limit = Math.min(pageMax, options.limit - found.length);
    const query = new URLSearchParams({ limit: String(limit), ...(after !== undefined && { after }) });
    const page = await connection.call<ExhibitPage>('GET', `/v1/exhibits?${query}`);
    found.push(...page.exhibits);
    after = page.next;
  } while (after !== undefined && found.length < options.limit);
  if (options.json === true) return print(JSON.stringify(found));
  if (found.length === 0) return print('There are no exhibits.');
  printTable(
    ['EXHIBIT', 'TAKEN', 'FROM', 'BYTES', 'TLP', 'STATE', 'ENTRIES', 'TITLE'],
    found.map((exhibit) => [
      exhibit.id,
      exhibit.takenAt!.replace(/\.\d{3}Z$/, 'Z'),
      exhibit.received?.member ?? exhibit.takenBy!.institution ?? exhibit.takenBy!.office,
      String(exhibit.bytes),
      exhibit.handling.tlp,
      exhibit.state,
      String(exhibit.entries),
      shown(exhibit.title),
    ]),
  );
}

async function bundle(id: string, file: string, connection: Connection): Promise<void> {
  const { headers } = connection;
  const response = await reach(connection, `/v1/exhibits/${encodeURIComponent(id)}/bundle`, { headers });
  const target = await open(file, 'wx', 0o600).catch(() => {
    throw new CommandError(`${file} cannot be written: is it there already?`);
  });
  try {
    await target.writeFile(response.body as unknown as AsyncIterable<Uint8Array>);
    await target.sync();
  } catch (error) {
    await rm(file, { force: true });
    throw new CommandError(`the bundle did not come whole: ${(error as Error).message}`);
  } finally {
    await target.close();
  }
  print(`Written to ${file}. Whoever has your verifying key can check it: drum evidence verify ${file} --key KEY`);
}

/** The exit code. Throws when the file cannot be read, or nobody is trusted. */
async function verifyBundle(file: string, options: VerifyOptions, screen: Screen): Promise<0 | 1> {
  const keysOf = await trustedKeys(options);
  const found = await stat(file).catch(() => undefined);
  if (found?.isFile() !== true) throw new CommandError(`there is no file ${file}`);
  const checks = await checkBundle(createReadStream(file), keysOf);
  for (const { what, isRight, finding } of checks)
    screen.line(`${isRight ? 'right' : 'WRONG'}  ${what.padEnd(8)} ${finding}`);
  const isRight = checks.every((check) => check.isRight);
  screen.line(isRight ? 'The bundle is what it says.' : 'This is not what was sealed.');
  return isRight ? 0 : 1;
}

async function trustedKeys(options: VerifyOptions): Promise<(member: string, book: string) => NoteKey[]> {
  const { key = [], directory } = options;
  if (key.length === 0 && directory === undefined)
    throw new CommandError('say whom to believe: --key with a verifying key, or --directory with a charter');
  const pinned = key.map((text) => {
    const parsed = parseVerifyingKey(text.trim(), sha256);
    if (isRefusal(parsed)) throw new CommandError(`not a verifying key (${parsed.refused}): ${text}`);
    return parsed;
  });
  const listed = directory === undefined ? new Map<string, NoteKey['publicKey'][]>() : await keysInCharter(directory);
  return (member, book) => {
    const name = originOf(member, book);
    const known = listed.get(member) ?? [];
    return [...pinned, ...known.map((publicKey) => ({ name, algorithm: signatureAlgorithms.ed25519, publicKey }))];
  };
}

/** Every key that has ever signed a member's books and is in nobody else's hands. The founding in the file is trusted. */
async function keysInCharter(file: string): Promise<Map<string, Uint8Array[]>> {
  const charter = await readFile(file, 'utf8')
    .then((text) => JSON.parse(text) as { records?: SignedRecord[] })
    .catch((error: Error) => {
      throw new CommandError(`${file} cannot be read: ${error.message}`);
    });
  if (!Array.isArray(charter?.records)) throw new CommandError(`${file} is no charter: it has no records`);
  const records = charter.records.flatMap((record): OpenedRecord[] => {
    const opened = openRecord(record, sha256);
    return isRefusal(opened) ? [] : [verifiedRecord(opened, verifyEd25519)];
  });
  const foundings = records.filter(({ body }) => body.kind === 'founding');
  if (foundings.length !== 1) throw new CommandError(`${file} has ${foundings.length} foundings, and should have one`);
  const { parties } = rosterOf(records, foundings[0]!.id, systemClock.now());
  return new Map(
    [...parties.values()].map(({ code, keys }) => [
      code,
      keys
        .filter(({ use, compromisedSinceMs }) => use === 'checkpoint' && compromisedSinceMs === null)
        .map(({ publicKey }) => new Uint8Array(Buffer.from(publicKey, 'base64'))),
    ]),
  );
}
