import { Button, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState, type ReactElement, type ReactNode, type SubmitEvent } from 'react';
import type { AlertPage } from '../../../../server/src/alerts/contract.ts';
import type { OrderPage } from '../../../../server/src/orders/contract.ts';
import { get } from '../../link/call.ts';
import { useFreshness } from '../../link/freshness.ts';
import { useInstitution, useMay } from '../../link/session.ts';
import { useGo } from '../../link/view.ts';
import { Ago } from '../../ui/clock.tsx';
import { Columns } from '../../ui/columns.tsx';
import { useFormat } from '../../ui/format.ts';
import { Identifier } from '../../ui/identifier.tsx';
import { OrderClock } from '../../ui/orders/order-state.tsx';
import { Page, Panel } from '../../ui/page.tsx';
import { useReasonText } from '../../ui/reason.tsx';
import { Shown } from '../../ui/states.tsx';
import { PriorityTag } from '../../ui/tag.tsx';
import { useSaid, useWords } from '../../ui/words.ts';
import { byDeadline } from './deadlines.ts';
import { noticesQuery } from './waiting.ts';
import './institution.css';

/** So many of each are shown here; the rest is behind the link. */
const shownMax = 8;
const everyMs = 60_000;

/** What waits for the institution: orders by deadline, customers to be told, alerts; and a quick check. */
export function Screen(): ReactElement {
  const { t } = useWords('institution');
  const { name } = useInstitution();
  const may = useMay();
  return (
    <Page title={t('start.title')} beside={<span className="soft">{name}</span>}>
      <div className="institution-stack">
        {may('screening.screen') ? <QuickCheck /> : null}
        <Columns
          main={
            <>
              {may('orders.answer') ? <Orders /> : null}
              {may('orders.answer') ? <Notices /> : null}
              {may('funds.report') ? (
                <Panel title={t('theft.title')}>
                  <p style={{ marginBlockStart: 0 }}>{t('start.theft')}</p>
                  <Button variant="default" renderRoot={(props) => <Link to="/institution/report" {...props} />}>
                    {t('theft.title')}
                  </Button>
                </Panel>
              ) : null}
            </>
          }
          side={may('alerts.read') ? <Alerts /> : null}
        />
      </div>
    </Page>
  );
}

function QuickCheck(): ReactElement {
  const { t } = useWords('institution');
  const go = useGo();
  const [text, setText] = useState('');
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (text.trim() !== '') go(`/institution/screen?of=${encodeURIComponent(text.trim())}`);
  };
  return (
    <Panel>
      <form onSubmit={submit} className="institution-ask">
        <TextInput
          label={t('check.what')}
          autoComplete="off"
          maxLength={4096}
          value={text}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
        />
        <Button type="submit" size="sm" disabled={text.trim() === ''}>
          {t('start.check')}
        </Button>
      </form>
    </Panel>
  );
}

interface WaitingProps {
  readonly title: string;
  readonly count: number;
  readonly isMore: boolean;
  readonly none: string;
  readonly path: string;
  readonly children: ReactNode;
}

/** The first of what waits, and the way to the rest. */
function Waiting({ title, count, isMore, none, path, children }: WaitingProps): ReactElement {
  const { t } = useWords('institution');
  const format = useFormat();
  return (
    <Panel
      title={title}
      acts={<Link to={path}>{t('start.all', { text: `${format.number(count)}${isMore ? '+' : ''}` })}</Link>}
    >
      {count === 0 ? <p className="institution-none">{none}</p> : <ul className="institution-lines">{children}</ul>}
    </Panel>
  );
}

function Orders(): ReactElement {
  const { t } = useWords('institution');
  const said = useSaid();
  const format = useFormat();
  useFreshness(['order'], ['/v1/orders']);
  const query = useQuery({
    queryKey: ['/v1/orders', 'waiting'],
    queryFn: ({ signal }) => get<OrderPage>('/v1/orders', { query: { waits: true, limit: 200 }, signal }),
    refetchInterval: everyMs,
  });
  return (
    <Shown query={query}>
      {({ orders, next }) => (
        <Waiting
          title={t('orders.title')}
          count={orders.length}
          isMore={next !== undefined}
          none={t('orders.none')}
          path="/institution/orders"
        >
          {byDeadline(orders)
            .slice(0, shownMax)
            .map((order) => (
              <li key={order.id}>
                <Link to={`/institution/orders/${order.id}`}>{said('orderKinds', order.kind)}</Link>
                <Identifier of={order.subject} plain />
                {order.amount === undefined ? null : <strong>{format.money(order.amount)}</strong>}
                <OrderClock order={order} />
              </li>
            ))}
        </Waiting>
      )}
    </Shown>
  );
}

function Notices(): ReactElement {
  const { t } = useWords('institution');
  const format = useFormat();
  const query = useQuery(noticesQuery);
  return (
    <Shown query={query}>
      {({ notices }) => (
        <Waiting
          title={t('notices.title')}
          count={notices.length}
          isMore={false}
          none={t('notices.none')}
          path="/institution/notices"
        >
          {notices.slice(0, shownMax).map(({ hold, account, amount, madeAt }) => (
            <li key={hold}>
              <Link to={`/institution/notices/${hold}`}>{t('notices.open')}</Link>
              <Identifier of={account} plain />
              <span>{format.money(amount)}</span>
              <Ago at={madeAt} />
            </li>
          ))}
        </Waiting>
      )}
    </Shown>
  );
}

function Alerts(): ReactElement {
  const { t } = useWords('institution');
  const reasonText = useReasonText();
  useFreshness(['alert'], ['/v1/alerts'], 3000);
  const query = useQuery({
    queryKey: ['/v1/alerts', 'waiting'],
    queryFn: ({ signal }) => get<AlertPage>('/v1/alerts', { query: { limit: 50 }, signal }),
    refetchInterval: everyMs,
  });
  return (
    <Shown query={query}>
      {({ alerts, next }) => (
        <Waiting
          title={t('alerts.title')}
          count={alerts.length}
          isMore={next !== undefined}
          none={t('alerts.none')}
          path="/institution/alerts"
        >
          {alerts.slice(0, shownMax).map(({ id, subject, priority, reasons: [first], lastAt }) => (
            <li key={id}>
              <PriorityTag priority={priority} />
              <Link to="/institution/alerts" search={{ at: id }}>
                <Identifier of={subject} plain />
              </Link>
              <span className="institution-when soft">
                <Ago at={lastAt} />
              </span>
              {first === undefined ? null : <span className="soft institution-reason">{reasonText(first)}</span>}
            </li>
          ))}
        </Waiting>
      )}
    </Shown>
  );
}
