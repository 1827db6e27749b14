import type { Runtime } from '@bronze-drum/client/runtime';
import type { Trouble } from '@bronze-drum/client/trouble';
import type { ActivityRecords } from '@bronze-drum/protocol/activity/kinds';
import { named, share } from '../chance/mix.ts';
import { instant } from '../chance/spelling.ts';
import { openHeap } from '../world/agenda.ts';
import type { Happening, Sent, VictimReport } from '../world/happening.ts';
import { openWorld } from '../world/world.ts';
import { openAccounts, type Accounts } from './accounts.ts';
import { complianceOf } from './compliance.ts';
import type { LiveServer } from './servers.ts';
import { openSpeaker, type Speaker } from './speaker.ts';

/** What somebody who watches the world is told; officers may act on it, servers never see it. */
export type LiveEvent =
  | { readonly kind: 'victim-report'; readonly report: VictimReport }
  | {
      readonly kind: 'advised';
      readonly member: string;
      readonly institution: string;
      readonly identifiers: readonly string[];
      readonly advice: string;
    }
  | { readonly kind: 'prevented'; readonly member: string; readonly institution: string; readonly record: string }
  | { readonly kind: 'trouble'; readonly member: string; readonly institution: string; readonly trouble: Trouble };

export interface LiveCounts {
  readonly happened: number;
  readonly reported: number;
  readonly asked: number;
  /** Payments that an institution did not carry out, because it was advised so. */
  readonly prevented: number;
  /** Payments that could not be made, because the money is held. */
  readonly stopped: number;
  /** Orders that institutions answered. */
  readonly answered: number;
  /** Records for which there was no room, because a server was away for long. */
  readonly dropped: number;
}

export interface LiveWorld {
  counts(): LiveCounts;
  /** Resolves when the world has come to its end, which is when it is closed. Rejects only on a defect. */
  readonly over: Promise<void>;
  /** Ends it, and gives what waits a few seconds to be sent. Answers how many records were not acknowledged. */
  close(): Promise<number>;
}

export interface LiveOptions {
  readonly servers: readonly LiveServer[];
  readonly seed: number;
  /** Records a minute of the world. */
  readonly rate: number;
  /** How much faster than the runtime's clock the world is. */
  readonly speed: number;
  /** Of the payments; much more than in the field, so that there is something to see. */
  readonly fraudShare?: number;
  readonly runtime: Runtime;
  readonly onEvent?: (event: LiveEvent) => void;
}

const minuteMs = 60_000;
/** Long enough to be calm, short enough for what an answer released. */
const restMsMax = 250;
const askingMax = 64;
const outboxMax = 100_000;
/** So many frauds are in the middle of their payments when somebody starts to look; what came before is told at once. */
const underway = 40;
export const liveFraudShare = 0.2;
const heeded = 0.85;
const challengeStops = 0.4;

interface Due {
  readonly atMs: number;
  readonly sent: Sent;
}

