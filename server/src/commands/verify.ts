import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { parseVerifyingKey, writeVerifyingKey, type NoteKey } from '@bronze-drum/protocol/checkpoints';
import { originOf } from '@bronze-drum/protocol/commitments';
import { isRefusal } from '@bronze-drum/protocol/refusals';
import type { BookSource } from '../journal/audit/audit.ts';
import { sha256, writeExport } from '../journal/export/export.ts';
import { CommandError, connect, type ConnectionOptions } from './connection.ts';
import { journalAt, journalIn, type JournalSource } from './journal-sources.ts';
import { counted, terminal, type Screen } from './terminal.ts';
import { reportBooks, reportFiles } from './verify-report.ts';

interface Options extends ConnectionOptions {
  readonly vkey?: string[];
  readonly keys?: string;
  readonly against?: string;
  readonly save?: string;
}

const collect = (value: string, before: string[] = []): string[] => [...before, value];

/** `drum verify`: audits a journal. Ends with 0 if it is whole, 1 if something is wrong, 2 if it could not be read. */
export function verifyCommand(): Command {
  return new Command('verify')
    .description(
      'Audit a journal: a backup, an export, or a server. Exit code 0: whole, 1: something is wrong, 2: unreadable',
    )
    .argument(
      '[source]',
      'the folder of a backup or export, or the address of a server (default: the server on this machine)',
    )
    .option('--vkey <key>', 'trust this verifying key only (name+id+key); may be repeated', collect)
    .option('--keys <file>', 'trust the verifying keys of this file only, one a line')
    .option('--against <folder>', 'an older backup or export, whose history this one must continue')
    .option('--save <folder>', 'of a server: keep what was read, as an export')
    .action(async (source: string | undefined, _options: unknown, command: Command) => {
      try {
        process.exitCode = await verify(source, command.optsWithGlobals<Options>(), terminal());
      } catch (error) {
        process.stderr.write(`drum: ${(error as Error).message}\n`);
        process.exitCode = 2;
      }
    });
}

/** The exit code of the audit. Throws when there is nothing to audit or it cannot be read. */
export async function verify(source: string | undefined, options: Options, screen: Screen): Promise<0 | 1> {
  const pins = await pinnedKeys(options);
  const earlier = options.against === undefined ? undefined : await journalIn(options.against);
  const before = new Map(earlier?.books.map((book) => [book.book, book.note]));
  const trusted = ({ books }: JournalSource): readonly BookSource[] =>
    pins === undefined
      ? books
      : books
          .map((book) => ({ ...book, keys: pins.filter((key) => signs(key, book)) }))
          // Of other members' books kept there, those are asked about whose key was given.
          .filter((book) => book.isCopy !== true || book.keys.length > 0);
  let journal = await journalOf(source, options);
  if (options.save !== undefined) {
    await writeExport(
      options.save,
      journal.books.filter((book) => book.isCopy !== true),
    );
    journal = await journalIn(options.save);
    screen.line(`Saved to ${options.save}.`);
  }
  sayWhoIsTrusted(trusted(journal), pins !== undefined, screen);
  const changed = source === undefined ? 0 : await reportFiles(journal, source, screen);
  let found = await reportBooks(trusted(journal), before, screen);
  if (isRemote(source) && found.codes.size === 1 && found.codes.has('audit.unexplained-erasure')) {
    // On a server that is working, an erasure stands for a moment before the statement about it has its number.
    screen.line('Looking once more, as somebody may just have erased this.');
    found = await reportBooks(trusted(await journalOf(source, options)), before, screen);
  }
  const findings = changed + found.findings;
  screen.line(findings === 0 ? 'Everything verifies.' : `${counted(findings, 'finding')}: this is not whole.`);
  return findings === 0 ? 0 : 1;
}

const isRemote = (source: string | undefined): boolean => source === undefined || /^https?:\/\//.test(source);
const signs = (key: NoteKey, book: BookSource): boolean => key.name === originOf(book.member, book.book);

async function journalOf(source: string | undefined, options: Options): Promise<JournalSource> {
  if (source !== undefined && !isRemote(source)) return journalIn(source);
  return journalAt(await connect(source === undefined ? options : { ...options, server: source }));
}

async function pinnedKeys(options: Options): Promise<NoteKey[] | undefined> {
  if (options.vkey === undefined && options.keys === undefined) return undefined;
  const lines =
    options.keys === undefined
      ? []
      : (await readFile(options.keys, 'utf8')).split('\n').filter((line) => line.trim() !== '');
  return [...lines, ...(options.vkey ?? [])].map((text) => {
    const key = parseVerifyingKey(text.trim(), sha256);
    if (isRefusal(key)) throw new CommandError(`not a verifying key (${key.refused}): ${text}`);
    return key;
  });
}

function sayWhoIsTrusted(books: readonly BookSource[], pinned: boolean, screen: Screen): void {
  for (const key of new Set(books.flatMap((book) => book.keys.map((key) => writeVerifyingKey(key, sha256))))) {
    screen.line(`key ${key}`);
  }
  if (pinned) return;
  screen.line(
    'These keys come from what is being verified. They show that nothing was changed since it was signed, not by',
  );
  screen.line('whom: pin keys that you had from elsewhere with --vkey or --keys.');
}
