import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EngineSizes } from '@bronze-drum/detection/engine';
import type { DetectionRules } from '@bronze-drum/detection/rules';
import type { Activity } from '../activity/activity.ts';
import { openTestActivity, type TestActivity } from '../activity/test-activity.ts';
import { instantText, minuteMs } from '../kernel/clock.ts';
import { parsePolicy, type Advice, type PolicyRules } from '../kernel/policy.ts';
import { openTelemetry } from '../platform/telemetry.ts';
import { openDetection, type Detection, type StoredFinding } from './detection.ts';
import { detectionRoutes } from './routes.ts';

export interface TestDetection extends TestActivity {
  detection(): Detection;
  /** A key of the bank that reports. */
  readonly bank: string;
  /** Reports payments `[from, to, baht, minutes after the start]`; `from` and `to` name accounts of one bank, or are empty for cash. */
  pay(...payments: readonly (readonly [from: string, to: string, baht: number, minute: number])[]): Promise<void>;
  /** Everything that was reported was looked at. */
  settle(): Promise<void>;
  /** All findings so far, as `[detector, account]`. */
  found(): Promise<(readonly [string, string])[]>;
  findings(): Promise<StoredFinding[]>;
  readonly advice: Map<string, Advice>;
  /** The next batch is looked at, and its transaction does not come to its commit. */
  failNext(): void;
  /** Ends the room and opens it again over the same database, with or without what it had written down of its state. */
  again(state: 'kept' | 'lost'): Promise<void>;
}

const sizes: EngineSizes = {
  accounts: 4096,
  payments: 8192,
  devices: 1024,
  addresses: 1024,
  numbers: 1024,
  cells: 256,
};

export const accountKey = (name: string): string => `account:TH:901:${String(namesake(name)).padStart(10, '0')}`;

/** The same number for the same name. */
function namesake(name: string): number {
  let number = 7;
  for (const letter of name) number = (number * 31 + letter.charCodeAt(0)) % 1_000_000_007;
  return number;
}

export async function openTestDetection(
  rules: DetectionRules = { detectors: {}, quietMinutes: 60 },
  { isStarted = true } = {},
): Promise<TestDetection> {
  const house = await openTestActivity();
  const { db, clock, clocks, access, http } = house;
  const file = JSON.parse(await readFile(new URL('../../../policies/th.json', import.meta.url), 'utf8')) as {
    rules: PolicyRules[];
  };
  for (const each of file.rules) each.detection = rules as PolicyRules['detection'];
  const policy = parsePolicy(JSON.stringify(file));
  const folder = await mkdtemp(join(tmpdir(), 'drum-detection-'));
  const advice = new Map<string, Advice>();
  const bank = await house.institution('bank-a');
  const startMs = clock.now();
  let reported = 0;
  let handlers = clocks;
  let fails = false;
  const follow: Activity['follow'] = (consumer) =>
    house.activity().follow({
      ...consumer,
      async handle(tx, records) {
        await consumer.handle(tx, records);
        if (!fails) return;
        fails = false;
        throw new Error('killed before the commit');
      },
    });
  const open = async (): Promise<Detection> => {
    const opened = await openDetection({
      db,
      clock,
      clocks: handlers,
      policy,
      access,
      activity: { ...house.activity(), follow },
      screening: { adviceOn: (key) => advice.get(key) ?? 'clear', caughtUp: async () => undefined },
      networkOf: () => undefined,
      folder,
      sizes,
      telemetry: openTelemetry({ level: 'silent', member: 'th' }),
    });
    if (isStarted) opened.start();
    return opened;
  };
  let detection = await open();
  handlers = { ...clocks, on: () => undefined };
  detectionRoutes(
    http,
    {
      list: (...asked) => detection.list(...asked),
      get: (...asked) => detection.get(...asked),
      detectors: (...asked) => detection.detectors(...asked),
      replay: (...asked) => detection.replay(...asked),
      readReplay: (...asked) => detection.readReplay(...asked),
      replays: (...asked) => detection.replays(...asked),
      findingsAfter: detection.findingsAfter,
      onFindings: detection.onFindings,
      judge: detection.judge,
      start: detection.start,
      caughtUp: () => detection.caughtUp(),
      replayEnded: () => detection.replayEnded(),
      close: () => detection.close(),
    },
    access,
  );
  return {
    ...house,
    detection: () => detection,
    bank,
    advice,
    failNext() {
      fails = true;
    },
    async pay(...payments) {
      const lines = payments.map(([from, to, baht, minute]) => ({
        id: `p${(reported += 1)}`,
        at: instantText(startMs + minute * minuteMs),
        ...(from !== '' && { from: accountKey(from) }),
        ...(to !== '' && { to: accountKey(to) }),
        amount: { value: String(Math.round(baht * 100)), currency: 'THB' },
        channel: 'mobile',
      }));
      const last = Math.max(...payments.map(([, , , minute]) => minute));
      clock.set(Math.max(clock.now(), startMs + last * minuteMs));
      const answer = await house.report(bank, 'payment', lines);
      if (answer.status !== 200) throw new Error(JSON.stringify(answer));
    },
    settle: () => detection.caughtUp(),
    findings: () => detection.findingsAfter(db, 0, 10_000),
    async found() {
      await detection.caughtUp();
      const findings = await detection.findingsAfter(db, 0, 10_000);
      return findings.map(({ detector, subject }) => [detector, subject] as const);
    },
    async again(state) {
      await detection.close();
      if (state === 'lost') await rm(folder, { recursive: true });
      detection = await open();
    },
    async close() {
      await detection.close();
      await house.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
