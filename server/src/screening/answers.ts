import { isRefusal, type Refusal } from '@bronze-drum/protocol/refusals';
import { tiers, typologies } from '@bronze-drum/protocol/statements/listing';
import { dayMs, instantText } from '../kernel/clock.ts';
import type { Decision } from './advice.ts';
import { membersOf } from './member-numbers.ts';

/** What is known of one identifier. Without a decision nothing is listed. */
export interface Answer {
  readonly key: string;
  readonly decision: Decision | undefined;
}

/** Answers at one instant, in the order of the questions. */
export interface Screened {
  readonly nowMs: number;
  readonly answers: readonly (Answer | Refusal)[];
}

const clear = '"advice":"clear","tiers":[],"typologies":[],"members":[]}';

/** JSON of the contract's ScreenResponse, as text: serialising objects would cost more than finding what they say. */
export function screenedText({ nowMs, answers }: Screened): string {
  let text = `{"now":"${writeInstant(nowMs)}","results":[`;
  for (let at = 0; at < answers.length; at += 1) {
    if (at > 0) text += ',';
    text += answerText(answers[at]!);
  }
  return `${text}]}`;
}

function answerText(answer: Answer | Refusal): string {
  if (isRefusal(answer)) return JSON.stringify(answer);
  const { key, decision } = answer;
  const identifier = `{"identifier":${JSON.stringify(key)},`;
  if (decision === undefined) return identifier + clear;
  const { advice, kind, matchedKey, listing } = decision;
  // Except for keys, everything is a code, a number or an instant of our own.
  const grounds = `"tiers":${tierLists(decision.tiers)},"typologies":${typologyLists(decision.typologies)},"members":${memberLists(decision.members)}`;
  const matched = kind === 'exact' ? '"exact"' : `"${kind}","key":${JSON.stringify(matchedKey)}`;
  const term = `"since":"${writeInstant(listing.sinceMs)}","until":"${writeInstant(listing.untilMs)}"`;
  const discreet = decision.discreet ? ',"discreet":true' : '';
  return `${identifier}"advice":"${advice}",${grounds},"match":{"kind":${matched}},${term},"reference":"${listing.id}"${discreet}}`;
}

const listsMax = 4096;

/** Sets of names as JSON. There are few that occur, so each is written once. */
function openLists(namesOf: (set: number) => readonly string[]): (set: number) => string {
  const written = new Map<number, string>();
  return (set) => {
    const known = written.get(set);
    if (known !== undefined) return known;
    const text = JSON.stringify(namesOf(set));
    if (written.size < listsMax) written.set(set, text);
    return text;
  };
}

const among =
  (names: readonly string[]) =>
  (set: number): string[] =>
    names.filter((_, at) => (set & (1 << at)) !== 0);
const tierLists = openLists(among(tiers));
const typologyLists = openLists(among(typologies));
const memberLists = openLists(membersOf);

const days = new Map<number, string>();

/** What `instantText` writes, at a tenth of its cost: the day is looked up, and the rest is four small numbers. */
export function writeInstant(instantMs: number): string {
  const day = Math.floor(instantMs / dayMs);
  let date = days.get(day);
  if (date === undefined) {
    date = instantText(day * dayMs).slice(0, -'00:00:00.000Z'.length);
    if (days.size < listsMax) days.set(day, date);
  }
  const ms = instantMs - day * dayMs;
  const minutes = Math.floor(ms / 60_000);
  const millis = Math.floor(ms % 1000);
  return `${date}${twoDigits[Math.floor(minutes / 60)]!}:${twoDigits[minutes % 60]!}:${twoDigits[Math.floor(ms / 1000) % 60]!}.${millis < 100 ? '0' : ''}${millis < 10 ? '0' : ''}${millis}Z`;
}

const twoDigits = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, '0'));
