import type { Actor } from '../kernel/actor.ts';
import type { Db, Tx } from '../platform/db.ts';
import { maySee, type KindOfOffice } from './presenting.ts';
import type { AlertRecord } from './record.ts';

type Parts = Pick<AlertRecord, 'recipient' | 'state' | 'kind' | 'discreet' | 'roles' | 'offices'>;

/**
 * Alerts that the same people see, and that are of one state and kind, as one text: there are few such sets, and each is one
 * place in an index. So a list reads what somebody may see in its order, however much there is that they may not.
 */
export const audienceOf = ({ recipient, state, kind, discreet, roles, offices }: Parts): string =>
  JSON.stringify([recipient, state, kind, discreet, roles, offices]);

export function readAudience(text: string): Parts {
  const [recipient, state, kind, discreet, roles, offices] = JSON.parse(text) as [
    Parts['recipient'],
    Parts['state'],
    Parts['kind'],
    boolean,
    string[],
    string[],
  ];
  return { recipient, state, kind, discreet, roles, offices };
}

export interface Audiences {
  /** Remembers the audiences of alerts that are written. */
  note(tx: Tx, records: readonly AlertRecord[]): Promise<void>;
  /** The audiences that somebody is in, by what their alerts are routed to. */
  of(viewer: Actor, wanted: (audience: Parts) => boolean): string[];
}

/** All audiences that there have ever been, in memory. */
export async function openAudiences(db: Db, kindOfOffice: KindOfOffice): Promise<Audiences> {
  const rows = await db.query<{ audience: string }>('SELECT audience FROM alerts.audiences');
  const known = new Map(rows.map(({ audience }) => [audience, readAudience(audience)]));
  return {
    async note(tx, records) {
      const fresh = [...new Set(records.map(audienceOf))].filter((audience) => !known.has(audience));
      if (fresh.length === 0) return;
      await tx.query('INSERT INTO alerts.audiences (audience) SELECT unnest($1::text[]) ON CONFLICT DO NOTHING', [
        fresh,
      ]);
      tx.afterCommit(() => fresh.forEach((audience) => known.set(audience, readAudience(audience))));
    },
    of(viewer, wanted) {
      const found: string[] = [];
      for (const [audience, parts] of known) {
        const alert = { ...parts, watchers: [], owner: null };
        if (wanted(parts) && maySee(viewer, alert, kindOfOffice)) found.push(audience);
      }
      return found;
    },
  };
}
