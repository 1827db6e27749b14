import { Counter, Gauge, Histogram } from 'prom-client';
import type { Db } from '../platform/db.ts';
import type { Telemetry } from '../platform/telemetry.ts';
import type { Finding } from './record.ts';

export interface Metrics {
  /** That findings became durable, and how many new alerts they made. */
  gathered(findings: readonly Finding[], opened: number, nowMs: number): void;
}

export function openMetrics({ metrics }: Telemetry, db: Db): Metrics {
  const registers = [metrics];
  const found = new Counter({
    name: 'drum_alerts_findings_total',
    help: 'Findings by kind',
    labelNames: ['kind'],
    registers,
  });
  const made = new Counter({ name: 'drum_alerts_opened_total', help: 'Alerts that were opened', registers });
  const lag = new Histogram({
    name: 'drum_alerts_lag_seconds',
    help: 'From when something happened until it is in an alert',
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 5, 60, 3600],
    registers,
  });
  void new Gauge({
    name: 'drum_alerts_waiting',
    help: 'Alerts that nobody has taken',
    registers,
    async collect() {
      const [row] = await db.query<{ count: number }>(
        `SELECT count(*) FROM alerts.alerts WHERE recipient = 'officers' AND state = 'new'`,
      );
      this.set(row!.count);
    },
  });
  return {
    gathered(findings, opened, nowMs) {
      made.inc(opened);
      const counts = new Map<string, number>();
      for (const { kind, count = 1 } of findings) counts.set(kind, (counts.get(kind) ?? 0) + count);
      for (const [kind, count] of counts) found.inc({ kind }, count);
      // Those of one batch were found together: the oldest stands for them.
      lag.observe(Math.max(0, nowMs - findings.reduce((oldest, { atMs }) => Math.min(oldest, atMs), nowMs)) / 1000);
    },
  };
}
