import { setImmediate } from 'node:timers/promises';
import { detectors } from '@bronze-drum/detection/catalogue';
import { openEngine, type EngineParts, type EngineSizes } from '@bronze-drum/detection/engine';
import type { DetectionRules } from '@bronze-drum/detection/rules';
import type { Ground } from '@bronze-drum/detection/watch';
import type { Access } from '../access/access.ts';
import type { Activity } from '../activity/activity.ts';
import type { Actor } from '../kernel/actor.ts';
import { hourMs, instantText, type Clock } from '../kernel/clock.ts';
import { newId } from '../kernel/ids.ts';
import type { Policy } from '../kernel/policy.ts';
import { refuse } from '../kernel/refusals.ts';
import type { Db } from '../platform/db.ts';
import type { Replay, Replays, ReplayWish } from './contract.ts';
import { numberBefore } from './watching.ts';
import * as store from './replay-store.ts';

export interface Replaying {
  /** Begins to try a change of rules on what was stored; one at a time. Needs `detection.try` and a purpose. */
  replay(actor: Actor, wish: ReplayWish): Promise<Replay>;
  readReplay(actor: Actor, id: string): Promise<Replay>;
  replays(actor: Actor): Promise<Replays>;
  /** Resolves once the one under way has ended. */
  ended(): Promise<void>;
  close(): Promise<void>;
}

export interface ReplayingParts extends Pick<Ground, 'country' | 'listed' | 'networkOf'> {
  readonly db: Db;
  readonly clock: Clock;
  readonly policy: Policy;
  readonly access: Pick<Access, 'requireOfficer' | 'requirePurpose' | 'recordRead'>;
  readonly activity: Pick<Activity, 'read'>;
  readonly sizes: EngineSizes;
  readonly model?: EngineParts['model'];
  readonly onError: (error: unknown) => void;
}

const pageRecords = 500;
const replaysMax = 50;
const examplesMax = 10;

/** Tries other limits on what institutions reported, and shows which subjects would be found more and which no longer. */
export async function openReplaying(parts: ReplayingParts): Promise<Replaying> {
  const { db, clock, policy, access, activity, onError } = parts;
  let running: Promise<void> | undefined;
  let isClosed = false;
  await store.stopAll(db);

  async function run(id: string, wish: ReplayWish): Promise<void> {
    const inForce = policy.at(clock.now()).detection;
    const engines = [inForce, under(inForce, wish)].map((rules) => openEngine({ ...parts, rules, owns: () => true }));
    const found = engines.map(() => new Map<string, Set<string>>());
    let number = await numberBefore(activity, clock.now() - wish.hours * hourMs, Number.MAX_SAFE_INTEGER);
    let count = 0;
    for (;;) {
      const records = await activity.read(number, pageRecords);
      const last = records.at(-1);
      if (last === undefined || isClosed) break;
      for (const record of records)
        for (const [index, engine] of engines.entries())
          for (const { detector, subject, mode } of engine.see(record))
            if (mode === 'on') addTo(found[index]!, detector, subject);
      number = last.number;
      count += records.length;
      await store.moveOn(db, id, count);
      await setImmediate();
    }
    if (!isClosed) await store.end(db, id, count, resultOf(found[0]!, found[1]!));
  }

  async function read(id: string): Promise<Replay> {
    const replay = await store.readReplay(db, id);
    return replay === undefined ? refuse('not-found.replay') : shown(replay);
  }

  return {
    async replay(actor, wish) {
      const officer = access.requireOfficer(actor, 'detection.try');
      access.requirePurpose(officer);
      if (running !== undefined) refuse('conflict.replay-running');
      const id = newId();
      await db.tx(async (tx) => {
        await store.begin(tx, { id, asked: new Date(clock.now()), officer: officer.officer, wish });
        await access.recordRead(tx, officer, { what: 'detection.replay', subject: id, count: 1 });
      });
      running = run(id, wish)
        .catch(async (error: unknown) => {
          onError(error);
          await store.stopAll(db);
        })
        .finally(() => (running = undefined))
        .catch(onError);
      return read(id);
    },
    readReplay(actor, id) {
      access.requireOfficer(actor, 'detection.read');
      return read(id);
    },
    async replays(actor) {
      access.requireOfficer(actor, 'detection.read');
      return { replays: (await store.readReplays(db, replaysMax)).map(shown) };
    },
    ended: async () => running,
    async close() {
      isClosed = true;
      await running;
    },
  };
}

const shown = ({ asked, ...replay }: store.StoredReplay): Replay => ({
  ...replay,
  asked: instantText(asked.getTime()),
});

/** The rules in force with what is wished in the place of theirs, setting by setting. */
export function under(inForce: DetectionRules, { rules }: ReplayWish): DetectionRules {
  const wished = rules as Partial<DetectionRules>;
  const merged = Object.entries(wished.detectors ?? {}).map(([name, setting]) => {
    const now = inForce.detectors[name];
    return [name, { ...now, ...setting, limits: { ...now?.limits, ...setting?.limits } }];
  });
  return {
    quietMinutes: wished.quietMinutes ?? inForce.quietMinutes,
    detectors: { ...inForce.detectors, ...Object.fromEntries(merged) },
  };
}

function addTo(found: Map<string, Set<string>>, detector: string, subject: string): void {
  const subjects = found.get(detector);
  if (subjects === undefined) found.set(detector, new Set([subject]));
  else subjects.add(subject);
}

type Result = NonNullable<Replay['result']>;

function resultOf(
  before: ReadonlyMap<string, ReadonlySet<string>>,
  after: ReadonlyMap<string, ReadonlySet<string>>,
): Result {
  const changed = detectors.flatMap(({ name }): Result['detectors'] => {
    const compared = compare(before.get(name) ?? new Set(), after.get(name) ?? new Set());
    return compared.gained + compared.lost === 0 ? [] : [{ detector: name, ...compared }];
  });
  const { examples: _examples, ...alerts } = compare(unionOf(before.values()), unionOf(after.values()));
  return { alerts, detectors: changed };
}

const unionOf = (sets: Iterable<ReadonlySet<string>>): Set<string> => new Set([...sets].flatMap((set) => [...set]));

function compare(before: ReadonlySet<string>, after: ReadonlySet<string>) {
  const gained = [...after].filter((subject) => !before.has(subject));
  const lost = [...before].filter((subject) => !after.has(subject));
  return {
    before: before.size,
    after: after.size,
    gained: gained.length,
    lost: lost.length,
    examples: { gained: gained.slice(0, examplesMax), lost: lost.slice(0, examplesMax) },
  };
}
