import type { Activity, ReportedRecord } from '../../activity/activity.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Gathering } from '../gathering.ts';
import type { Finding } from '../record.ts';
import { rankOfSuspicion } from '../rules.ts';
import type { Source } from './source.ts';
import type { Watched } from './watched.ts';

export interface SuspicionsParts {
  readonly clock: Clock;
  readonly activity: Pick<Activity, 'follow'>;
  readonly gathering: Gathering;
  readonly watched: Watched;
}

/** What institutions report as fraud, and what of their reports is watched. */
export function followActivity({ clock, activity, gathering, watched }: SuspicionsParts): Source {
  const findingsOf = (record: ReportedRecord): Finding[] => {
    const suspicion = suspicionOf(record);
    const found = suspicion === undefined ? [] : [suspicion];
    const { institution, kind, atMs } = record;
    const rank = suspicion === undefined ? 4 : 3;
    const nowMs = clock.now();
    const known = new Set<string>();
    for (const { role, key } of record.keys) {
      if (known.has(key)) continue;
      known.add(key);
      const params = { activity: kind, role, institution };
      const source = `institution:${institution}`;
      const seen = { what: 'activity', key, params, rank, atMs, discreet: false, institution, source } as const;
      found.push(...watched.findings(seen, nowMs));
    }
    return found;
  };
  return activity.follow({
    name: 'alerts',
    handle: (tx, records) => gathering.apply(tx, records.flatMap(findingsOf)),
  });
}

/**
 * Whom a suspicion is about: where the money went, where the call or message came from, or where its link leads. A number
 * that was only shown may belong to somebody who knows nothing of it: that weighs least, and nobody abroad is told.
 */
function suspicionOf(reported: ReportedRecord): Finding | undefined {
  const { suspicion } = reported.record;
  if (suspicion === undefined) return undefined;
  const suspect = suspectOf(reported);
  const presented = suspect === undefined ? reported.keys.find(({ role }) => role === 'presented')?.key : undefined;
  const subject = suspect ?? presented;
  if (subject === undefined) return undefined;
  const isPresented = suspect === undefined;
  const { institution, kind, atMs } = reported;
  const { typology, confirmed } = suspicion;
  return {
    kind: 'suspected-activity',
    subject,
    code: isPresented ? 'suspected-activity.presented' : 'suspected-activity.reported',
    params: { activity: kind, typology, confirmed, institution },
    rank: rankOfSuspicion(kind, confirmed, isPresented),
    atMs,
    discreet: false,
    source: `institution:${institution}`,
    except: institution,
    tellable: !isPresented,
  };
}

function suspectOf(reported: ReportedRecord): string | undefined {
  const { record } = reported;
  if ('amount' in record) return record.to ?? record.from;
  if ('called' in record) return record.originating;
  if ('channel' in record) return record.originating ?? record.links?.[0];
  return 'account' in record ? record.account : record.phone;
}
