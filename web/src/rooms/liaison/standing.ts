import type { RequestState } from '@bronze-drum/protocol/requests';
import type { RequestDeed } from '@bronze-drum/protocol/statements/request';
import type { Request } from '../../../../server/src/liaison/contract.ts';
import type { Language } from '../../ui/words.ts';

export const openStates: readonly RequestState[] = ['sent', 'received', 'acknowledged', 'in-work', 'partly-answered'];
export const closedStates: readonly RequestState[] = ['answered', 'refused', 'withdrawn'];
export const draftStates: readonly RequestState[] = ['drafted', 'approved'];
export const isOpen = (state: RequestState): boolean => openStates.includes(state);
export const isDraft = (state: RequestState): boolean => draftStates.includes(state);

/** The member on the other side. */
export const otherOf = ({ direction, from, to }: Pick<Request, 'direction' | 'from' | 'to'>): string =>
  direction === 'in' ? from : to;

/** What is worth offering on a side in a state; whether it is allowed, the server says. */
export function mayDo(direction: Request['direction'], state: RequestState, deed: RequestDeed): boolean {
  if (isDraft(state)) return deed === 'withdrawn' && direction === 'out';
  if (deed === 'said') return true;
  if (direction === 'out') return deed === 'withdrawn' && (isOpen(state) || state === 'answered');
  const isAnswer = deed === 'answered' || deed === 'partly-answered';
  if (state === 'answered') return isAnswer;
  if (!isOpen(state) || deed === 'withdrawn') return false;
  if (deed === 'acknowledged') return state === 'sent' || state === 'received';
  if (deed === 'in-work') return state === 'sent' || state === 'received' || state === 'acknowledged';
  return isAnswer || deed === 'refused';
}

interface RunningClock {
  readonly which: 'acknowledge' | 'act';
  readonly from: string;
  readonly due: string;
}

/** The clocks that still run, the nearest first. */
export function runningClocks(request: Request): RunningClock[] {
  const from = request.receivedAt ?? request.sentAt;
  if (!isOpen(request.state) || from === null) return [];
  const clocks: RunningClock[] = [];
  if (request.acknowledgedAt === null && request.acknowledgeBy !== null)
    clocks.push({ which: 'acknowledge', from, due: request.acknowledgeBy });
  if (request.answeredAt === null && request.actBy !== null) clocks.push({ which: 'act', from, due: request.actBy });
  return clocks.sort((one, other) => Date.parse(one.due) - Date.parse(other.due));
}

const languagesOf: Readonly<Record<string, Language>> = { cn: 'zh', kh: 'km', la: 'lo', mm: 'my', th: 'th', vn: 'vi' };

/** The language to read beside one’s own: the other member’s, else the writer’s, else the bridge between the six. */
export function besideLanguage(mine: Language, written: Language, member: string): Language {
  const wanted: readonly Language[] = [languagesOf[member] ?? 'en', written, 'en'];
  return wanted.find((language) => language !== mine) ?? 'en';
}
