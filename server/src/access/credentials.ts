import { secondMs, type Clock } from '../kernel/clock.ts';
import type { Policy } from '../kernel/policy.ts';
import { refuse } from '../kernel/refusals.ts';
import type { Db, Sql, Tx } from '../platform/db.ts';
import type { Rate, Rates } from '../platform/rates.ts';
import type { Passwords } from './passwords.ts';
import { attempt, networkOf } from './rules.ts';

export interface Credentials {
  /**
   * Shows that whoever calls knows the officer's password, or refuses: `unauthenticated.sign-in` alike for a wrong
   * password and for an officer who does not exist, is inactive or has none; `unauthenticated.locked` after too many.
   * What follows runs in a transaction that holds the officer's row: a password that was changed or ended meanwhile
   * opens nothing any more.
   */
  prove<T>(officer: string, password: string, ip: string | undefined, then: (tx: Tx) => Promise<T>): Promise<T>;
}

/** Failures from one network: a centre's officers share an address, and all sign in at eight. */
const networkRate: Rate = { perSecond: 0.5, burst: 60 };
/** Failures under one name: a second limit beside the lock, which it must not anticipate. */
const officerRate: Rate = { perSecond: 0.1, burst: 120 };

export function openCredentials(parts: {
  db: Db;
  clock: Clock;
  rates: Rates;
  policy: Policy;
  passwords: Passwords;
}): Credentials {
  const { db, clock, rates, policy, passwords } = parts;

  /** Takes one failure from the allowances; what it returns gives it back, so that only failures are counted. */
  function takeFailure(officer: string, ip: string | undefined): () => void {
    const callers: [string, Rate][] = [
      [`sign-in:network:${networkOf(ip ?? '')}`, networkRate],
      [`sign-in:officer:${officer}`, officerRate],
    ];
    for (const [caller, rate] of callers) rates.take(caller, rate, 1);
    return () => {
      for (const [caller, rate] of callers) rates.take(caller, rate, -1);
    };
  }

  return {
    async prove(officer, password, ip, then) {
      const giveBack = takeFailure(officer, ip);
      return passwords.inTurn(async () => {
        await countAttempt(db, policy, officer, clock.now());
        const stored = await readPassword(db, officer);
        const fits = await passwords.verify(stored, password);
        if (!fits || stored === null) return refuse('unauthenticated.sign-in');
        giveBack();
        const renewed = passwords.isWeak(stored) ? await passwords.hash(password) : null;
        return db.tx(async (tx) => {
          if ((await readPassword(tx, officer, 'FOR UPDATE')) !== stored) refuse('unauthenticated.sign-in');
          await tx.query('DELETE FROM access.attempts WHERE officer = $1', [officer]);
          if (renewed !== null)
            await tx.query('UPDATE access.officers SET password = $2 WHERE id = $1', [officer, renewed]);
          return then(tx);
        });
      });
    },
  };
}

/** Counts before the password is looked at, under a lock: guesses made at once are no more than guesses in a row. */
async function countAttempt(db: Db, policy: Policy, officer: string, nowMs: number): Promise<void> {
  await db.tx(async (tx) => {
    const [row] = await tx.query<{ failures: number; last_at: Date; locked_until: Date | null }>(
      `INSERT INTO access.attempts (officer, failures, last_at) VALUES ($1, 0, $2)
       ON CONFLICT (officer) DO UPDATE SET failures = attempts.failures RETURNING failures, last_at, locked_until`,
      [officer, new Date(nowMs)],
    );
    const before = {
      failures: row!.failures,
      lastAtMs: row!.last_at.getTime(),
      lockedUntilMs: row!.locked_until?.getTime() ?? null,
    };
    const after = attempt(before, policy.at(nowMs).sessions, nowMs);
    if (!('failures' in after)) {
      refuse('unauthenticated.locked', {
        retryAfterSeconds: Math.ceil((after.lockedUntilMs - nowMs) / secondMs),
      });
    }
    await tx.query('UPDATE access.attempts SET failures = $2, last_at = $3, locked_until = $4 WHERE officer = $1', [
      officer,
      after.failures,
      new Date(after.lastAtMs),
      after.lockedUntilMs === null ? null : new Date(after.lockedUntilMs),
    ]);
  });
}

async function readPassword(sql: Sql, officer: string, lock: '' | 'FOR UPDATE' = ''): Promise<string | null> {
  const [row] = await sql.query<{ password: string | null }>(
    `SELECT password FROM access.officers WHERE id = $1 AND active ${lock}`,
    [officer],
  );
  return row?.password ?? null;
}
