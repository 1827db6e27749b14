import type { AppealDecisionBody } from '@bronze-drum/protocol/statements/appeal';
import type { ErasureBody } from '@bronze-drum/protocol/statements/erasure';
import { instantMs, instantText } from '../kernel/clock.ts';
import type { Entry, Journal } from '../journal/journal.ts';
import type { Sql, Tx } from '../platform/db.ts';

/** What another member decided on an appeal against its own act. */
export interface DecisionAbroad {
  readonly member: string;
  readonly appeal: string;
  readonly act: { readonly kind: string; readonly id: string };
  readonly outcome: 'upheld' | 'dismissed' | 'lapsed';
  readonly releases: boolean;
  readonly grounds: string;
  readonly lodgedAt: string;
  readonly decidedAt: string;
}

/** Keeps other members' decisions as long as their authors do. That an act has ended, its own room hears from its author. */
export function keepDecisionsAbroad(journal: Journal): void {
  journal.follow({
    name: 'redress',
    kinds: ['appeal-decision', 'erasure'],
    ownKinds: [],
    async handle(tx, entries) {
      for (const entry of entries) {
        if (entry.member === journal.member || entry.statement === null) continue;
        if (entry.statement.envelope.kind === 'erasure') await forget(tx, entry);
        else await keep(tx, entry);
      }
    },
  });
}

const firstMs = Date.UTC(1970, 0, 1);

async function keep(tx: Tx, entry: Entry): Promise<void> {
  const { envelope, body } = entry.statement!;
  const { appeal, act, outcome, releases, grounds, lodgedAt } = body as AppealDecisionBody;
  // The schema allows instants and characters that PostgreSQL does not have; who writes them is not heard.
  if (!(instantMs(lodgedAt) >= firstMs) || !(instantMs(envelope.at) >= firstMs) || grounds.includes('\0')) return;
  await tx.query(
    `INSERT INTO redress.foreign_decisions
       (member, appeal, act_kind, act_id, outcome, releases, grounds, lodged_at, decided_at, book, number)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
     ON CONFLICT (member, appeal) DO UPDATE
     SET outcome = $5, releases = $6, grounds = $7, decided_at = $9, book = $10, number = $11
     WHERE (foreign_decisions.decided_at, foreign_decisions.book, foreign_decisions.number) < ($9, $10, $11)`,
    [
      entry.member,
      appeal.slice(-36),
      act.kind,
      act.id.replaceAll('\0', ''),
      outcome,
      releases,
      grounds,
      lodgedAt,
      envelope.at,
      entry.book,
      entry.number,
    ],
  );
}

async function forget(tx: Tx, entry: Entry): Promise<void> {
  const { number } = entry.statement!.body as ErasureBody;
  await tx.query('DELETE FROM redress.foreign_decisions WHERE number = $3 AND member = $1 AND book = $2', [
    entry.member,
    entry.book,
    number,
  ]);
}

/** What was decided on acts of other members, newest first. */
export async function readDecisionsAbroad(
  sql: Sql,
  kind: string,
  acts: readonly { member: string; id: string }[],
): Promise<DecisionAbroad[]> {
  if (acts.length === 0) return [];
  interface Row extends Omit<DecisionAbroad, 'act' | 'lodgedAt' | 'decidedAt'> {
    act_kind: string;
    act_id: string;
    lodged_at: Date;
    decided_at: Date;
  }
  const rows = await sql.query<Row>(
    `SELECT member, appeal, act_kind, act_id, outcome, releases, grounds, lodged_at, decided_at
     FROM redress.foreign_decisions
     WHERE act_kind = $1 AND (act_id, member) IN (SELECT * FROM unnest($2::text[], $3::text[]))
     ORDER BY decided_at DESC, member, appeal LIMIT 500`,
    [kind, acts.map(({ id }) => id), acts.map(({ member }) => member)],
  );
  return rows.map(({ act_kind, act_id, lodged_at, decided_at, ...decision }) => ({
    ...decision,
    act: { kind: act_kind, id: act_id },
    lodgedAt: instantText(lodged_at.getTime()),
    decidedAt: instantText(decided_at.getTime()),
  }));
}
