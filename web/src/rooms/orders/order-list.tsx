import { Button, Checkbox, NativeSelect } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useMemo, type ReactElement } from 'react';
import type { Order } from '@bronze-drum/protocol/orders';
import type { OrderPage } from '../../../../server/src/orders/contract.ts';
import { useFreshness } from '../../link/freshness.ts';
import { useList } from '../../link/lists.ts';
import { useMay } from '../../link/session.ts';
import { oneOf, useGo, useView } from '../../link/view.ts';
import { Ago } from '../../ui/clock.tsx';
import { useFormat } from '../../ui/format.ts';
import { Identifier } from '../../ui/identifier.tsx';
import { List, type Column } from '../../ui/list.tsx';
import { Page } from '../../ui/page.tsx';
import { SoughtField } from '../../ui/sought-field.tsx';
import { useSaid, useWords } from '../../ui/words.ts';
import './orders.css';
import { OrderClock, orderKinds, OrderStateTag, orderStates } from '../../ui/orders/order-state.tsx';

const readView = (raw: Readonly<Record<string, string>>) => ({
  state: oneOf(raw['state'], orderStates),
  kind: oneOf(raw['kind'], orderKinds),
  institution: raw['institution'],
  subject: raw['subject'],
  overdue: raw['overdue'] === 'yes',
  waits: raw['waits'] === 'yes',
  at: raw['at'],
});

/** What institutions were told to do, the newest first. */
export function Screen(): ReactElement {
  const { t } = useWords('orders');
  const said = useSaid();
  const go = useGo();
  const may = useMay();
  const [view, change] = useView(readView);
  const { state, kind, institution, subject, overdue, waits, at } = view;
  useFreshness(['order'], ['/v1/orders']);
  const list = useList<OrderPage, Order>('/v1/orders', ({ orders }) => orders, {
    query: { state, kind, institution, subject, overdue: overdue || undefined, waits: waits || undefined },
    purpose: 'investigation',
  });
  const columns = useColumns();
  return (
    <Page
      title={t('list.title')}
      full
      acts={
        may('orders.issue') ? (
          <Button renderRoot={(props) => <Link to="/orders/new" {...props} />}>{t('list.issue')}</Button>
        ) : undefined
      }
    >
      <div className="filters">
        <NativeSelect
          aria-label={t('order.state')}
          value={state ?? ''}
          onChange={({ currentTarget }) => change({ state: currentTarget.value })}
          data={[
            { value: '', label: t('list.any-state') },
            ...orderStates.map((one) => ({ value: one, label: said('orderStates', one) })),
          ]}
        />
        <NativeSelect
          aria-label={t('order.kind')}
          value={kind ?? ''}
          onChange={({ currentTarget }) => change({ kind: currentTarget.value })}
          data={[
            { value: '', label: t('list.any-kind') },
            ...orderKinds.map((one) => ({ value: one, label: said('orderKinds', one) })),
          ]}
        />
        <SoughtField
          label={t('order.institution')}
          value={institution ?? ''}
          change={(value) => change({ institution: value })}
        />
        <SoughtField label={t('order.subject')} value={subject ?? ''} change={(value) => change({ subject: value })} />
        <Checkbox
          label={t('list.waits')}
          checked={waits}
          onChange={({ currentTarget }) => change({ waits: currentTarget.checked ? 'yes' : undefined })}
        />
        <Checkbox
          label={t('list.overdue')}
          checked={overdue}
          onChange={({ currentTarget }) => change({ overdue: currentTarget.checked ? 'yes' : undefined })}
        />
      </div>
      <List
        label={t('list.title')}
        list={list}
        columns={columns}
        keyOf={keyOf}
        height="calc(100dvh - 10.5rem)"
        empty={{ title: t('list.empty'), hint: t('list.empty.hint') }}
        selected={at}
        onSelect={(order) => change({ at: order.id })}
        onOpen={(order) => go(`/orders/${order.id}`)}
        marksNew
      />
    </Page>
  );
}

const keyOf = ({ id }: Order): string => id;

function useColumns(): readonly Column<Order>[] {
  const { t } = useWords('orders');
  const said = useSaid();
  const format = useFormat();
  return useMemo(
    () => [
      {
        name: 'kind',
        title: t('order.kind'),
        cell: ({ id, kind }: Order) => <Link to={`/orders/${id}`}>{said('orderKinds', kind)}</Link>,
        width: 'min(11rem, 19vw)',
      },
      {
        name: 'subject',
        title: t('order.subject'),
        cell: ({ subject }: Order) => (
          <span className="order-subject">
            <Identifier of={subject} />
          </span>
        ),
      },
      {
        name: 'state',
        title: t('order.state'),
        cell: ({ state }: Order) => <OrderStateTag state={state} />,
        width: 'min(10rem, 20vw)',
      },
      {
        name: 'clock',
        title: t('order.clock'),
        cell: (order: Order) => <OrderClock order={order} />,
        width: 'min(13rem, 24vw)',
      },
      { name: 'institution', title: t('order.institution'), cell: ({ institution }: Order) => institution, wide: true },
      {
        name: 'amount',
        title: t('order.amount'),
        cell: ({ amount }: Order) =>
          amount === undefined ? null : <span className="nowrap">{format.money(amount)}</span>,
        end: true,
        wide: true,
        width: '9rem',
      },
      { name: 'office', title: t('order.office'), cell: ({ office }: Order) => office, wide: true },
      {
        name: 'at',
        title: t('order.issued-at'),
        cell: ({ issuedAt }: Order) => <Ago at={issuedAt} />,
        wide: true,
        width: '8rem',
      },
    ],
    [t, said, format],
  );
}
