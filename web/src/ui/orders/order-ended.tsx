import type { ReactElement } from 'react';
import type { Order } from '@bronze-drum/protocol/orders';
import { Instant } from '../clock.tsx';
import { Facts, Panel } from '../page.tsx';
import { Tag } from '../tag.tsx';
import { useSaid, useWords } from '../words.ts';

/** Why an order no longer binds, and whether the institution confirmed that it carried out the end. */
export function OrderEnded({ order }: { order: Order }): ReactElement | null {
  const { t } = useWords('orders');
  const said = useSaid();
  const { ended } = order;
  if (ended === undefined) return null;
  const isOpen = ended.confirmBy !== undefined && ended.confirmedAt === undefined;
  return (
    <Panel title={t('order.ended')}>
      {isOpen ? (
        <p style={{ marginBlockStart: 0 }}>
          <Tag tone="ochre">{t('order.unconfirmed')}</Tag> {t('order.unconfirmed.what')}
        </p>
      ) : null}
      <Facts
        facts={[
          [t('order.ended.why'), said('orderEnds', ended.why)],
          [t('order.ended.at'), <Instant key="at" at={ended.at} />],
          [t('order.ended.court'), ended.court],
          [
            t('order.ended.confirm-by'),
            ended.confirmBy === undefined ? undefined : <Instant key="by" at={ended.confirmBy} />,
          ],
          [
            t('order.ended.confirmed-at'),
            ended.confirmedAt === undefined ? undefined : <Instant key="ok" at={ended.confirmedAt} />,
          ],
        ]}
      />
    </Panel>
  );
}
