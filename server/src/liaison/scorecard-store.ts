import type { RequestKind } from '@bronze-drum/protocol/requests';
import type { Sql } from '../platform/db.ts';
import type { Scorecard } from './contract.ts';

interface ScoreRow {
  readonly asking: string;
  readonly asked: string;
  readonly kind: RequestKind;
  readonly count: number;
  readonly acknowledged: number;
  readonly acknowledged_median: number | null;
  readonly acknowledged_p90: number | null;
  readonly acknowledged_on_time: number | null;
  readonly answered: number;
  readonly answered_median: number | null;
  readonly answered_p90: number | null;
  readonly answered_on_time: number | null;
}

/** The columns of one clock: a deed is late when it came after its deadline, or has not come though that is over. */
const columns = (done: string, due: string): string => `
  count(${done}_at) AS ${done},
  percentile_cont(0.5) WITHIN GROUP (ORDER BY ${done}_minutes) AS ${done}_median,
  percentile_cont(0.9) WITHIN GROUP (ORDER BY ${done}_minutes) AS ${done}_p90,
  (avg(CASE WHEN ${done}_at IS NOT NULL THEN (${done}_at <= ${due})::integer
            WHEN state <> 'withdrawn' AND ${due} <= $3 THEN 0 END))::float8 AS ${done}_on_time`;

/**
 * Requests that were sent in a time, from receipt; where that was never said, from sending. Drafts do not count, nor what was
 * withdrawn before anybody acknowledged it.
 */
export async function readScores(sql: Sql, from: Date, until: Date, now: Date): Promise<Scorecard['rows']> {
  const rows = await sql.query<ScoreRow>(
    `WITH timed AS (
       SELECT *,
         extract(epoch FROM acknowledged_at - coalesce(received_at, sent_at))::float8 / 60 AS acknowledged_minutes,
         extract(epoch FROM answered_at - coalesce(received_at, sent_at))::float8 / 60 AS answered_minutes
       FROM liaison.requests
       WHERE revision > 0 AND sent_at >= $1 AND sent_at < $2 AND (state <> 'withdrawn' OR acknowledged_at IS NOT NULL)
     )
     SELECT asking, asked, kind, count(*) AS count, ${columns('acknowledged', 'acknowledge_by')}, ${columns('answered', 'act_by')}
     FROM timed GROUP BY asking, asked, kind ORDER BY asking, asked, kind LIMIT 1000`,
    [from, until, now],
  );
  return rows.map((row) => ({
    asking: row.asking,
    asked: row.asked,
    kind: row.kind,
    count: row.count,
    acknowledged: {
      count: row.acknowledged,
      median: row.acknowledged_median,
      p90: row.acknowledged_p90,
      onTime: row.acknowledged_on_time,
    },
    answered: {
      count: row.answered,
      median: row.answered_median,
      p90: row.answered_p90,
      onTime: row.answered_on_time,
    },
  }));
}
