import type { ReactElement } from 'react';
import type { OrderByHand } from '../../../../server/src/orders/contract.ts';
import { Instant } from '../../ui/clock.tsx';
import { useFormat } from '../../ui/format.ts';
import { Identifier } from '../../ui/identifier.tsx';
import { Facts } from '../../ui/page.tsx';
import { useSaid, useWords } from '../../ui/words.ts';
import { Says, Why, type WhatProps } from './approval-parts.tsx';

/** An institution is told to do something. */
export function OrderWhat({ payload }: WhatProps): ReactElement {
  const { t } = useWords('access');
  const said = useSaid();
  const format = useFormat();
  const { kind, subject, institution, amount, payment, text, until, exhibits } = payload as unknown as OrderByHand;
  return (
    <>
      <Says>{t('approval.says.order', { institution: institution ?? '–', kind: said('orderKinds', kind) })}</Says>
      <Facts
        facts={[
          [t('approval.order.kind'), said('orderKinds', kind)],
          [t('approval.order.subject'), <Identifier key="subject" of={subject} />],
          [t('approval.order.institution'), institution],
          [t('approval.order.amount'), amount === undefined ? undefined : format.money(amount)],
          [
            t('approval.order.payment'),
            payment === undefined ? undefined : (
              <span key="payment">
                {format.money(payment.amount)} · <Instant at={payment.at} />
              </span>
            ),
          ],
          [
            t('approval.order.until'),
            until === undefined ? t('approval.order.until.answered') : <Instant key="until" at={until} />,
          ],
          [t('approval.order.exhibits'), exhibits === undefined ? undefined : format.number(exhibits.length)],
        ]}
      />
      <Why title={t('approval.instruction')} text={text?.text} language={text?.language} />
    </>
  );
}
