import { instantText, minuteMs } from '../kernel/clock.ts';
import type { Tx } from '../platform/db.ts';
import type { LiaisonParts } from './parts.ts';
import { readDesk, readOnDuty } from './roster-store.ts';
import { isOpen } from './rules.ts';
import { acknowledgeClock, actClock, legalClock } from './deadlines.ts';
import type { Saying } from './saying.ts';
import * as store from './store.ts';
import type { RequestRecord } from './store.ts';

const stepClock = 'liaison.step';
type Which = 'acknowledge' | 'act';
const steps = ['officer', 'deputy', 'head'] as const;
type Step = (typeof steps)[number];

const isDone = (record: RequestRecord, which: Which): boolean =>
  !isOpen(record.state) || (which === 'acknowledge' ? record.acknowledgedMs : record.answeredMs) !== null;
const dueMsOf = (record: RequestRecord, which: Which): number =>
  (which === 'acknowledge' ? record.acknowledgeByMs : record.actByMs) ?? Infinity;

/** Warns before a request is late, and tells who is next when it is: its officer, the deputy, the head, the other member. */
export function openTiming(parts: LiaisonParts & { readonly saying: Saying }): void {
  const { clocks, policy, journal, saying } = parts;
  const self = journal.member;

  async function late(tx: Tx, record: RequestRecord, which: Which, step: Step, nowMs: number): Promise<void> {
    const { deputy, head } = await readDesk(tx);
    const { deputyAfterMinutes, headAfterMinutes } = policy.at(nowMs).liaison;
    const onDuty = await readOnDuty(tx, nowMs);
    const isOwned = record.owner !== null && onDuty.some(({ officer }) => officer === record.owner);
    // Where nobody is on duty who could still do it, the deputy hears of it at once.
    const now: Step = step === 'officer' && onDuty.length === 0 && !isOwned ? 'deputy' : step;
    const officers = [record.owner, record.draftedBy];
    const watchers = { officer: officers, deputy: [...officers, deputy], head: [...officers, deputy, head] }[now];
    const rank = now === 'officer' ? {} : { rank: 1 as const };
    const params = { clock: which, step: now };
    let written = await saying.put(tx, record);
    if (now === 'head')
      written = await saying.say(tx, written, { office: 'liaison', rule: 'overdue' }, { deed: 'escalated' });
    await saying.alert(tx, written, { code: 'request.overdue', params, watchers, ...rank });
    const next = steps[steps.indexOf(now) + 1];
    if (next === undefined) return;
    const afterMinutes = next === 'deputy' ? deputyAfterMinutes : headAfterMinutes;
    const dueMs = dueMsOf(record, which) + afterMinutes * minuteMs;
    await clocks.set(tx, { kind: stepClock, subject: `${record.id}/${which}/${next}`, dueMs });
  }

  for (const [kind, which] of [
    [acknowledgeClock, 'acknowledge'],
    [actClock, 'act'],
  ] as const) {
    clocks.on(kind, {
      async due(tx, { subject }, nowMs) {
        await saying.begin(tx);
        const record = await store.readRequest(tx, subject);
        if (record !== undefined && !isDone(record, which)) await late(tx, record, which, 'officer', nowMs);
      },
      async warn(tx, { subject, dueMs }) {
        await saying.begin(tx);
        const record = await store.readRequest(tx, subject);
        if (record === undefined || isDone(record, which)) return;
        const params = { clock: which, due: instantText(dueMs) };
        await saying.alert(tx, record, { code: 'request.warned', params, watchers: [record.owner] });
      },
    });
  }

  clocks.on(stepClock, {
    async due(tx, { subject }, nowMs) {
      const [id, which, step] = subject.split('/') as [string, Which, Step];
      await saying.begin(tx);
      const record = await store.readRequest(tx, id);
      // A revision, or the word that it was received, may have given more time.
      if (record === undefined || isDone(record, which) || dueMsOf(record, which) > nowMs) return;
      await late(tx, record, which, step, nowMs);
    },
  });

  clocks.on(legalClock, {
    async due(tx, { subject, dueMs }, nowMs) {
      await saying.begin(tx);
      const record = await store.readRequest(tx, subject);
      if (record === undefined || record.asked !== self) return;
      const { atExpiry } = policy.at(nowMs).liaison.kinds[record.kind] ?? {};
      const author = { office: 'liaison', rule: 'legal-clock' };
      if (isOpen(record.state) && record.answeredMs === null && atExpiry === 'refuse-too-late') {
        const ended = await saying.say(tx, record, author, { deed: 'refused', refusal: 'too-late' });
        return saying.alert(tx, ended, overdueByLaw(ended));
      }
      if (atExpiry !== 'end-measure' || record.state === 'refused' || record.state === 'withdrawn') return;
      // What was ordered binds no longer; the other side hears until when it did.
      const said = { deed: 'said', facts: { until: instantText(dueMs) } } as const;
      const ended = await saying.say(tx, record, author, said);
      await saying.alert(tx, ended, overdueByLaw(ended));
    },
  });
}

const overdueByLaw = ({ owner }: RequestRecord) => ({
  code: 'request.overdue' as const,
  params: { clock: 'legal', step: 'officer' },
  watchers: [owner],
});
