import fc from 'fast-check';
import { setImmediate, setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { OfficerActor } from '../kernel/actor.ts';
import { openTestLive, testViewer, type TestEvent } from './test-live.ts';

type Hub = ReturnType<typeof openTestLive>;

/** A desk with a list: it takes over what it is told, and reads the list again when it is told that something was skipped. */
function openDesk(hub: Hub, viewer: OfficerActor, pauseMs: number) {
  const list = new Map<string, number>();
  let lastEventId: string | undefined;
  let connection: ReturnType<Hub['open']> | undefined;
  let reading = Promise.resolve();
  let toldHere: number[] = [];
  const wrong: string[] = [];

  function readList(): void {
    for (const { item } of hub.log)
      if (item.office === undefined || item.office === viewer.office) list.set(item.id, item.version);
  }

  function take({ id, event, data }: TestEvent): void {
    lastEventId = id ?? lastEventId;
    if (event === 'more') readList();
    if (event !== 'alert') return;
    const version = data!['version'] as number;
    if (version <= (toldHere.at(-1) ?? 0)) wrong.push(`${version} after ${toldHere.at(-1)}`);
    toldHere.push(version);
    const key = data!['id'] as string;
    list.set(key, Math.max(list.get(key) ?? 0, version));
  }

  async function listen(from: ReturnType<Hub['open']>): Promise<void> {
    for (let events = await from.next(); events !== undefined; events = await from.next()) {
      for (const [index, event] of events.entries()) {
        if (pauseMs > 0 && index % 7 === 6) await setImmediate();
        // Whoever is cut off in the middle of a batch has read only its beginning.
        if (from.ended.signal.aborted) return;
        take(event);
      }
      if (pauseMs > 0) await pause(pauseMs);
    }
  }

  return {
    list,
    wrong,
    async connect(): Promise<void> {
      toldHere = [];
      const isFirst = lastEventId === undefined;
      connection = hub.open(viewer, lastEventId);
      const [hello] = (await connection.next())!;
      lastEventId = hello!.id;
      if (isFirst) readList();
      reading = listen(connection);
    },
    async cut(): Promise<void> {
      connection?.ended.abort();
      await reading;
    },
  };
}

const steps = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ say: fc.array(fc.nat(30), { minLength: 1, maxLength: 60 }) }) },
    { weight: 1, arbitrary: fc.record({ storm: fc.integer({ min: 500, max: 3000 }) }) },
    { weight: 2, arbitrary: fc.record({ cut: fc.nat(2) }) },
    { weight: 2, arbitrary: fc.record({ waitMs: fc.nat(4) }) },
  ),
  { maxLength: 20 },
);
const offices = [undefined, 'national-centre', 'mae-sot'] as const;

test.each([true, false])(
  'every desk, fast, slow or cut off, ends up with the newest of all that is for it (things told apart: %s)',
  async (isToldApart) => {
    await fc.assert(
      fc.asyncProperty(steps, fc.nat(3), async (done, slowMs) => {
        const hub = openTestLive(isToldApart ? { subjectOf: ({ id }) => id } : {});
        const desks = [
          openDesk(hub, testViewer('fast'), 0),
          openDesk(hub, testViewer('slow'), slowMs),
          openDesk(hub, testViewer('abroad', 'mae-sot'), 1),
        ];
        for (const desk of desks) await desk.connect();
        let count = 0;
        const item = (id: number) => ({
          id: `a${id}`,
          rank: 1 + (id % 4),
          ...(offices[id % 3] !== undefined && { office: offices[id % 3]! }),
        });
        for (const step of done) {
          if ('say' in step) hub.say(...step.say.map(item));
          if ('storm' in step) hub.say(...Array.from({ length: step.storm }, () => item(31 + (count += 1))));
          if ('waitMs' in step) await pause(step.waitMs);
          if ('cut' in step) {
            await desks[step.cut]!.cut();
            // What is said while nobody listens must be told later.
            hub.say(item(1), item(2));
            const connecting = desks[step.cut]!.connect();
            // And what is said while the hub looks up where a desk stands, and reads what it missed.
            for (let round = 0; round < 9; round += 1) {
              const stored = hub.store(item(round), item(31 + (count += 1)));
              await setImmediate();
              hub.publish(stored);
              hub.say(item(31 + (count += 1)));
            }
            await connecting;
          }
          await setImmediate();
        }
        for (const [index, viewer] of ['national-centre', 'national-centre', 'mae-sot'].entries()) {
          const expected = new Map<string, number>();
          for (const { item } of hub.log)
            if (item.office === undefined || item.office === viewer) expected.set(item.id, item.version);
          await expect.poll(() => desks[index]!.list).toEqual(expected);
          expect(desks[index]!.wrong).toEqual([]);
        }
        expect(hub.errors).toEqual([]);
        await hub.live.close();
      }),
      { numRuns: 60 },
    );
  },
);
