import { isMemberCode } from '@bronze-drum/protocol/members';
import type { Author } from '@bronze-drum/protocol/statements/envelope';
import type { LiaisonTermsBody } from '@bronze-drum/protocol/statements/liaison-terms';
import { hourMs, secondMs } from '../kernel/clock.ts';
import type { Sql, Tx } from '../platform/db.ts';
import type { LiaisonParts } from './parts.ts';
import { readDesk, readOnDuty } from './roster-store.ts';
import { canonical } from './rules.ts';
import { lockChanges } from './store.ts';

export type Terms = Omit<LiaisonTermsBody, 'revision' | 'desk' | 'staffed'>;

export interface TermsKeeper {
  /** What this member asks of requests to it now. */
  own(nowMs: number): Terms;
  /** What a member asks, as far as it said so. */
  of(sql: Sql, member: string): Promise<LiaisonTermsBody | undefined>;
  /** Keeps what a member said of itself; the highest revision stands. */
  keep(tx: Tx, member: string, body: LiaisonTermsBody): Promise<void>;
  /** Says what is asked here, if it is not what was said last. */
  publish(tx: Tx, nowMs: number): Promise<void>;
  /** Has it said soon, and looked at again from time to time. */
  arm(tx: Tx): Promise<void>;
}

const termsClock = 'liaison.terms';
const author: Author = { office: 'liaison', rule: 'terms' };

export function openTerms(parts: Pick<LiaisonParts, 'clock' | 'clocks' | 'policy' | 'journal'>): TermsKeeper {
  const { clock, clocks, policy, journal } = parts;
  const self = journal.member;

  function own(nowMs: number): Terms {
    const { service, holidays, workdays, kinds } = policy.at(nowMs).liaison;
    const asked = Object.entries(kinds).map(([kind, { accepted, signature, treatyGaps, wayAround }]) => [
      kind,
      { accepted, signature, treatyGaps, ...(wayAround !== undefined && { wayAround }) },
    ]);
    return {
      timeZone: policy.timeZone,
      kinds: Object.fromEntries(asked) as Terms['kinds'],
      service,
      holidays,
      workdays,
    };
  }

  async function read(sql: Sql, member: string): Promise<LiaisonTermsBody | undefined> {
    const [row] = await sql.query<{ body: string }>('SELECT body FROM liaison.terms WHERE member = $1', [member]);
    return row && (JSON.parse(row.body) as LiaisonTermsBody);
  }

  async function write(tx: Tx, member: string, body: LiaisonTermsBody): Promise<void> {
    await tx.query(
      `INSERT INTO liaison.terms AS known (member, revision, body) VALUES ($1, $2, $3)
       ON CONFLICT (member) DO UPDATE SET revision = excluded.revision, body = excluded.body
       WHERE known.revision < excluded.revision`,
      [member, body.revision, JSON.stringify(body)],
    );
  }

  async function publish(tx: Tx, nowMs: number): Promise<void> {
    if (!isMemberCode(self)) return;
    await lockChanges(tx);
    const known = await read(tx, self);
    const { name } = await readDesk(tx);
    const staffed = (await readOnDuty(tx, nowMs)).length > 0;
    const body = { ...own(nowMs), desk: name, staffed, revision: known?.revision ?? 0 };
    if (known !== undefined && canonical(known) === canonical(body)) return;
    const next: LiaisonTermsBody = { ...body, revision: body.revision + 1 };
    await write(tx, self, next);
    await journal.append(tx, [
      {
        book: 'alliance',
        kind: 'liaison-terms',
        version: 1,
        author,
        handling: { tlp: 'GREEN', conditions: [] },
        body: next,
      },
    ]);
  }

  clocks.on(termsClock, {
    async due(tx, _deadline, nowMs) {
      const isHeld = journal.isHeld();
      if (!isHeld) await publish(tx, nowMs);
      // Rules that come into force by their date are looked for; who is on duty is said when it changes.
      await clocks.set(tx, { kind: termsClock, subject: self, dueMs: nowMs + (isHeld ? secondMs : hourMs) });
    },
  });

  return {
    own,
    of: read,
    keep: write,
    publish,
    arm: (tx) => clocks.set(tx, { kind: termsClock, subject: self, dueMs: clock.now() }),
  };
}
