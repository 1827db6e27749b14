import { Compile } from 'typebox/compile';
import { homeOf } from '@bronze-drum/protocol/identifiers/home';
import { parse } from '@bronze-drum/protocol/identifiers/identifiers';
import type { Key } from '@bronze-drum/protocol/identifiers/identifier';
import { AlertBody } from '@bronze-drum/protocol/statements/alert';
import type { Entry } from '../../journal/journal.ts';
import { instantMs, type Clock } from '../../kernel/clock.ts';
import type { Tx } from '../../platform/db.ts';
import type { Finding } from '../record.ts';
import { rankOf, reasonName } from '../rules.ts';

const isBody = Compile(AlertBody);

interface HeardRow {
  readonly member: string;
  readonly id: string;
  readonly revision: number;
  /** How often each reason was found, by its name, as JSON. */
  readonly reasons: string;
}

type Heard = Pick<HeardRow, 'revision'> & { readonly counts: Readonly<Record<string, number>> };

/**
 * Alerts that other members tell us because the account or number lives here. Of each the highest revision stands, so that
 * neither order nor repetition matters. They are never told on.
 */
export function openTold({ clock, member: self }: { clock: Clock; member: string }) {
  function bodyOf(entry: Entry): AlertBody | undefined {
    const { statement } = entry;
    if (statement === null || entry.member === self || statement.envelope.member !== entry.member) return undefined;
    const { body } = statement;
    if (!isBody.Check(body) || homeOf(body.key as Key) !== self || parse(body.key) !== body.key) return undefined;
    return body;
  }

  /** Reads what is news in some statements; remembers it. */
  return async (tx: Tx, entries: readonly Entry[]): Promise<Finding[]> => {
    const bodies = entries.flatMap((entry) => {
      const body = bodyOf(entry);
      return body === undefined ? [] : [{ member: entry.member, body }];
    });
    if (bodies.length === 0) return [];
    const heard = await readHeard(tx, bodies);
    const nowMs = clock.now();
    const found: Finding[] = [];
    for (const { member, body } of bodies) {
      const name = `${member}/${body.id}`;
      const known = heard.get(name);
      if (known !== undefined && known.revision >= body.revision) continue;
      const counts: Record<string, number> = { ...known?.counts };
      for (const finding of findingsOf(member, body, nowMs)) {
        const reason = reasonName(finding);
        const news = finding.count! - (counts[reason] ?? 0);
        if (news <= 0) continue;
        counts[reason] = finding.count!;
        found.push({ ...finding, count: news });
      }
      heard.set(name, { revision: body.revision, counts });
    }
    await writeHeard(tx, bodies, heard, nowMs);
    return found;
  };
}

function findingsOf(member: string, body: AlertBody, nowMs: number): Finding[] {
  return body.reasons.map((reason) => ({
    kind: reason.kind,
    subject: body.key,
    code: reason.code,
    params: reason.params,
    rank: rankOf(body.priority),
    // Another's clock may be ahead of ours.
    atMs: Math.min(nowMs, instantMs(reason.lastAt)),
    firstAtMs: Math.min(nowMs, instantMs(reason.firstAt)),
    count: reason.count,
    discreet: false,
    source: `member:${member}`,
    member,
    tellable: false,
  }));
}

type Bodies = readonly { readonly member: string; readonly body: AlertBody }[];

async function readHeard(tx: Tx, bodies: Bodies): Promise<Map<string, Heard>> {
  const rows = await tx.query<HeardRow>(
    `SELECT heard.member, heard.id, heard.revision, heard.reasons FROM alerts.heard heard
     JOIN (SELECT DISTINCT * FROM unnest($1::text[], $2::uuid[]) AS one (member, id)) asked USING (member, id)`,
    [bodies.map(({ member }) => member), bodies.map(({ body }) => body.id)],
  );
  return new Map(
    rows.map(({ member, id, revision, reasons }) => [
      `${member}/${id}`,
      { revision, counts: JSON.parse(reasons) as Heard['counts'] },
    ]),
  );
}

async function writeHeard(tx: Tx, bodies: Bodies, heard: ReadonlyMap<string, Heard>, nowMs: number): Promise<void> {
  const names = [...new Set(bodies.map(({ member, body }) => `${member}/${body.id}`))];
  await tx.query(
    `INSERT INTO alerts.heard (member, id, revision, reasons, at)
     SELECT member, id, revision, reasons, $1
     FROM unnest($2::text[], $3::uuid[], $4::integer[], $5::text[]) AS one (member, id, revision, reasons)
     ON CONFLICT (member, id) DO UPDATE SET revision = excluded.revision, reasons = excluded.reasons, at = excluded.at`,
    [
      new Date(nowMs),
      names.map((name) => name.slice(0, name.indexOf('/'))),
      names.map((name) => name.slice(name.indexOf('/') + 1)),
      names.map((name) => heard.get(name)!.revision),
      names.map((name) => JSON.stringify(heard.get(name)!.counts)),
    ],
  );
}
