import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { openAccess } from '../../server/src/access/access.ts';
import type { OfficerActor } from '../../server/src/kernel/actor.ts';
import { systemClock } from '../../server/src/kernel/clock.ts';
import { parsePolicy } from '../../server/src/kernel/policy.ts';
import { openClocks } from '../../server/src/platform/clocks.ts';
import { openDb, type DbAddress } from '../../server/src/platform/db.ts';
import { openHttp } from '../../server/src/platform/http.ts';
import { openRates } from '../../server/src/platform/rates.ts';
import { openTelemetry } from '../../server/src/platform/telemetry.ts';
import { screeningRoutes } from '../../server/src/screening/routes.ts';
import { openScreening } from '../../server/src/screening/screening.ts';
import { answerAsker } from './child.ts';
import { syntheticRows } from './listings.ts';

export type ScreenServerQuestion =
  | { readonly ask: 'address'; readonly database: DbAddress; readonly size: number }
  | { readonly ask: 'cpu' | 'hits' };

/** The subject: the server's own HTTP, keys and screening over a real database; only the listings come from a generator. */
async function open(database: DbAddress, size: number) {
  const onError = (error: unknown): void => console.error(error);
  const telemetry = openTelemetry({ level: 'error', member: 'th' });
  const db = openDb({ address: database, connectionsMax: 8, onError });
  const clock = systemClock;
  const policy = parsePolicy(await readFile(new URL('../../policies/th.json', import.meta.url), 'utf8'));
  const clocks = await openClocks({ db, clock, onError });
  const access = await openAccess({ db, clock, clocks, rates: openRates(clock), policy, telemetry, member: 'th' });
  await access.firstRun();
  const headers = { authorization: `Bearer ${await access.localKey()}`, 'drum-purpose': 'operation' };
  const administrator = (await access.authenticate({ headers })) as OfficerActor;
  const quota = { perSecond: 10_000_000, burst: 100_000_000 };
  await access.institutions.add(administrator, { id: 'bank', name: 'Bank', kind: 'bank', quota });
  const { key } = await access.keys.issue(administrator, 'bank', {});
  const registry = { snapshot: async () => ({ positions: new Map(), rows: syntheticRows(size, clock.now()) }) };
  const journal = { followInMemory: () => ({ caughtUp: async () => undefined, close: async () => undefined }) };
  const screening = await openScreening({
    db,
    clock,
    clocks,
    policy,
    journal,
    registry,
    access,
    telemetry,
    seed: 'a benchmark',
  });
  await screening.caughtUp();
  const http = await openHttp(telemetry);
  screeningRoutes(http, screening, access);
  await http.listen({ host: '127.0.0.1', port: 0 });
  return {
    address: { port: (http.server.address() as AddressInfo).port, key },
    async hits() {
      // Longer than hits ever wait.
      await new Promise((resolve) => setTimeout(resolve, 1500));
      const [row] = await db.query<{ count: number }>(
        'SELECT count(*) AS count FROM screening.hits WHERE NOT discreet',
      );
      const answers = (await telemetry.metrics.getSingleMetric('drum_screening_answers_total')!.get()).values;
      const counted = (test: (advice: unknown) => boolean) =>
        answers.reduce((sum, { labels, value }) => sum + (test(labels['advice']) ? value : 0), 0);
      return {
        recorded: row!.count,
        found: counted((advice) => advice !== 'clear' && advice !== 'refused'),
        refused: counted((advice) => advice === 'refused'),
        all: counted(() => true),
      };
    },
    async close() {
      await http.close();
      await screening.close();
      await access.close();
      await clocks.close();
      await db.close();
    },
  };
}

let opened: Awaited<ReturnType<typeof open>> | undefined;
answerAsker(
  async (question: ScreenServerQuestion) => {
    if (question.ask === 'address') {
      opened = await open(question.database, question.size);
      return opened.address;
    }
    return question.ask === 'cpu' ? process.cpuUsage() : opened!.hits();
  },
  async () => opened?.close(),
);
