import { isRefusal, type Refusal } from '@bronze-drum/protocol/refusals';
import { instantText } from '../kernel/clock.ts';
import type { Decision } from './advice.ts';
import { typologyNames } from './listing-table.ts';

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

/** JSON of the contract's ScreenResponse, as text: serialising objects would cost more than finding what they say. */
export function screenedText({ nowMs, answers }: Screened): string {
  let text = `{"now":"${instantText(nowMs)}","results":[`;
  for (let at = 0; at < answers.length; at += 1) {
    if (at > 0) text += ',';
    text += answerText(answers[at]!);
  }
  return `${text}]}`;
}

function answerText(answer: Answer | Refusal): string {
  if (isRefusal(answer)) return JSON.stringify(answer);
  const { key, decision } = answer;
  const identifier = JSON.stringify(key);
  if (decision === undefined) return `{"identifier":${identifier},"advice":"clear","tiers":[],"typologies":[],"members":[]}`;
  const { advice, match, listing, tiers, members } = decision;
  // Except for keys, everything is a code, a number or an instant of our own.
  const grounds = `"tiers":${codes(tiers)},"typologies":${codes(typologyNames(decision.typologies))},"members":${codes(members)}`;
  const matched = match.kind === 'exact' ? '"exact"' : `"${match.kind}","key":${JSON.stringify(match.key)}`;
  const term = `"since":"${instantText(listing.sinceMs)}","until":"${instantText(listing.untilMs)}"`;
  const discreet = decision.discreet ? ',"discreet":true' : '';
  return `{"identifier":${identifier},"advice":"${advice}",${grounds},"match":{"kind":${matched}},${term},"reference":"${listing.id}"${discreet}}`;
}

const codes = (names: readonly string[]): string => (names.length === 0 ? '[]' : `["${names.join('","')}"]`);