/** The world as it happens: institutions ask before they pay and about who calls, and report. */
export function openLiveWorld(options: LiveOptions): LiveWorld {
  const { runtime, speed, onEvent } = options;
  const fromMs = Math.floor(runtime.now() / minuteMs) * minuteMs;
  const world = openWorld({
    seed: options.seed,
    fromMs,
    rate: options.rate,
    members: options.servers.map(({ member }) => member),
    fraudShare: options.fraudShare ?? liveFraudShare,
    underway,
  });
  const accounts = openAccounts(world);
  const ending = new AbortController();
  const speakers = new Map<string, Speaker>();
  const obeying: Promise<void>[] = [];
  const count = { happened: 0, reported: 0, asked: 0, prevented: 0, stopped: 0, answered: 0, dropped: 0 };
  for (const server of options.servers) {
    for (const each of server.institutions) {
      const { member } = server;
      const { institution } = each;
      const onTrouble = (trouble: Trouble): void => onEvent?.({ kind: 'trouble', member, institution, trouble });
      const speaker = openSpeaker(server, each, runtime, onTrouble);
      speakers.set(`${member}/${institution}`, speaker);
      obeying.push(obey(speaker, { accounts, runtime, ended: ending.signal, onAnswer: () => count.answered++ }));
    }
  }
  const speakerOf = ({ member, institution }: Sent): Speaker | undefined => speakers.get(`${member}/${institution}`);
  const outbox = openHeap<Due>((a, b) => a.atMs < b.atMs);
  const asking = new Set<Promise<void>>();
  const realMs = (worldMs: number): number =>
    worldMs < fromMs ? worldMs : Math.floor(fromMs + (worldMs - fromMs) / speed);

  function post(happening: Happening, sent: Sent, record = sent.record): void {
    if (outbox.size() >= outboxMax || speakerOf(sent) === undefined) {
      if (speakerOf(sent) !== undefined) count.dropped++;
      return;
    }
    const at = speed === 1 ? record.at : instant(realMs(happening.atMs));
    outbox.push({ atMs: realMs(sent.reportedAtMs), sent: { ...sent, record: { ...record, at } } });
  }

  async function askFirst(
    happening: Happening,
    asker: Sent,
    speaker: Speaker,
    identifiers: readonly string[],
  ): Promise<void> {
    count.asked++;
    const advice = await speaker.ask(identifiers);
    const { member, institution } = asker;
    if (advice !== undefined && advice !== 'clear')
      onEvent?.({ kind: 'advised', member, institution, identifiers, advice });
    const draw = share(named(asker.record.id));
    const isRefused = (advice === 'block' || advice === 'hold') && draw < heeded;
    if (asker.kind === 'payment' && (isRefused || (advice === 'challenge' && draw < challengeStops))) {
      world.prevent(happening);
      count.prevented++;
      onEvent?.({ kind: 'prevented', member, institution, record: asker.record.id });
      // The bank reports what it did not carry out; who was challenged and thought again leaves no payment.
      if (isRefused) post(happening, asker, { ...(asker.record as ActivityRecords['payment']), state: 'rejected' });
      return;
    }
    accounts.paid(happening, instant(realMs(happening.atMs)));
    for (const sent of happening.sent) {
      const isBlocked = isRefused && sent.kind === 'call';
      post(
        happening,
        sent,
        isBlocked ? { ...(sent.record as ActivityRecords['call']), answered: false, durationSeconds: 0 } : sent.record,
      );
    }
  }

  async function happen(happening: Happening): Promise<void> {
    count.happened++;
    if (happening.report !== undefined) onEvent?.({ kind: 'victim-report', report: happening.report });
    const [first] = happening.sent;
    const speaker = first === undefined ? undefined : speakerOf(first);
    // What has been is told, and nobody can be asked about it any more.
    const identifiers = first === undefined || happening.atMs < fromMs ? [] : questionOf(first);
    if (!accounts.mayPay(happening)) {
      world.prevent(happening);
      count.stopped++;
      return;
    }
    if (first === undefined || speaker === undefined || identifiers.length === 0) {
      accounts.paid(happening, instant(realMs(happening.atMs)));
      for (const sent of happening.sent) post(happening, sent);
      return;
    }
    while (asking.size >= askingMax) await Promise.race(asking);
    const question = askFirst(happening, first, speaker, identifiers);
    asking.add(question);
    void question.finally(() => asking.delete(question)).catch(() => undefined);
  }

  function sendDue(nowMs: number): void {
    for (let first = outbox.first(); first !== undefined && first.atMs <= nowMs; first = outbox.first()) {
      const { sent } = outbox.pop()!;
      if (speakerOf(sent)!.report(sent.kind, sent.record)) count.reported++;
      else count.dropped++;
    }
  }

  async function run(): Promise<void> {
    const { signal } = ending;
    for (const happening of world.happenings()) {
      for (;;) {
        if (signal.aborted) return;
        const nowMs = runtime.now();
        sendDue(nowMs);
        const waitMs = realMs(happening.atMs) - nowMs;
        if (waitMs <= 0) break;
        const dueMs = (outbox.first()?.atMs ?? Infinity) - nowMs;
        await runtime.pause(Math.max(1, Math.min(waitMs, dueMs, restMsMax)), signal);
      }
      await happen(happening);
    }
  }

  const over = run();
  return {
    counts: () => ({ ...count }),
    over,
    async close() {
      ending.abort();
      await over.catch(() => undefined);
      await Promise.allSettled(asking);
      await Promise.allSettled(obeying);
      sendDue(runtime.now());
      const left = await Promise.all(Array.from(speakers.values(), (speaker) => speaker.close()));
      return left.reduce((sum, each) => sum + each, 0);
    },
  };
}

/** The institution’s fraud desk: it deals with one order after the other, for as long as the world goes on. */
async function obey(
  speaker: Speaker,
  {
    accounts,
    runtime,
    ended,
    onAnswer,
  }: { accounts: Accounts; runtime: Runtime; ended: AbortSignal; onAnswer: () => void },
): Promise<void> {
  const desk = complianceOf(speaker.member, speaker.institution, accounts);
  if (!desk.answers) return;
  await speaker.obey(ended, {
    async handle(order) {
      if (!desk.dealsWith(order)) return undefined;
      await runtime.pause(desk.delayMs(order), ended);
      if (ended.aborted) return undefined;
      onAnswer();
      return desk.answer(order);
    },
    release(order) {
      if (!desk.dealsWith(order)) return false;
      // What a court has taken stays where it is.
      if (order.ended?.why !== 'seized') accounts.release(order.id);
      return true;
    },
  });
}

/** What an institution asks about before it goes on: the payee, a caller from abroad or one that hides its number, a link. */
function questionOf({ kind, record }: Sent): string[] {
  if (kind === 'payment') {
    const { to, side, channel } = record as ActivityRecords['payment'];
    const isAsked = side !== 'receiver' && to !== undefined && channel !== 'agent' && channel !== 'atm';
    return isAsked ? [to] : [];
  }
  if (kind === 'call') {
    const { originating, presented, international } = record as ActivityRecords['call'];
    const isAsked = originating !== undefined && (international === true || presented !== originating);
    return isAsked ? [originating] : [];
  }
  if (kind === 'message') return (record as ActivityRecords['message']).links ?? [];
  return [];
}
