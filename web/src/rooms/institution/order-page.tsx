import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import type { Order } from '@bronze-drum/protocol/orders';
import type { OrderDetails } from '../../../../server/src/orders/contract.ts';
import { callForBlob, get, post } from '../../link/call.ts';
import { useFreshness } from '../../link/freshness.ts';
import { useParam } from '../../link/view.ts';
import { ActButton, useAct } from '../../ui/act.tsx';
import { Columns } from '../../ui/columns.tsx';
import { useFormat } from '../../ui/format.ts';
import { OrderAnswer } from '../../ui/orders/order-answer.tsx';
import { OrderCourse } from '../../ui/orders/order-course.tsx';
import { OrderEnded } from '../../ui/orders/order-ended.tsx';
import { OrderSeal, OrderStateTag } from '../../ui/orders/order-state.tsx';
import { OrderTermsPanel } from '../../ui/orders/order-terms.tsx';
import { Page, Panel } from '../../ui/page.tsx';
import { saveBlob } from '../../ui/save.ts';
import { Shown } from '../../ui/states.tsx';
import { useSaid, useWords } from '../../ui/words.ts';
import { AnswerForm } from './answer-form.tsx';
import './institution.css';

/** One order as the institution has it: whether it is genuine, what it asks, and what to answer. */
export function Screen(): ReactElement {
  const { t } = useWords('institution');
  const said = useSaid();
  const id = useParam('id');
  const path = `/v1/orders/${id}`;
  useFreshness(['order'], [path]);
  const query = useQuery({ queryKey: [path], queryFn: ({ signal }) => get<OrderDetails>(path, { signal }) });
  const order = query.data?.order;
  return (
    <Page
      title={order === undefined ? t('order.title') : said('orderKinds', order.kind)}
      beside={order === undefined ? undefined : <OrderStateTag state={order.state} />}
      acts={
        <>
          <Link to={`/institution/orders/${id}/letter`}>{t('order.letter')}</Link>
          <Link to="/institution/orders">{t('order.back')}</Link>
        </>
      }
    >
      <Shown query={query}>{(found) => <Sheet key={found.order.revision} found={found} />}</Shown>
    </Page>
  );
}

function Sheet({ found }: { found: OrderDetails }): ReactElement {
  const { t } = useWords('institution');
  const { order, outcome } = found;
  const [isAgain, again] = useDisclosure(false);
  const binds = order.state !== 'ended';
  const isAsked = binds && (outcome === undefined || order.state === 'issued' || isAgain);
  return (
    <Columns
      main={
        <>
          <Panel title={t('order.genuine')}>
            <OrderSeal order={order} />
            <p className="soft" style={{ marginBlockEnd: 0 }}>
              {t('order.genuine.call', { number: order.callBack })}
            </p>
          </Panel>
          <OrderTermsPanel order={order} />
          <Exhibits order={order} />
          <Panel title={t('order.course')}>
            <OrderCourse found={found} />
          </Panel>
        </>
      }
      side={
        <>
          {order.state === 'ended' ? (
            <>
              <ConfirmEnd order={order} />
              <OrderEnded order={order} />
            </>
          ) : null}
          {isAsked ? <AnswerForm order={order} after={again.close} /> : null}
          {outcome === undefined && binds ? null : <OrderAnswer found={found} />}
          {binds && !isAsked ? (
            <div className="institution-acts">
              <Button variant="default" onClick={again.open}>
                {t('answer.again')}
              </Button>
              <span className="soft">{t('answer.again.what')}</span>
            </div>
          ) : null}
        </>
      }
    />
  );
}

/** An order has ended: what was done for it is undone, and that is said. */
function ConfirmEnd({ order }: { order: Order }): ReactElement | null {
  const { t } = useWords('institution');
  const { ended } = order;
  if (ended?.confirmBy === undefined || ended.confirmedAt !== undefined) return null;
  return (
    <Panel title={t('end.title')} className="tone-ochre">
      <p style={{ marginBlockStart: 0 }}>{t(`end.what.${ended.why === 'seized' ? 'seized' : 'undo'}`)}</p>
      <ActButton
        act={() => post<Order>(`/v1/orders/${order.id}/confirm`)}
        done={t('end.done')}
        touches={['/v1/orders', `/v1/orders/${order.id}`]}
        variant="filled"
        confirm={{ title: t('end.confirm'), text: t('end.confirm.text'), yes: t('end.confirm') }}
      >
        {t('end.confirm')}
      </ActButton>
    </Panel>
  );
}

/** What came with the order; each reading is recorded in its chain of custody. */
function Exhibits({ order }: { order: Order }): ReactElement | null {
  const { t } = useWords('institution');
  const format = useFormat();
  const taking = useAct<string, Blob>({
    act: (id) => callForBlob(`/v1/exhibits/${id}/content`, { purpose: 'operation' }),
    after: (blob, id) => saveBlob(blob, `exhibit-${id}`),
  });
  if (order.exhibits.length === 0) return null;
  return (
    <Panel title={t('order.exhibits')}>
      <ul className="institution-lines">
        {order.exhibits.map(({ id, title, bytes }) => (
          <li key={id}>
            <span>{title}</span>
            <span className="soft">{format.bytes(bytes)}</span>
            <Button variant="default" loading={taking.isPending} onClick={() => taking.mutate(id)}>
              {t('order.exhibits.take')}
            </Button>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
