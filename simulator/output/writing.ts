import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ActivityKind } from '@bronze-drum/protocol/activity/kinds';
import { instant } from '../chance/spelling.ts';
import { arrivalsOf } from '../world/arrivals.ts';
import { compounds } from '../world/compounds.ts';
import type { Happening, Sent } from '../world/happening.ts';
import { simulatedInstitutions } from '../world/institutions.ts';
import { networksText } from '../world/networks.ts';
import type { World } from '../world/world.ts';
import { openNdjson, type NdjsonFile, type WrittenFile } from './ndjson-file.ts';

const dayMs = 86_400_000;

export interface Writing {
  readonly world: World;
  readonly days: number;
  readonly folder: string;
  readonly gzip: boolean;
  /** Writes over what an earlier run left in the folder. */
  readonly force: boolean;
  /** Called now and then, with the part that is done. */
  readonly onProgress?: (part: number, records: number) => void;
}

export interface Written {
  readonly records: number;
  readonly frauds: number;
  readonly files: readonly WrittenFile[];
}

/** The folder has something in it, and nobody said to write over it. */
export class FolderInUse extends Error {}

const stems = ['payments', 'calls', 'messages', 'logins', 'sims', 'labels', 'accounts', 'cases', 'reports'] as const;
type Stem = (typeof stems)[number];
const stemOf: Readonly<Record<ActivityKind, Stem>> = {
  payment: 'payments',
  call: 'calls',
  message: 'messages',
  login: 'logins',
  sim: 'sims',
};

/** Writes so many days of a world, in the order in which servers would hear of it, and what is true of it beside. */
export async function writeWorld(writing: Writing): Promise<Written> {
  const { world, folder, gzip } = writing;
  await mkdir(folder, { recursive: true });
  if (!writing.force && (await readdir(folder)).length > 0) throw new FolderInUse(folder);
  const opened: [Stem, NdjsonFile][] = [];
  for (const stem of stems) opened.push([stem, await openNdjson(folder, stem, gzip)]);
  const files = Object.fromEntries(opened) as Record<Stem, NdjsonFile>;
  const { fromMs } = world.options;
  const untilMs = fromMs + Math.round(writing.days * dayMs);
  let records = 0;
  let frauds = 0;

  for (const arrival of arrivalsOf(world.happenings(), untilMs)) {
    if ('happening' in arrival) {
      frauds += await tell(files, arrival.happening);
      continue;
    }
    const { sent } = arrival;
    if (files[stemOf[sent.kind]].add(lineOf(sent))) await files[stemOf[sent.kind]].flush();
    if (sent.labels.length > 0) await label(files.labels, sent);
    if (++records % 20_000 === 0)
      writing.onProgress?.(Math.min(1, (sent.reportedAtMs - fromMs) / (untilMs - fromMs)), records);
  }
  for (const summary of world.openCases()) {
    frauds++;
    if (files.cases.add(JSON.stringify(summary))) await files.cases.flush();
  }
  const written: WrittenFile[] = [];
  for (const [, file] of opened) written.push(await file.close());
  await writeFile(join(folder, 'networks.csv'), networksText());
  await writeFile(
    join(folder, 'world.json'),
    `${JSON.stringify(describe(writing, untilMs, records, frauds, written), null, 2)}\n`,
  );
  return { records, frauds, files: written };
}

const lineOf = ({ member, institution, reportedAtMs, record }: Sent): string =>
  `{"member":"${member}","institution":"${institution}","reportedAt":"${instant(reportedAtMs)}","record":${JSON.stringify(record)}}`;

/** A record of money from several victims has a line for each. */
async function label(file: NdjsonFile, { member, institution, kind, record, labels }: Sent): Promise<void> {
  for (const each of labels)
    if (file.add(JSON.stringify({ member, institution, kind, id: record.id, ...each }))) await file.flush();
}

/** How many frauds ended. */
async function tell(files: Record<Stem, NdjsonFile>, { marks = [], report, ended }: Happening): Promise<number> {
  for (const mark of marks) if (files.accounts.add(JSON.stringify(mark))) await files.accounts.flush();
  if (report !== undefined && files.reports.add(JSON.stringify(report))) await files.reports.flush();
  if (ended === undefined) return 0;
  if (files.cases.add(JSON.stringify(ended))) await files.cases.flush();
  return 1;
}

function describe(
  { world, days }: Writing,
  untilMs: number,
  records: number,
  frauds: number,
  files: readonly WrittenFile[],
) {
  const { seed, fromMs, rate, members, fraudShare, adversary } = world.options;
  return {
    about: 'A synthetic world: no person, account, number or place in it exists.',
    options: {
      seed,
      from: instant(fromMs),
      until: instant(untilMs),
      days,
      rate,
      members,
      fraudShare,
      adversary: adversary ?? null,
    },
    counts: { people: world.population, records, frauds },
    rings: world.totals(),
    files,
    institutions: Object.fromEntries(members.map((member) => [member, simulatedInstitutions(member)])),
    compounds,
  };
}
