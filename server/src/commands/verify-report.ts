import {
  auditBook,
  auditFindings,
  type BookAudit,
  type BookSource,
  type Finding,
  type FindingCode,
} from '../journal/audit/audit.ts';
import { changedFiles } from '../platform/backup-manifest.ts';
import type { JournalSource } from './journal-sources.ts';
import { counted, type Screen } from './terminal.ts';

// A history that was changed throughout would give as many lines as it has statements.
const shownMax = 50;

/** Compares a backup's files with its manifest. Returns how many are not what it says. */
export async function reportFiles(source: JournalSource, folder: string, screen: Screen): Promise<number> {
  if (source.backup === undefined) return 0;
  let changed = 0;
  screen.progress('comparing files with the manifest …');
  for await (const path of changedFiles(folder, source.backup)) {
    changed += 1;
    if (changed <= shownMax) screen.line(`  backup.changed-file  ${path}: missing, or not what the manifest says`);
  }
  return changed;
}

export interface Found {
  readonly findings: number;
  readonly codes: ReadonlySet<FindingCode>;
}

/** Audits every book, and writes what it finds as it finds it. */
export async function reportBooks(
  books: readonly BookSource[],
  earlier: ReadonlyMap<string, string | null>,
  screen: Screen,
): Promise<Found> {
  let findings = 0;
  const codes = new Set<FindingCode>();
  const show = (finding: Finding): void => {
    findings += 1;
    codes.add(finding.code);
    if (findings <= shownMax) screen.line(`  ${sentenceOf(finding)}`);
    if (findings === shownMax + 1) screen.line(`  … and more, which are only counted`);
  };
  for (const source of books) {
    const audit = await auditBook(source, {
      report: show,
      // An older export is of the member itself: copies of others' books are not in it.
      earlier: source.isCopy === true ? undefined : earlier.get(source.book),
      progress: (entries) => screen.progress(`${nameOf(source)}: ${entries.toLocaleString('en')} statements …`),
    });
    screen.line(summaryOf(nameOf(source), audit));
  }
  const present = new Set(books.filter((source) => source.isCopy !== true).map((source) => source.book));
  for (const book of earlier.keys()) if (!present.has(book)) show({ code: 'audit.missing-book', book });
  return { findings, codes };
}

const nameOf = ({ member, book }: BookSource): string => `${member}/${book}`;

function sentenceOf({ code, book, number, params }: Finding): string {
  const place = number === undefined ? book : `${book} ${number}`;
  const facts = Object.entries(params ?? {}).map(([name, value]) => `${name} ${value}`);
  return [`${code}  ${place}: ${auditFindings[code]}`, ...(facts.length > 0 ? [`(${facts.join(', ')})`] : [])].join(
    ' ',
  );
}

function summaryOf(name: string, { entries, findings, checkpoint }: BookAudit): string {
  const root = checkpoint === undefined ? '' : `, root ${Buffer.from(checkpoint.root).toString('base64')}`;
  const verdict = findings === 0 ? `verified${root}` : counted(findings, 'finding');
  return `${name}: ${counted(entries, 'statement')}, ${verdict}`;
}
