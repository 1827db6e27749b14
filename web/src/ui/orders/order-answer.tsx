import type { ReactElement } from 'react';
import type { OrderDetails } from '../../../../server/src/orders/contract.ts';
import { Countdown, Instant } from '../clock.tsx';
import { useFormat } from '../format.ts';
import { Identifier } from '../identifier.tsx';
import type { Tone } from '../mark.tsx';
import { Facts, Panel } from '../page.tsx';
import { Tag } from '../tag.tsx';
import { useSaid, useWords } from '../words.ts';
import './orders.css';

const tones: Readonly<Record<string, Tone>> = {
  placed: 'patina',
  partly: 'ochre',
  gone: 'cinnabar',
  refused: 'cinnabar',
};

/** What the institution said, and how late. */
export function OrderAnswer({ found }: { found: OrderDetails }): ReactElement {
  const { t } = useWords('orders');
  const said = useSaid();
  const format = useFormat();
  const { order, outcome, answeredAt, answeredRevision, reminders, lateAt } = found;
  const currency = order.amount?.currency ?? order.payment?.amount.currency;
  const money = (value: string | undefined): string | undefined =>
    value === undefined || currency === undefined ? undefined : format.money({ value, currency });
  return (
    <Panel title={t('answer.title')}>
      {outcome === undefined ? (
        <p style={{ marginBlockStart: 0 }}>
          <Tag tone="ochre">{t('answer.none')}</Tag>{' '}
          {order.state === 'ended' ? null : (
            <>
              {t('clock.answer')} <Countdown until={order.answerBy} from={order.issuedAt} />
            </>
          )}
        </p>
      ) : (
        <p style={{ marginBlockStart: 0 }}>
          <Tag tone={tones[outcome.outcome] ?? 'stone'}>{said('orderOutcomes', outcome.outcome)}</Tag>
        </p>
      )}
      {outcome !== undefined && answeredRevision !== order.revision ? (
        <div className="notice tone-ochre">
          <p>{t('answer.older')}</p>
        </div>
      ) : null}
      <Facts
        facts={[
          [t('answer.at'), answeredAt === undefined ? undefined : <Instant key="at" at={answeredAt} />],
          [t('answer.late'), lateAt === undefined ? undefined : <Instant key="late" at={lateAt} />],
          [t('answer.reminders'), reminders === 0 ? undefined : format.number(reminders)],
          [t('answer.held'), money(outcome?.held)],
          [t('answer.gone'), outcome?.gone === '0' ? undefined : money(outcome?.gone)],
          [t('answer.balance'), money(outcome?.balance)],
          [t('answer.refusal'), outcome?.refusal === undefined ? undefined : said('orderRefusals', outcome.refusal)],
          [t('answer.reference'), outcome?.reference],
          [
            t('answer.note'),
            outcome?.note === undefined ? undefined : (
              <span key="note" lang={outcome.note.language}>
                {outcome.note.text}
              </span>
            ),
          ],
          [
            t('order.exhibits'),
            outcome?.exhibits === undefined ? undefined : outcome.exhibits.map(({ title }) => title).join('; '),
          ],
        ]}
      />
      {outcome?.onward === undefined ? null : <Onward payments={outcome.onward} />}
    </Panel>
  );
}

type Payments = NonNullable<NonNullable<OrderDetails['outcome']>['onward']>;

/** The payments by which the money went on. */
function Onward({ payments }: { payments: Payments }): ReactElement {
  const { t } = useWords('orders');
  const format = useFormat();
  return (
    <>
      <h3 className="order-onward">{t('answer.onward', { count: payments.length })}</h3>
      <div className="list order-onward-list">
        <table>
          <thead>
            <tr>
              <th scope="col">{t('answer.onward.at')}</th>
              <th scope="col">{t('answer.onward.to')}</th>
              <th scope="col" className="end">
                {t('order.amount')}
              </th>
            </tr>
          </thead>
          <tbody>
            {payments.map(({ to, amount, at, reference }, row) => (
              <tr key={`${at} ${reference ?? row}`}>
                <td>
                  <Instant at={at} short />
                </td>
                <td>{to === undefined ? t('answer.onward.cash') : <Identifier of={to} />}</td>
                <td className="end nowrap">{format.money(amount)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
