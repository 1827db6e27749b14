import { Button, NativeSelect, SegmentedControl } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useMemo, type ReactElement } from 'react';
import type { Order } from '@bronze-drum/protocol/orders';
import type { OrderPage } from '../../../../server/src/orders/contract.ts';
import { useFreshness } from '../../link/freshness.ts';
import { useList } from '../../link/lists.ts';
import { oneOf, useGo, useView } from '../../link/view.ts';
import { useAct } from '../../ui/act.tsx';
import { Ago } from '../../ui/clock.tsx';
import { useFormat } from '../../ui/format.ts';
import { Identifier } from '../../ui/identifier.tsx';
import { List, type Column } from '../../ui/list.tsx';
import { OrderClock, orderKinds, OrderStateTag } from '../../ui/orders/order-state.tsx';
import { Page } from '../../ui/page.tsx';
import { saveBlob } from '../../ui/save.ts';
import { useSaid, useWords } from '../../ui/words.ts';
import { byDeadline } from './deadlines.ts';
import { readSheet } from './sheet.ts';

const readView = (raw: Readonly<Record<string, string>>) => ({
  which: oneOf(raw['which'], ['waits', 'all'] as const) ?? 'waits',
  kind: oneOf(raw['kind'], orderKinds),
  at: raw['at'],
});

/** What the institution was told to do: what it owes, by deadline, or everything, the newest first. */
export function Screen(): ReactElement {
  const { t } = useWords('institution');
  const said = useSaid();
  const go = useGo();
  const [{ which, kind, at }, change] = useView(readView);
  useFreshness(['order'], ['/v1/orders']);
  const query = { waits: which === 'waits' || undefined, kind, limit: 200 };
  const list = useList<OrderPage, Order>('/v1/orders', ({ orders }) => orders, { query });
  const shown = which === 'waits' ? { ...list, items: byDeadline(list.items) } : list;
  const columns = useColumns();
  const saving = useAct({
    act: () => readSheet(query),
    after: (sheet) => saveBlob(sheet, 'orders.csv'),
  });
  return (
    <Page
      title={t('orders.title')}
      full
      acts={
        <>
          <Button variant="default" loading={saving.isPending} onClick={() => saving.mutate()}>
            {t('orders.save')}
          </Button>
          <Button variant="default" renderRoot={(props) => <Link to="/institution/orders/answers" {...props} />}>
            {t('orders.answers')}
          </Button>
        </>
      }
    >
      <div className="filters">
        <SegmentedControl
          value={which}
          onChange={(value) => change({ which: value === 'waits' ? undefined : value })}
          data={[
            { value: 'waits', label: t('orders.waits') },
            { value: 'all', label: t('orders.all') },
          ]}
        />
        <NativeSelect
          aria-label={t('orders.kind')}
          value={kind ?? ''}
          onChange={({ currentTarget }) => change({ kind: currentTarget.value })}
          data={[
            { value: '', label: t('orders.any-kind') },
            ...orderKinds.map((one) => ({ value: one, label: said('orderKinds', one) })),
          ]}
        />
      </div>
      <List
        label={t('orders.title')}
        list={shown}
        columns={columns}
        keyOf={keyOf}
        height="calc(100dvh - 10.5rem)"
        empty={{
          title: t(which === 'waits' ? 'orders.none' : 'orders.never'),
          hint: t(which === 'waits' ? 'orders.none.hint' : 'orders.never.hint'),
        }}
        selected={at}
        onSelect={(order) => change({ at: order.id })}
        onOpen={(order) => go(`/institution/orders/${order.id}`)}
        marksNew
      />
    </Page>
  );
}

const keyOf = ({ id }: Order): string => id;

function useColumns(): readonly Column<Order>[] {
  const { t } = useWords('institution');
  const said = useSaid();
  const format = useFormat();
  return useMemo(
    () => [
      {
        name: 'kind',
        title: t('orders.kind'),
        cell: ({ id, kind }: Order) => <Link to={`/institution/orders/${id}`}>{said('orderKinds', kind)}</Link>,
        width: '12rem',
      },
      { name: 'clock', title: t('orders.clock'), cell: (order: Order) => <OrderClock order={order} />, width: '13rem' },
      { name: 'subject', title: t('orders.subject'), cell: ({ subject }: Order) => <Identifier of={subject} /> },
      {
        name: 'amount',
        title: t('orders.amount'),
        cell: ({ amount }: Order) =>
          amount === undefined ? null : <span className="nowrap">{format.money(amount)}</span>,
        end: true,
        wide: true,
        width: '10rem',
      },
      {
        name: 'state',
        title: t('orders.state'),
        cell: ({ state }: Order) => <OrderStateTag state={state} />,
        wide: true,
        width: '11rem',
      },
      {
        name: 'at',
        title: t('orders.issued-at'),
        cell: ({ issuedAt }: Order) => <Ago at={issuedAt} />,
        wide: true,
        width: '8rem',
      },
    ],
    [t, said, format],
  );
}
