import type { ReactElement, ReactNode } from 'react';
import type { Order } from '@bronze-drum/protocol/orders';
import { Instant } from '../clock.tsx';
import { useFormat } from '../format.ts';
import { Identifier } from '../identifier.tsx';
import { Facts, Panel } from '../page.tsx';
import { useWords } from '../words.ts';
import { OrderClock } from './order-state.tsx';
import './orders.css';

/** What the institution is bound by; `reference` is what it serves, where that is known. */
export function OrderTermsPanel({ order, reference }: { order: Order; reference?: ReactNode }): ReactElement {
  const { t } = useWords('orders');
  const format = useFormat();
  const { amount, leave, payment, text, until, exhibits } = order;
  return (
    <Panel>
      <p className="order-head">
        <span>{t('order.to', { institution: order.institution })}</span>
        {amount === undefined ? null : <strong className="order-amount">{format.money(amount)}</strong>}
        <OrderClock order={order} />
      </p>
      <Facts
        facts={[
          [t('order.subject'), <Identifier key="subject" of={order.subject} />],
          [t('order.leave'), leave === undefined ? undefined : format.money(leave)],
          [
            t('order.payment'),
            payment === undefined ? undefined : (
              <span key="payment">
                {format.money(payment.amount)} · <Instant at={payment.at} />
                {payment.from === undefined ? null : (
                  <>
                    {' · '}
                    <Identifier of={payment.from} />
                  </>
                )}{' '}
                <span className="mono">{payment.reference}</span>
              </span>
            ),
          ],
          [
            t('order.text'),
            text === undefined ? undefined : (
              <span key="text" lang={text.language}>
                {text.text}
              </span>
            ),
          ],
          [t('order.until'), until === undefined ? t('order.until-answered') : <Instant key="until" at={until} />],
          [t('order.answer-by'), <Instant key="by" at={order.answerBy} />],
          [t('order.issued-at'), <Instant key="at" at={order.issuedAt} />],
          [t('order.office'), order.office],
          [t('order.for'), reference],
          [t('order.form'), order.form],
          [t('order.legal-basis'), order.legalBasis],
          [t('order.safe-harbour'), order.safeHarbour],
          [t('order.call-back'), order.callBack],
          [t('order.exhibits'), exhibits.length === 0 ? undefined : exhibits.map(({ title }) => title).join('; ')],
          [t('order.revision'), String(order.revision)],
        ]}
      />
    </Panel>
  );
}
