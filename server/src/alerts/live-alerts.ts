import type { Actor } from '../kernel/actor.ts';
import type { Db } from '../platform/db.ts';
import type { LiveMessage, LiveTopic } from '../platform/live.ts';
import { digestMessage, type Digests, type LiveDigest } from './digests.ts';
import { liveAlert, maySee, overseer, seesDiscreet, type KindOfOffice, type LiveAlert } from './presenting.ts';
import * as store from './store.ts';

export type LiveItem = LiveAlert | LiveDigest;

/** The alerts as a topic of `/v1/stream`. What is gathered for the digest is not told one by one until somebody acts on it. */
export function liveAlerts(parts: {
  readonly db: Db;
  readonly kindOfOffice: KindOfOffice;
  digests(): Pick<Digests, 'read'>;
}): LiveTopic<LiveItem> {
  const { db, kindOfOffice } = parts;

  function present(viewer: Actor, item: LiveItem): LiveMessage | undefined {
    if ('digest' in item) return digestMessage(viewer, item.digest, kindOfOffice);
    const { record } = item;
    if ((record.quiet && record.state === 'new') || !maySee(viewer, record, kindOfOffice)) return undefined;
    return item.message();
  }

  return {
    name: 'alerts',
    newest: () => store.newestChange(db),
    async read(after, limit) {
      const [records, digests] = await Promise.all([
        store.readChanges(db, after, limit),
        parts.digests().read(after, limit),
      ]);
      const alerts = records.map((record) => ({ number: record.change, rank: record.rank, item: liveAlert(record) }));
      return [...alerts, ...digests].sort((a, b) => a.number - b.number).slice(0, limit);
    },
    present,
    subjectOf: (item) => ('digest' in item ? `digest ${item.digest.toMs}` : item.record.id),
    audienceOf(viewer) {
      if (viewer.kind === 'institution') return `institution:${viewer.institution}`;
      if (viewer.kind !== 'officer' || !viewer.permissions.has('alerts.read')) return 'nobody';
      const discreet = seesDiscreet(viewer) ? 'discreet' : 'open';
      if (viewer.roles.includes(overseer)) return `${overseer} ${discreet}`;
      return `officer:${viewer.officer} ${viewer.office} ${discreet} ${viewer.roles.join(' ')}`;
    },
  };
}
