import type { ReactElement } from 'react';
import type { HoldPage, Hold, TracePage, TraceSummary } from '../../../../server/src/funds/contract.ts';
import type { PaymentPage } from '../../../../server/src/funds/neighbour-contract.ts';
import { useList } from '../../link/lists.ts';
import { useGo } from '../../link/view.ts';
import { Countdown, Instant } from '../../ui/clock.tsx';
import { useFormat } from '../../ui/format.ts';
import { Identifier } from '../../ui/identifier.tsx';
import { List, type Column } from '../../ui/list.tsx';
import { Tag } from '../../ui/tag.tsx';
import { useSaid, useWords } from '../../ui/words.ts';

type Payment = PaymentPage['payments'][number];
const paymentsOf = (page: PaymentPage): readonly Payment[] => page.payments;
const tracesOf = (page: TracePage): readonly TraceSummary[] => page.traces;
const holdsOf = (page: HoldPage): readonly Hold[] => page.holds;

/** The money of an account: what it paid and was paid, the traces that reach it, the holds on it. */
export function Money({ of }: { of: string }): ReactElement {
  const { t } = useWords('registry');
  return (
    <div className="registry-stack">
      <section>
        <h2>{t('money.traces')}</h2>
        <Traces of={of} />
      </section>
      <section>
        <h2>{t('money.holds')}</h2>
        <Holds of={of} />
      </section>
      <section>
        <h2>{t('money.payments')}</h2>
        <Payments of={of} />
      </section>
    </div>
  );
}

function Payments({ of }: { of: string }): ReactElement {
  const { t } = useWords('registry');
  const list = useList(`/v1/funds/payments/${encodeURIComponent(of)}`, paymentsOf, { purpose: 'investigation' });
  const columns = usePaymentColumns();
  return (
    <List
      label={t('money.payments')}
      list={list}
      columns={columns}
      keyOf={({ id }) => id}
      empty={{ title: t('money.payments.none'), hint: t('money.payments.none.hint') }}
      height="32rem"
    />
  );
}

function Traces({ of }: { of: string }): ReactElement {
  const { t } = useWords('registry');
  const go = useGo();
  const list = useList('/v1/traces', tracesOf, { query: { account: of }, purpose: 'investigation' });
  const columns = useTraceColumns();
  return (
    <List
      label={t('money.traces')}
      list={list}
      columns={columns}
      keyOf={({ id }) => id}
      empty={{ title: t('money.traces.none') }}
      onOpen={({ id }) => go(`/traces/${id}`)}
      height="20rem"
    />
  );
}

function Holds({ of }: { of: string }): ReactElement {
  const { t } = useWords('registry');
  const go = useGo();
  const list = useList('/v1/holds', holdsOf, { query: { account: of }, purpose: 'investigation' });
  const columns = useHoldColumns();
  return (
    <List
      label={t('money.holds')}
      list={list}
      columns={columns}
      keyOf={({ id }) => id}
      empty={{ title: t('money.holds.none') }}
      onOpen={({ id }) => go(`/holds/${id}`)}
      height="20rem"
    />
  );
}

function usePaymentColumns(): readonly Column<Payment>[] {
  const { t } = useWords('registry');
  const format = useFormat();
  return [
    { name: 'at', title: t('money.at'), width: '12rem', cell: ({ at }) => <Instant at={at} /> },
    {
      name: 'direction',
      title: t('money.direction'),
      width: '6rem',
      cell: ({ direction }) => (
        <Tag tone={direction === 'in' ? 'patina' : 'ochre'}>{t(`money.direction.${direction}`)}</Tag>
      ),
    },
    {
      name: 'counterpart',
      title: t('money.counterpart'),
      cell: ({ counterpart }) => (counterpart === null ? t('money.cash') : <Identifier of={counterpart} />),
    },
    { name: 'amount', title: t('money.amount'), end: true, cell: ({ amount }) => format.money(amount) },
    {
      name: 'channel',
      title: t('money.channel'),
      wide: true,
      cell: ({ channel }) => t(`terms:paymentChannel.${channel}`),
    },
    {
      name: 'reference',
      title: t('money.reference'),
      wide: true,
      cell: ({ reference, returned, returns }) => (
        <>
          <span className="mono">{reference}</span> {returned === true ? <Tag>{t('money.returned')}</Tag> : null}
          {returns === true ? <Tag>{t('money.returns')}</Tag> : null}
        </>
      ),
    },
  ];
}

function useTraceColumns(): readonly Column<TraceSummary>[] {
  const { t } = useWords('registry');
  const said = useSaid();
  const format = useFormat();
  return [
    { name: 'id', title: t('money.trace'), cell: ({ id }) => <Identifier of={`trace:${id}`} /> },
    { name: 'at', title: t('money.opened'), cell: ({ openedAt }) => <Instant at={openedAt} short /> },
    { name: 'state', title: t('money.state'), cell: ({ state }) => t(`terms:traceState.${state}`) },
    { name: 'typology', title: t('money.typology'), wide: true, cell: ({ typology }) => said('typologies', typology) },
    { name: 'amount', title: t('money.stolen'), end: true, cell: ({ amount }) => format.money(amount) },
    { name: 'held', title: t('money.held'), end: true, wide: true, cell: ({ held }) => format.money(held) },
  ];
}

function useHoldColumns(): readonly Column<Hold>[] {
  const { t } = useWords('registry');
  const said = useSaid();
  const format = useFormat();
  return [
    { name: 'id', title: t('money.hold'), cell: ({ id }) => <Identifier of={`hold:${id}`} /> },
    { name: 'state', title: t('money.state'), cell: ({ state }) => said('holdStates', state) },
    { name: 'institution', title: t('money.institution'), wide: true, cell: ({ institution }) => institution },
    {
      name: 'ordered',
      title: t('money.ordered'),
      end: true,
      cell: ({ ordered, taint }) => format.money(ordered ?? taint),
    },
    { name: 'held', title: t('money.held'), end: true, cell: ({ held }) => format.money(held) },
    {
      name: 'until',
      title: t('money.until'),
      cell: ({ until }) => (until == null ? null : <Countdown until={until} />),
    },
  ];
}
