import type { ReactElement } from 'react';
import type { RequestPriority, RequestState } from '@bronze-drum/protocol/requests';
import type { Request } from '../../../../server/src/liaison/contract.ts';
import { Countdown } from '../../ui/clock.tsx';
import { timeZoneOf, useFormat } from '../../ui/format.ts';
import type { Tone } from '../../ui/mark.tsx';
import { MemberName, Tag } from '../../ui/tag.tsx';
import { useMemberName } from '../../ui/member.ts';
import { useSaid, useWords } from '../../ui/words.ts';
import { otherOf, runningClocks } from './standing.ts';

const priorityTones: Readonly<Record<RequestPriority, Tone>> = {
  P1: 'cinnabar',
  P2: 'ochre',
  P3: 'bronze',
  P4: 'stone',
};
const stateTones: Readonly<Record<RequestState, Tone>> = {
  drafted: 'stone',
  approved: 'bronze',
  sent: 'indigo',
  received: 'ochre',
  acknowledged: 'ochre',
  'in-work': 'bronze',
  'partly-answered': 'patina',
  answered: 'patina',
  refused: 'cinnabar',
  withdrawn: 'stone',
};

/** The rank of a request; what it stands for on hover, or in full. */
export function Priority({ of, full = false }: { of: RequestPriority; full?: boolean }): ReactElement {
  const said = useSaid();
  const text = said('priorities', of);
  return (
    <Tag tone={priorityTones[of] ?? 'stone'} title={text}>
      {full ? text : of}
    </Tag>
  );
}

export function State({ of }: { of: RequestState }): ReactElement {
  const said = useSaid();
  return (
    <Tag tone={stateTones[of] ?? 'stone'} outlined={of === 'partly-answered' || of === 'drafted'}>
      {said('requestStates', of)}
    </Tag>
  );
}

/** Who is on the other side, and which way the request goes. */
export function Other({ request }: { request: Pick<Request, 'direction' | 'from' | 'to'> }): ReactElement {
  const { t } = useWords('liaison');
  return (
    <span className="liaison-other">
      <span className={`dot tone-${request.direction === 'in' ? 'indigo' : 'bronze'}`} aria-hidden />
      <span className="visually-hidden">{t(`terms:direction.${request.direction}`)}</span>
      <span aria-hidden>{request.direction === 'in' ? '↓' : '↑'}</span>
      <MemberName code={otherOf(request)} />
    </span>
  );
}

/** An instant on both sides’ clocks; once where they agree. */
export function BothTimes({ at, member }: { at: string; member: string }): ReactElement {
  const { t } = useWords('liaison');
  const format = useFormat();
  const memberName = useMemberName();
  const here = format.time(at);
  const there = format.time(at, timeZoneOf[member]);
  return (
    <time dateTime={at} className="soft liaison-both" title={format.instant(at)}>
      {here === there ? t('time.same', { time: here }) : t('time.both', { here, there, member: memberName(member) })}
    </time>
  );
}

/** The clock that ends first, with what it waits for. */
export function NearestClock({ request }: { request: Request }): ReactElement | null {
  const { t } = useWords('liaison');
  const [clock] = runningClocks(request);
  if (clock === undefined) return null;
  return (
    <span className="liaison-clock">
      <span className="soft">{t(`terms:clock.${clock.which}`)}</span>
      <Countdown until={clock.due} from={clock.from} />
      <BothTimes at={clock.due} member={otherOf(request)} />
    </span>
  );
}
