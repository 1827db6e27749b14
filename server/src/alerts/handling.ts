import type { Access, Colleague } from '../access/access.ts';
import { actorId, type Actor, type OfficerActor } from '../kernel/actor.ts';
import type { Detection, NewVerdict } from '../detection/detection.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Policy } from '../kernel/policy.ts';
import { Refused, refuse } from '../kernel/refusals.ts';
import type { Db, Tx } from '../platform/db.ts';
import { act, type Acted } from './acts.ts';
import type { Act, Alert, Bulk, BulkAnswer, Takers } from './contract.ts';
import type { Gathering } from './gathering.ts';
import { alertOf, maySee, type KindOfOffice } from './presenting.ts';
import type { AlertRecord } from './record.ts';
import { draftName } from './rules.ts';
import * as store from './store.ts';
import type { Telling } from './telling.ts';

export interface Handling {
  /** Needs `alerts.handle` and a purpose. Of two who take one alert the second hears `conflict.taken` with its owner. */
  act(actor: Actor, id: string, wish: Act): Promise<Alert>;
  /** The same to many; each is answered by itself. */
  bulk(actor: Actor, bulk: Bulk): Promise<BulkAnswer>;
  /** Lets out what waits to be told to the member at home. Needs `alerts.tell`. */
  tell(actor: Actor, id: string): Promise<Alert>;
  /** Officers to whom an alert can be handed: those who may see it and act on it. Needs `alerts.handle` and a purpose. */
  takers(actor: Actor, id: string): Promise<Takers>;
  /** Notes what came of an alert, as an officer says it. Needs `alerts.handle` and a purpose. */
  follow(actor: Actor, id: string, to: readonly string[]): Promise<Alert>;
  /**
   * The same of several alerts, for a room below, in the transaction in which it came. Refuses what the officer may not see.
   */
  ledTo(tx: Tx, actor: Actor, ids: readonly string[], to: readonly string[]): Promise<void>;
}

export interface HandlingParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly policy: Policy;
  readonly access: Pick<Access, 'requireOfficer' | 'requirePurpose' | 'recordRead' | 'officersWith'>;
  readonly gathering: Gathering;
  readonly telling: Telling;
  readonly detection: Pick<Detection, 'judge'>;
  readonly kindOfOffice: KindOfOffice;
}

