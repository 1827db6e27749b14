import { createHash } from 'node:crypto';
import { isRefusal } from '@bronze-drum/protocol/refusals';
import type { Access } from '../access/access.ts';
import type { Entry, Following, Journal } from '../journal/journal.ts';
import type { Actor } from '../kernel/actor.ts';
import { dayMs, type Clock } from '../kernel/clock.ts';
import type { Policy, PolicyRules } from '../kernel/policy.ts';
import { Outage } from '../kernel/refusals.ts';
import type { Clocks } from '../platform/clocks.ts';
import type { Db } from '../platform/db.ts';
import { openLoop } from '../platform/loops.ts';
import { migrate } from '../platform/migrations.ts';
import type { Telemetry } from '../platform/telemetry.ts';
import { listedChange, type Registry } from '../registry/registry.ts';
import { decide, readRules, type AdviceRules } from './advice.ts';
import type { Answer, Screened } from './answers.ts';
import { keepHitRetention } from './hit-days.ts';
import { openHits, type Hits } from './hits.ts';
import { keyOf } from './items.ts';
import { openListingTable, type ListingTable } from './listing-table.ts';
import { matchesOf } from './match.ts';
import { openScreeningMetrics } from './metrics.ts';

export { screenedText, type Screened } from './answers.ts';

export interface Screening {
  /** Whether every listing that counts is in memory. Until then every question is answered 503. */
  ready(): boolean;
  /** Resolves once it is ready and has heard every statement that was numbered before this call. */
  caughtUp(): Promise<void>;
  /**
   * What is known of each item, in its place: a text, or an object of the contract's form. Without a promise for an
   * institution that asks for a few.
   */
  screen(actor: Actor, items: readonly unknown[]): Screened | Promise<Screened>;
  close(): Promise<void>;
}

export interface ScreeningParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly clocks: Clocks;
  readonly policy: Policy;
  readonly journal: Pick<Journal, 'followInMemory'>;
  readonly registry: Pick<Registry, 'snapshot'>;
  readonly access: Pick<Access, 'requirePermission' | 'requirePurpose' | 'takeQuota' | 'recordRead'>;
  readonly telemetry: Telemetry;
  /** A secret text that nobody outside can guess. */
  readonly seed: string;
}
