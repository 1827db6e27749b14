import { Counter, Gauge } from 'prom-client';
import type { OrderKind, OrderOutcomeKind } from '@bronze-drum/protocol/orders';
import type { Db } from '../platform/db.ts';
import type { Telemetry } from '../platform/telemetry.ts';

export interface Metrics {
  issued(kind: OrderKind): void;
  answered(kind: OrderKind, outcome: OrderOutcomeKind): void;
  late(kind: OrderKind): void;
}

export function openMetrics({ metrics }: Telemetry, db: Db): Metrics {
  const registers = [metrics];
  const issued = new Counter({
    name: 'drum_orders_issued_total',
    help: 'Orders that were issued or changed, by kind',
    labelNames: ['kind'],
    registers,
  });
  const answered = new Counter({
    name: 'drum_orders_answered_total',
    help: 'Outcomes of orders, by kind and outcome',
    labelNames: ['kind', 'outcome'],
    registers,
  });
  const late = new Counter({
    name: 'drum_orders_late_total',
    help: 'Orders that were not answered in time, by kind',
    labelNames: ['kind'],
    registers,
  });
  void new Gauge({
    name: 'drum_orders_waiting',
    help: 'Orders that wait for an answer',
    registers,
    async collect() {
      const [row] = await db.query<{ count: number }>(
        `SELECT count(*) AS count FROM orders.orders WHERE state = 'issued'`,
      );
      this.set(row!.count);
    },
  });
  return {
    issued: (kind) => issued.inc({ kind }),
    answered: (kind, outcome) => answered.inc({ kind, outcome }),
    late: (kind) => late.inc({ kind }),
  };
}
