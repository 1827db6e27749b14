import { Button, Textarea } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import type { Order } from '@bronze-drum/protocol/orders';
import type { OrderDetails } from '../../../../server/src/orders/contract.ts';
import { get, post } from '../../link/call.ts';
import { useDraft } from '../../link/draft.ts';
import { useFreshness } from '../../link/freshness.ts';
import { useMay } from '../../link/session.ts';
import { useParam } from '../../link/view.ts';
import { ActForm } from '../../ui/act-form.tsx';
import { Columns } from '../../ui/columns.tsx';
import { OrderAnswer } from '../../ui/orders/order-answer.tsx';
import { OrderCourse } from '../../ui/orders/order-course.tsx';
import { OrderEnded } from '../../ui/orders/order-ended.tsx';
import { OrderSeal, OrderStateTag } from '../../ui/orders/order-state.tsx';
import { OrderTermsPanel } from '../../ui/orders/order-terms.tsx';
import { Page, Panel } from '../../ui/page.tsx';
import { SecondedNotice, useSeconded } from '../../ui/second-person.tsx';
import { Shown } from '../../ui/states.tsx';
import { useSaid, useWords } from '../../ui/words.ts';

/** One order: what the institution was told, what it answered, by when, and whether the office signed it. */
export function Screen(): ReactElement {
  const { t } = useWords('orders');
  const said = useSaid();
  const id = useParam('id');
  const path = `/v1/orders/${id}`;
  useFreshness(['order'], [path]);
  const query = useQuery({
    queryKey: [path],
    queryFn: ({ signal }) => get<OrderDetails>(path, { purpose: 'investigation', signal }),
  });
  const order = query.data?.order;
  return (
    <Page
      title={order === undefined ? t('order.title') : said('orderKinds', order.kind)}
      beside={order === undefined ? undefined : <OrderStateTag state={order.state} />}
      acts={<Link to={`/orders/${id}/letter`}>{t('order.letter')}</Link>}
    >
      <Shown query={query}>{(found) => <Sheet found={found} />}</Shown>
    </Page>
  );
}

function Sheet({ found }: { found: OrderDetails }): ReactElement {
  const { t } = useWords('orders');
  const { order } = found;
  const { seconded } = useSeconded();
  return (
    <>
      <SecondedNotice {...seconded} />
      <Columns
        main={
          <>
            <OrderTermsPanel
              order={order}
              reference={found.reference === undefined ? undefined : <Reference of={found.reference} />}
            />
            <Panel title={t('order.course')}>
              <OrderCourse found={found} />
            </Panel>
          </>
        }
        side={
          <>
            <OrderAnswer found={found} />
            <Panel title={t('order.signature')}>
              <OrderSeal order={order} />
              <p className="mono faint">{order.signature}</p>
            </Panel>
            {order.state === 'ended' ? <OrderEnded order={order} /> : <Withdraw found={found} />}
          </>
        }
      />
    </>
  );
}

/** What it serves: a hold here, or an officer who wrote it by hand. */
function Reference({ of }: { of: string }): ReactElement {
  const { t } = useWords('orders');
  const [kind = '', id = ''] = of.split(':');
  if (kind === 'hold') return <Link to={`/holds/${id}`}>{t('order.for.hold')}</Link>;
  if (kind === 'request') return <Link to={`/requests/${id}`}>{t('order.for.request')}</Link>;
  if (kind === 'trace') return <Link to={`/traces/${id}`}>{t('order.for.trace')}</Link>;
  return <span>{kind === 'hand' ? t('order.for.hand', { officer: id }) : of}</span>;
}

/** Whoever ordered it ends it: what a hold ordered, the hold ends. */
function Withdraw({ found: { order, reference } }: { found: OrderDetails }): ReactElement | null {
  const { t } = useWords('orders');
  const may = useMay();
  const [isAsking, asking] = useDisclosure(false);
  const { draft, change, clear } = useDraft(`order-withdraw:${order.id}`, { grounds: '' });
  if (!may('orders.issue')) return null;
  const [kind = '', id = ''] = (reference ?? '').split(':');
  return (
    <Panel title={t('order.acts')}>
      {kind === 'hold' ? (
        <p style={{ margin: 0 }}>
          {t('order.of-hold')} <Link to={`/holds/${id}`}>{t('order.for.hold')}</Link>
        </p>
      ) : (
        <Button variant="default" onClick={asking.open}>
          {t('order.withdraw')}
        </Button>
      )}
      {isAsking ? (
        <ActForm
          opened
          onClose={asking.close}
          title={t('order.withdraw')}
          what={<p style={{ margin: 0 }}>{t('order.withdraw.what', { institution: order.institution })}</p>}
          submit={t('order.withdraw')}
          color="cinnabar"
          act={() => post<Order>(`/v1/orders/${order.id}/withdraw`, { grounds: draft.grounds.trim() })}
          done={() => t('order.withdraw.done')}
          touches={['/v1/orders', `/v1/orders/${order.id}`]}
          after={clear}
          isReady={draft.grounds.trim() !== ''}
        >
          <Textarea
            label={t('order.grounds')}
            required
            data-autofocus
            maxLength={2000}
            value={draft.grounds}
            onChange={({ currentTarget }) => change({ grounds: currentTarget.value })}
          />
        </ActForm>
      ) : null}
    </Panel>
  );
}
