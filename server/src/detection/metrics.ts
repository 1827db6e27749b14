import type { Engine, Finding } from '@bronze-drum/detection/engine';
import { Counter, Gauge, Histogram } from 'prom-client';
import type { Telemetry } from '../platform/telemetry.ts';

export interface Metrics {
  found(findings: readonly Finding[], nowMs: number): void;
  watch(engine: Pick<Engine, 'bytes' | 'size'>): void;
}

export function openMetrics({ metrics }: Telemetry): Metrics {
  const registers = [metrics];
  const found = new Counter({
    name: 'drum_detection_findings_total',
    help: 'Findings by detector, and whether somebody is alerted',
    labelNames: ['detector', 'mode'],
    registers,
  });
  const lag = new Histogram({
    name: 'drum_detection_lag_seconds',
    help: 'From when a record happened until what it showed was stored',
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 5, 60, 3600],
    registers,
  });
  const accounts = new Gauge({ name: 'drum_detection_accounts', help: 'Accounts that are known at once', registers });
  const bytes = new Gauge({ name: 'drum_detection_bytes', help: 'Memory set aside for what is known', registers });
  return {
    found(findings, nowMs) {
      for (const { detector, mode } of findings) found.inc({ detector, mode });
      const oldest = findings.reduce((least, { atMs }) => Math.min(least, atMs), nowMs);
      lag.observe(Math.max(0, nowMs - oldest) / 1000);
    },
    watch(engine) {
      const collect = (gauge: Gauge, read: () => number): void => {
        Object.assign(gauge, { collect: () => gauge.set(read()) });
      };
      collect(accounts, () => engine.size().accounts);
      collect(bytes, engine.bytes);
    },
  };
}
