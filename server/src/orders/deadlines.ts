import type { Author } from '@bronze-drum/protocol/statements/envelope';
import type { Alerts } from '../alerts/alerts.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Clocks } from '../platform/clocks.ts';
import type { Tx } from '../platform/db.ts';
import type { Issuing } from './issuing.ts';
import type { Metrics } from './metrics.ts';
import type { OrderRow } from './record.ts';
import { rankOf } from './rules.ts';
import { orderClocks } from './saying.ts';
import * as store from './store.ts';

interface DeadlineParts {
  readonly clock: Clock;
  readonly clocks: Pick<Clocks, 'on'>;
  readonly alerts: Pick<Alerts, 'raise'>;
  readonly issuing: Issuing;
  readonly metrics: Metrics;
}

const byRule = (row: OrderRow, rule: string): Author => ({ office: row.office, rule });

/** What happens by itself: reminders, alerts when nobody answers or confirms, and the end of an order in its time. */
export function keepDeadlines(parts: DeadlineParts): void {
  const { clock, clocks, alerts, issuing, metrics } = parts;

  const raise = (tx: Tx, row: OrderRow, code: 'order.late' | 'order.unconfirmed'): Promise<void> =>
    alerts.raise(tx, [
      {
        kind: 'order',
        code,
        subject: `order:${row.id}`,
        params: { order: row.kind, institution: row.institution, id: row.id },
        rank: rankOf(row.kind),
        atMs: clock.now(),
        discreet: false,
        tellable: false,
      },
    ]);

  clocks.on(orderClocks.remind, {
    async due(tx, { subject }) {
      const row = await store.lockOrder(tx, subject);
      if (row?.state !== 'issued') return;
      const reminded = await store.changeOrder(tx, row.id, { reminders: row.reminders + 1 });
      await issuing.setReminder(tx, reminded);
      await issuing.note(tx, row.id, byRule(row, 'order-reminder'), 'reminded', { reminders: reminded.reminders });
      await issuing.tell(tx, reminded);
    },
  });

  clocks.on(orderClocks.answer, {
    async due(tx, { subject }, nowMs) {
      const row = await store.lockOrder(tx, subject);
      if (row?.state !== 'issued') return;
      const late = await store.changeOrder(tx, row.id, { late_at: new Date(nowMs) });
      await issuing.note(tx, row.id, byRule(row, 'order-late'), 'late');
      await raise(tx, late, 'order.late');
      tx.afterCommit(() => {
        metrics.late(row.kind);
        issuing.changed();
      });
    },
  });

  clocks.on(orderClocks.until, {
    async due(tx, { subject, dueMs }) {
      const row = await store.lockOrder(tx, subject);
      if (row === undefined) return;
      await issuing.end(tx, byRule(row, 'order-expired'), row.id, { why: 'expired', atMs: dueMs });
    },
  });

  clocks.on(orderClocks.confirm, {
    async due(tx, { subject }) {
      const row = await store.lockOrder(tx, subject);
      if (row?.state !== 'ended' || row.confirmed_at !== null) return;
      await issuing.note(tx, row.id, byRule(row, 'order-unconfirmed'), 'unconfirmed');
      await raise(tx, row, 'order.unconfirmed');
    },
  });
}
