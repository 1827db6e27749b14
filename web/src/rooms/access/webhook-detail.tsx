import type { Delivery, Endpoint, EndpointWithSecret } from '@bronze-drum/client/endpoints';
import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMemo, type ReactElement } from 'react';
import { call, post } from '../../link/call.ts';
import { useList } from '../../link/lists.ts';
import { ActButton } from '../../ui/act.tsx';
import { ActForm } from '../../ui/act-form.tsx';
import { Ago, Instant } from '../../ui/clock.tsx';
import { List, type Column } from '../../ui/list.tsx';
import type { Tone } from '../../ui/mark.tsx';
import { Facts, Panel } from '../../ui/page.tsx';
import { Tag } from '../../ui/tag.tsx';
import { useWords } from '../../ui/words.ts';
import { webhooksPath, webhookTypes } from './webhook.ts';

interface WebhookDetailProps {
  readonly webhook: Endpoint;
  readonly onIssued: (webhook: EndpointWithSecret) => void;
}

export function WebhookDetail({ webhook, onIssued }: WebhookDetailProps): ReactElement {
  const { t } = useWords('access');
  const [isRenewing, renewing] = useDisclosure(false);
  const { id, url, types, kinds, description, active, disabled, failingSince, deliveredAt, createdAt } = webhook;
  const path = `${webhooksPath}/${id}`;
  const deliveries = `${path}/deliveries`;
  return (
    <>
      <Panel title={t('webhook.one')}>
        <Facts
          facts={[
            [t('webhook.institution'), webhook.institution],
            [
              t('webhook.url'),
              <span key="url" className="mono">
                {url}
              </span>,
            ],
            [t('webhook.description'), description],
            [t('webhook.types'), (types ?? webhookTypes).map((type) => t(`terms:eventType.${type}`)).join(', ')],
            [t('webhook.kinds'), kinds?.map((kind) => t(`terms:alertKind.${kind}`)).join(', ')],
            [t('state'), active ? t('webhook.active') : t(`terms:webhookDisabled.${disabled ?? 'owner'}`)],
            [
              t('webhook.failing-since'),
              failingSince === undefined ? undefined : <Ago key="failing" at={failingSince} />,
            ],
            [t('webhook.delivered'), deliveredAt === undefined ? t('never') : <Ago key="delivered" at={deliveredAt} />],
            [t('added'), <Instant key="added" at={createdAt} />],
          ]}
        />
        <div className="access-acts">
          <ActButton act={() => post(`${path}/test`)} touches={[deliveries, webhooksPath]} done={t('webhook.tested')}>
            {t('webhook.test')}
          </ActButton>
          <ActButton
            act={() => call('PATCH', path, { body: { active: !active } })}
            touches={[webhooksPath]}
            done={t(active ? 'webhook.paused' : 'webhook.resumed')}
          >
            {t(active ? 'webhook.pause' : 'webhook.resume')}
          </ActButton>
          <Button variant="default" onClick={renewing.open}>
            {t('webhook.renew')}
          </Button>
          <ActButton
            color="cinnabar"
            act={() => call('DELETE', path)}
            touches={[webhooksPath]}
            done={t('webhook.removed')}
            confirm={{
              title: t('webhook.remove'),
              text: <p>{t('webhook.remove.what')}</p>,
              yes: t('webhook.remove'),
            }}
          >
            {t('webhook.remove')}
          </ActButton>
        </div>
      </Panel>
      <Deliveries path={deliveries} />
      <ActForm<EndpointWithSecret>
        opened={isRenewing}
        onClose={renewing.close}
        title={t('webhook.renew')}
        what={<p>{t('webhook.renew.what')}</p>}
        submit={t('webhook.renew')}
        act={() => post(`${path}/secret`)}
        touches={[webhooksPath]}
        after={onIssued}
      />
    </>
  );
}

const tones: Readonly<Record<Delivery['state'], Tone>> = { waiting: 'ochre', delivered: 'patina', dead: 'cinnabar' };
const keyOf = ({ id }: Delivery): string => id;

interface DeliveryPage {
  readonly deliveries: readonly Delivery[];
  readonly next?: string;
}
const pick = ({ deliveries }: DeliveryPage): readonly Delivery[] => deliveries;

function Deliveries({ path }: { path: string }): ReactElement {
  const { t } = useWords('access');
  const list = useList<DeliveryPage, Delivery>(path, pick, { refetchMs: 10_000 });
  const columns = useColumns();
  return (
    <List
      label={t('webhook.deliveries')}
      list={list}
      columns={columns}
      keyOf={keyOf}
      height="24rem"
      empty={{ title: t('webhook.deliveries.empty') }}
    />
  );
}

function useColumns(): readonly Column<Delivery>[] {
  const { t } = useWords('access');
  return useMemo(
    () => [
      { name: 'at', title: t('at'), cell: ({ createdAt }) => <Ago at={createdAt} /> },
      { name: 'type', title: t('kind'), cell: ({ type }) => t(`terms:eventType.${type}`) },
      {
        name: 'state',
        title: t('state'),
        cell: ({ state }) => <Tag tone={tones[state]}>{t(`terms:deliveryState.${state}`)}</Tag>,
      },
      { name: 'attempts', title: t('webhook.attempts'), end: true, cell: ({ attempts }) => attempts },
      {
        name: 'answer',
        title: t('webhook.answer'),
        wide: true,
        cell: ({ lastStatus, lastError }) =>
          lastError === undefined ? (lastStatus ?? '–') : t(`delivery.${lastError}`, { status: lastStatus ?? '' }),
      },
    ],
    [t],
  );
}
