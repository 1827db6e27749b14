import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import type { Order } from '@bronze-drum/protocol/orders';
import type { OfficeKeys } from '../../../../server/src/orders/contract.ts';
import { get } from '../../link/call.ts';
import { Countdown, Instant } from '../clock.tsx';
import type { Tone } from '../mark.tsx';
import { Tag } from '../tag.tsx';
import { useSaid, useWords } from '../words.ts';

export const orderStates: readonly Order['state'][] = ['issued', 'placed', 'partly', 'gone', 'refused', 'ended'];

export const orderKinds: readonly Order['kind'][] = [
  'hold-amount',
  'block-number',
  'preserve-records',
  'identify-holder',
  'report-onward',
];

const tones: Readonly<Record<Order['state'], Tone>> = {
  issued: 'ochre',
  placed: 'patina',
  partly: 'patina',
  gone: 'cinnabar',
  refused: 'cinnabar',
  ended: 'stone',
};

export function OrderStateTag({ state }: { state: Order['state'] }): ReactElement {
  const said = useSaid();
  return (
    <Tag tone={tones[state]} outlined={state === 'partly'}>
      {said('orderStates', state)}
    </Tag>
  );
}

/** What the institution owes and until when: an answer, or its word that the end was carried out. */
export function OrderClock({ order }: { order: Order }): ReactElement {
  const { t } = useWords('orders');
  const { state, answerBy, issuedAt, until, ended } = order;
  if (state === 'issued')
    return (
      <span>
        {t('clock.answer')} <Countdown until={answerBy} from={issuedAt} />
      </span>
    );
  if (ended !== undefined) {
    if (ended.confirmedAt !== undefined) return <span className="soft">{t('clock.confirmed')}</span>;
    if (ended.confirmBy === undefined) return <span className="faint">–</span>;
    return (
      <span>
        {t('clock.confirm')} <Countdown until={ended.confirmBy} from={ended.at} />
      </span>
    );
  }
  if (until === undefined) return <span className="faint">–</span>;
  return (
    <span className="soft">
      {t('clock.until')} <Instant at={until} short />
    </span>
  );
}

/** Whether the office that the order names signed it as it stands here: checked in this browser, whoever sent it. */
export function OrderSeal({ order }: { order: Order }): ReactElement {
  const { t } = useWords('orders');
  const path = '/v1/orders/keys';
  const keys = useQuery({
    queryKey: [path],
    queryFn: ({ signal }) => get<OfficeKeys>(path, { purpose: 'investigation', signal }),
    staleTime: 60_000,
  });
  const checked = useQuery({
    queryKey: ['order-seal', order.id, order.revision, order.signature, keys.data],
    enabled: keys.data !== undefined,
    staleTime: Infinity,
    queryFn: async () => {
      const { verifyOrder } = await import('@bronze-drum/client/orders');
      return verifyOrder(order, keys.data!.keys);
    },
  });
  const isFailed = keys.error !== null || checked.error !== null;
  if (isFailed) return <Tag tone="ochre">{t('seal.unread')}</Tag>;
  if (checked.data === undefined) return <span className="soft">{t('seal.checking')}</span>;
  return (
    <span>
      <Tag tone={checked.data ? 'patina' : 'cinnabar'}>{t(checked.data ? 'seal.good' : 'seal.bad')}</Tag>{' '}
      <span className="soft">{t(checked.data ? 'seal.good.what' : 'seal.bad.what', { office: order.office })}</span>
    </span>
  );
}
