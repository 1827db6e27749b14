import type { RequestPriority } from '@bronze-drum/protocol/requests';
import type { LiaisonTermsBody } from '@bronze-drum/protocol/statements/liaison-terms';
import { dayMs, hourMs, minuteMs } from '../kernel/clock.ts';

/** Days on which clocks stand still that holidays pause, in a country’s own time. */
export interface Calendar {
  readonly timeZone: string;
  readonly holidays: ReadonlySet<string>;
  readonly workdays: readonly number[];
}

type Terms = Pick<LiaisonTermsBody, 'timeZone' | 'service' | 'holidays' | 'workdays'>;

export interface ServiceDue {
  readonly acknowledgeMs: number;
  readonly actMs: number;
}

/** When a request that arrived at an instant is to be acknowledged and acted on, by the asked member’s terms. */
export function serviceDue(terms: Terms, priority: RequestPriority, fromMs: number): ServiceDue {
  const { acknowledgeMinutes, act, pausedByHolidays } = terms.service[priority];
  const calendar = { timeZone: terms.timeZone, holidays: new Set(terms.holidays), workdays: terms.workdays };
  // Whatever a policy says, life and moving money do not wait for Monday.
  const pauses = pausedByHolidays && (priority === 'P3' || priority === 'P4') ? calendar : undefined;
  return {
    acknowledgeMs: afterMinutes(fromMs, acknowledgeMinutes, pauses),
    actMs: act === 'same-day' ? endOfDay(fromMs, calendar, pauses) : afterMinutes(fromMs, act, pauses),
  };
}

/** When to warn: after a share of the time that a clock gives. */
export const warnMsOf = (fromMs: number, dueMs: number, share: number): number =>
  Math.round(fromMs + (dueMs - fromMs) * share);

/** A calendar that leaves a clock no time at all ends the search; nobody publishes ten years without a workday. */
const daysMax = 3660;

/** So many minutes later, counted on days on which the clock runs. */
function afterMinutes(fromMs: number, minutes: number, pauses: Calendar | undefined): number {
  let leftMs = minutes * minuteMs;
  if (pauses === undefined) return fromMs + leftMs;
  let atMs = fromMs;
  for (let day = 0; day < daysMax; day += 1) {
    const nextMs = nextDayMs(atMs, pauses.timeZone);
    if (!isPaused(atMs, pauses)) {
      if (leftMs <= nextMs - atMs) return atMs + leftMs;
      leftMs -= nextMs - atMs;
    }
    atMs = nextMs;
  }
  return fromMs + minutes * minuteMs;
}

/** 23:59 in the asked country: today’s, or of the next day on which the clock runs. */
function endOfDay(fromMs: number, { timeZone }: Calendar, pauses: Calendar | undefined): number {
  let atMs = fromMs;
  for (let day = 0; day < daysMax; day += 1) {
    const nextMs = nextDayMs(atMs, timeZone);
    const dueMs = nextMs - minuteMs;
    if (dueMs > fromMs && (pauses === undefined || !isPaused(atMs, pauses))) return dueMs;
    atMs = nextMs;
  }
  return fromMs + dayMs;
}

function isPaused(atMs: number, { timeZone, holidays, workdays }: Calendar): boolean {
  const { date } = localOf(atMs, timeZone);
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
  return holidays.has(date) || !workdays.includes(weekday === 0 ? 7 : weekday);
}

/** The instant at which the next local day begins. */
function nextDayMs(atMs: number, timeZone: string): number {
  const { date, sinceMidnightMs } = localOf(atMs, timeZone);
  // Where summer time begins or ends, a day has 23 or 25 hours: whatever is off by it is put right.
  const guessMs = atMs - sinceMidnightMs + dayMs;
  const guessed = localOf(guessMs, timeZone);
  if (guessed.date === date) return guessMs + dayMs - guessed.sinceMidnightMs;
  return guessed.sinceMidnightMs > 12 * hourMs ? guessMs : guessMs - guessed.sinceMidnightMs;
}

const formats = new Map<string, Intl.DateTimeFormat>();
const formatsMax = 100;

function localOf(atMs: number, timeZone: string): { date: string; sinceMidnightMs: number } {
  const parts: Record<string, string> = {};
  for (const { type, value } of formatOf(timeZone).formatToParts(atMs)) parts[type] = value;
  const { year, month, day, hour, minute, second } = parts;
  const sinceMidnightMs = (Number(hour) * 60 + Number(minute)) * minuteMs + Number(second) * 1000;
  return {
    date: `${year}-${month}-${day}`,
    sinceMidnightMs: sinceMidnightMs + (((atMs % 1000) + 1000) % 1000),
  };
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-CA', {
    timeZone: isTimeZone(timeZone) ? timeZone : 'UTC',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  if (formats.size === formatsMax) formats.clear();
  formats.set(timeZone, made);
  return made;
}

/** A zone that this machine does not know, which another member may name, counts as UTC. */
function isTimeZone(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
