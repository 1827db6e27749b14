import { Counter, Gauge, Histogram } from 'prom-client';
import type { ActivityKind } from '@bronze-drum/protocol/activity/kinds';
import type { Telemetry } from '../platform/telemetry.ts';
import type { LineResult } from './contract.ts';

export function openMetrics({ metrics }: Telemetry, waiting: () => number) {
  const registers = [metrics];
  void new Gauge({
    name: 'drum_activity_waiting',
    help: 'Records that wait to be stored',
    registers,
    collect() {
      this.set(waiting());
    },
  });
  const records = new Counter({
    name: 'drum_activity_records_total',
    help: 'Records that institutions reported, by what became of them',
    labelNames: ['kind', 'state'],
    registers,
  });
  const conflicts = new Counter({
    name: 'drum_activity_conflicts_total',
    help: 'Records refused because their id had come with other content',
    labelNames: ['kind'],
    registers,
  });
  const seconds = new Histogram({
    name: 'drum_activity_seconds',
    help: 'From a batch until it is durable',
    buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 1, 5],
    registers,
  });
  return {
    /** Begins to time a batch; the answer ends it. */
    begin: (): (() => void) => seconds.startTimer(),
    count(kind: ActivityKind, results: readonly LineResult[]): void {
      const counts = { accepted: 0, known: 0, refused: 0 };
      let reused = 0;
      for (const { state, refused } of results) {
        counts[state] += 1;
        if (refused === 'conflict.id-reused') reused += 1;
      }
      for (const state of ['accepted', 'known', 'refused'] as const)
        if (counts[state] > 0) records.inc({ kind, state }, counts[state]);
      if (reused > 0) conflicts.inc({ kind }, reused);
    },
  };
}
