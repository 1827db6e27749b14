import type { Federation } from '../../federation/federation.ts';
import { hourMs, instantText, secondMs, type Clock } from '../../kernel/clock.ts';
import type { Clocks } from '../../platform/clocks.ts';
import type { Db, Tx } from '../../platform/db.ts';
import { openLoop } from '../../platform/loops.ts';
import type { ReasonCode } from '../contract.ts';
import type { Gathering } from '../gathering.ts';
import { officers, type AlertRecord, type Finding, type Params } from '../record.ts';
import { rankOfCondition } from '../rules.ts';
import * as store from '../store.ts';
import type { Source } from './source.ts';

export interface ConditionsParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly clocks: Pick<Clocks, 'upcoming'>;
  readonly federation: Pick<Federation, 'troubles'>;
  readonly gathering: Gathering;
  readonly onError: (error: unknown) => void;
}

type ConditionCode = Extract<
  ReasonCode,
  `federation.${'unreachable' | 'refused' | 'fork' | 'held'}` | `deadline.${string}`
>;

interface Condition {
  readonly subject: string;
  readonly code: ConditionCode;
  readonly params: Params;
}

const pollMs = 3 * secondMs;
/** A line that breaks is begun anew at once; what lasts longer somebody should know. */
const unheardMsMin = 15 * secondMs;
const dueWithinMs = 4 * hourMs;
const deadlinesMax = 500;

/** Clocks at whose end a decision is made by nobody. */
const deadlines = [
  { clock: 'access.proposal', about: 'approval', code: 'deadline.approval' },
  { clock: 'redress.appeal', about: 'appeal', code: 'deadline.appeal' },
] as const;

const nameOf = ({ subject, code }: Pick<Condition, 'subject' | 'code'>): string => `${subject} ${code}`;

/** What is the matter for as long as it lasts: neighbours in trouble, decisions that are due. Its alert ends with it. */
export function watchConditions(parts: ConditionsParts): Source {
  const { db, clock, clocks, federation, gathering } = parts;
  /** Those that are known, by name; read at the first look. */
  let known: Set<string> | undefined;
  /** Since when a link has been in trouble, whatever the reasons that followed each other. */
  const unheard = new Map<string, number>();

  async function step(): Promise<void> {
    known ??= new Set((await db.query<Condition>('SELECT subject, code FROM alerts.conditions')).map(nameOf));
    const now = new Map([...(await troubles()), ...(await dueSoon())].map((one) => [nameOf(one), one]));
    const begun = [...now.values()].filter((one) => !known!.has(nameOf(one)));
    const ended = [...known].filter((name) => !now.has(name));
    if (begun.length + ended.length === 0) return;
    await db.tx((tx) => change(tx, begun, ended));
    known = new Set(now.keys());
  }

  async function troubles(): Promise<Condition[]> {
    const nowMs = clock.now();
    const all = await federation.troubles();
    const links = new Set<string>();
    const lasting = all.filter(({ party, code, sinceMs }) => {
      if (code === 'fork' || code === 'held') return true;
      const name = `${party} ${code}`;
      links.add(name);
      const fromMs = Math.min(unheard.get(name) ?? Infinity, sinceMs);
      unheard.set(name, fromMs);
      return fromMs <= nowMs - unheardMsMin;
    });
    for (const name of unheard.keys()) if (!links.has(name)) unheard.delete(name);
    return lasting.map(({ party, code }) => ({ subject: `party:${party}`, code: `federation.${code}`, params: {} }));
  }

  async function dueSoon(): Promise<Condition[]> {
    const beforeMs = clock.now() + dueWithinMs;
    const found: Condition[] = [];
    for (const { clock: kind, about, code } of deadlines) {
      for (const { subject, dueMs } of await clocks.upcoming(db, kind, deadlinesMax)) {
        if (dueMs > beforeMs) break;
        found.push({ subject: `${about}:${subject}`, code, params: { due: instantText(dueMs) } });
      }
    }
    return found;
  }

  async function change(tx: Tx, begun: readonly Condition[], ended: readonly string[]): Promise<void> {
    await store.lockChanges(tx);
    const nowMs = clock.now();
    await tx.query(
      `INSERT INTO alerts.conditions (subject, code, since)
       SELECT subject, code, $1 FROM unnest($2::text[], $3::text[]) AS one (subject, code) ON CONFLICT DO NOTHING`,
      [new Date(nowMs), begun.map(({ subject }) => subject), begun.map(({ code }) => code)],
    );
    await tx.query(`DELETE FROM alerts.conditions WHERE subject || ' ' || code = ANY ($1)`, [ended]);
    await gathering.apply(
      tx,
      begun.map((one) => findingOf(one, nowMs)),
    );
    await endAlerts(tx, [...new Set(ended.map((name) => name.slice(0, name.indexOf(' '))))], nowMs);
  }

  /** Closes the alerts of subjects of which nothing is the matter any more, unless they tell of something else too. */
  async function endAlerts(tx: Tx, subjects: readonly string[], nowMs: number): Promise<void> {
    if (subjects.length === 0) return;
    const lasting = await tx.query<{ subject: string }>(
      'SELECT DISTINCT subject FROM alerts.conditions WHERE subject = ANY ($1)',
      [subjects],
    );
    const over = subjects.filter((subject) => !lasting.some((one) => one.subject === subject));
    const open = await store.readOpen(
      tx,
      over.map((subject) => ({ recipient: officers, subject, discreet: false })),
    );
    const ending = open.filter(({ reasons }) =>
      reasons.every(({ kind }) => kind === 'federation' || kind === 'deadline'),
    );
    await gathering.save(
      tx,
      ending.map((record) => ended(record, nowMs)),
      ending.map(({ id }) => ({ alert: id, actor: 'rule:it-ended', what: 'closed', details: { outcome: 'ended' } })),
    );
  }

  const loop = openLoop(step, { onError: parts.onError, pollMs });
  return { caughtUp: loop.run, close: loop.close };
}

const ended = (record: AlertRecord, nowMs: number): AlertRecord => ({
  ...record,
  state: 'closed',
  outcome: 'ended',
  closedAtMs: nowMs,
  snoozedUntilMs: null,
  escalateAtMs: null,
});

const findingOf = ({ subject, code, params }: Condition, atMs: number): Finding => ({
  kind: code.startsWith('federation.') ? 'federation' : 'deadline',
  subject,
  code,
  params,
  rank: rankOfCondition(code),
  atMs,
  discreet: false,
  tellable: false,
});