export function openHandling(parts: HandlingParts): Handling {
  const { db, clock, policy, access, gathering, telling } = parts;

  async function actOn(officer: OfficerActor, ids: readonly string[], wish: Act): Promise<BulkAnswer['results']> {
    const takers = 'hand' in wish ? await access.officersWith('alerts.handle') : [];
    const taker = takers.find((one) => 'hand' in wish && one.officer === wish.hand.officer);
    return db.tx(async (tx) => {
      await store.lockChanges(tx);
      const records = new Map((await store.readAlerts(tx, ids)).map((record) => [record.id, record]));
      const others = 'reopen' in wish ? await othersOf(tx, records) : new Map<string, string>();
      const nowMs = clock.now();
      const rules = policy.at(nowMs).alerts;
      const results: BulkAnswer['results'] = [];
      const changed: Acted[] = [];
      for (const id of ids) {
        try {
          const record = seen(officer, records.get(id));
          const other = others.get(draftName(record));
          const mayHand = taker !== undefined && mayTake(taker, record);
          const acted = act(record, wish, officer, { nowMs, rules, other, mayHand });
          if (acted === undefined) results.push({ id, alert: alertOf(record) });
          else if (results.push({ id }) > 0) changed.push(acted);
          // Of two closed alerts about the same, one at the most is opened again.
          if ('reopen' in wish) others.set(draftName(record), id);
        } catch (error) {
          if (!(error instanceof Refused)) throw error;
          results.push({ id, ...error.refusal });
        }
      }
      const actor = actorId(officer);
      const written = await gathering.save(
        tx,
        changed.map(({ record }) => record),
        changed.map(({ record, what, details }) => ({ alert: record.id, actor, what, details })),
      );
      await parts.detection.judge(tx, written.flatMap(verdictsOf));
      const answers = new Map(written.map((record) => [record.id, alertOf(record)]));
      const [subject] = ids.length === 1 ? ids : [];
      await access.recordRead(tx, officer, { what: 'alerts', subject: subject ?? null, count: ids.length });
      return results.map((result) =>
        answers.has(result.id) ? { id: result.id, alert: answers.get(result.id)! } : result,
      );
    });
  }

  const seen = (officer: OfficerActor, record: AlertRecord | undefined): AlertRecord =>
    record !== undefined && maySee(officer, record, parts.kindOfOffice) ? record : refuse('not-found.alert');

  const mayTake = (colleague: Colleague, record: AlertRecord): boolean =>
    maySee({ kind: 'officer', steppedUpAtMs: null, purpose: null, ...colleague }, record, parts.kindOfOffice);

  async function note(
    tx: Tx,
    officer: OfficerActor,
    ids: readonly string[],
    to: readonly string[],
  ): Promise<AlertRecord[]> {
    await store.lockChanges(tx);
    const known = new Map((await store.readAlerts(tx, ids)).map((record) => [record.id, record]));
    const records = ids.map((id) => seen(officer, known.get(id)));
    const deeds = ids.map((alert) => ({ alert, actor: actorId(officer), what: 'led-to', details: { to } }));
    return gathering.save(tx, records, deeds);
  }

  /** What is open about the same as some closed alerts. */
  async function othersOf(tx: Tx, records: ReadonlyMap<string, AlertRecord>): Promise<Map<string, string>> {
    const closed = [...records.values()].filter(({ state }) => state === 'closed');
    if (closed.length === 0) return new Map();
    return new Map((await store.readOpen(tx, closed)).map((record) => [draftName(record), record.id]));
  }

  const officerOf = (actor: Actor): OfficerActor => {
    const officer = access.requireOfficer(actor, 'alerts.handle');
    access.requirePurpose(officer);
    return officer;
  };

  return {
    async act(actor, id, wish) {
      const [result] = await actOn(officerOf(actor), [id], wish);
      const { alert, refused, params } = result!;
      return alert ?? refuse(refused!, params);
    },
    bulk: async (actor, { ids, act: wish }) => ({ results: await actOn(officerOf(actor), ids, wish) }),
    async takers(actor, id) {
      const officer = officerOf(actor);
      const record = seen(officer, (await store.readAlerts(db, [id]))[0]);
      const colleagues = await access.officersWith('alerts.handle');
      return {
        officers: colleagues
          .filter((colleague) => mayTake(colleague, record))
          .map(({ officer: taker, name, office }) => ({ id: taker, name, office })),
      };
    },
    async follow(actor, id, to) {
      const officer = officerOf(actor);
      const [written] = await db.tx((tx) => note(tx, officer, [id], to));
      return alertOf(written!);
    },
    async ledTo(tx, actor, ids, to) {
      if (ids.length > 0) await note(tx, access.requireOfficer(actor, 'alerts.read'), ids, to);
    },
    async tell(actor, id) {
      const officer = access.requireOfficer(actor, 'alerts.tell');
      access.requirePurpose(officer);
      return db.tx(async (tx) => {
        await store.lockChanges(tx);
        const record = seen(officer, (await store.readAlerts(tx, [id]))[0]);
        if (record.state === 'closed') refuse('conflict.closed', { outcome: record.outcome ?? '' });
        const nowMs = clock.now();
        const author = { office: officer.office, officer: officer.officer };
        const told = telling.letOut(record, policy.at(nowMs), nowMs, author) ?? refuse('conflict.nothing-to-tell');
        const deed = { alert: id, actor: actorId(officer), what: 'told', details: { book: told.say.book } };
        const [written] = await gathering.save(tx, [told.record], [deed], [told.say]);
        await access.recordRead(tx, officer, { what: 'alerts', subject: id, count: 1 });
        return alertOf(written!);
      });
    },
  };
}

const rightOutcomes: readonly (AlertRecord['outcome'] | null)[] = ['acted', 'handed-on'];

/** What an officer's word on an alert says of each detector behind it; an alert that is open again says nothing any more. */
function verdictsOf({ id, state, outcome, reasons }: AlertRecord): NewVerdict[] {
  const isRight = rightOutcomes.includes(outcome) ? true : outcome === 'unfounded' ? false : undefined;
  const codes = reasons.filter(({ kind, member }) => kind === 'detection' && member === undefined);
  const detectors = new Set(codes.map(({ code }) => code.slice(code.indexOf('.') + 1)));
  return [...detectors].map((detector) => ({
    alert: id,
    detector,
    isRight: state === 'closed' ? isRight : undefined,
  }));
}
