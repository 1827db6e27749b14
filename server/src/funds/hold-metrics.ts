import type { HoldDeed } from '@bronze-drum/protocol/statements/hold';
import { Counter, Histogram } from 'prom-client';
import type { Telemetry } from '../platform/telemetry.ts';
import type { HoldRow } from './hold-store.ts';

export interface HoldMetrics {
  /** That something was done to a hold, once it is durable. */
  done(deed: HoldDeed, row: HoldRow): void;
  /** That an institution holds something of it for the first time. */
  heldFirst(row: HoldRow, nowMs: number): void;
}

export function openHoldMetrics({ metrics }: Telemetry): HoldMetrics {
  const registers = [metrics];
  const deeds = new Counter({
    name: 'drum_funds_hold_deeds_total',
    help: 'What was done to holds, and the state that it left',
    labelNames: ['deed', 'state'],
    registers,
  });
  const answered = new Histogram({
    name: 'drum_funds_hold_seconds',
    help: 'From the proposal of a hold until an institution holds something',
    buckets: [1, 10, 60, 300, 900, 3600, 86_400],
    registers,
  });
  return {
    done: (deed, { state }) => deeds.inc({ deed, state }),
    heldFirst: ({ proposedAtMs }, nowMs) => answered.observe(Math.max(0, nowMs - proposedAtMs) / 1000),
  };
}
