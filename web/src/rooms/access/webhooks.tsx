import type { Endpoint, EndpointPage, EndpointWithSecret } from '@bronze-drum/client/endpoints';
import { Button, NativeSelect } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link } from '@tanstack/react-router';
import { useMemo, useState, type ReactElement } from 'react';
import type { Institution, InstitutionPage } from '../../../../server/src/access/contract.ts';
import { useList } from '../../link/lists.ts';
import { useView } from '../../link/view.ts';
import { Ago } from '../../ui/clock.tsx';
import { Columns } from '../../ui/columns.tsx';
import { List, type Column } from '../../ui/list.tsx';
import { Page, Panel } from '../../ui/page.tsx';
import { ShownOnce } from '../../ui/shown-once.tsx';
import { Tag } from '../../ui/tag.tsx';
import { useWords } from '../../ui/words.ts';
import './access.css';
import { webhooksPath } from './webhook.ts';
import { WebhookDetail } from './webhook-detail.tsx';
import { WebhookForm } from './webhook-form.tsx';

const keyOf = ({ id }: Endpoint): string => id;
const pick = ({ webhooks }: EndpointPage): readonly Endpoint[] => webhooks;
const pickInstitutions = ({ institutions }: InstitutionPage): readonly Institution[] => institutions;

/** Where institutions are told of alerts and orders, and whether it reaches them. */
export function Screen(): ReactElement {
  const { t } = useWords('access');
  const [view, change] = useView((raw) => ({ institution: raw['institution'], at: raw['at'] }));
  const [adding, { open, close }] = useDisclosure(false);
  const [issued, setIssued] = useState<EndpointWithSecret | undefined>(undefined);
  const institutions = useList<InstitutionPage, Institution>('/v1/institutions', pickInstitutions, {
    query: { limit: 200 },
  });
  const list = useList<EndpointPage, Endpoint>(webhooksPath, pick, {
    query: { institution: view.institution, limit: 100 },
    refetchMs: 15_000,
  });
  const columns = useColumns();
  const chosen = list.items.find(({ id }) => id === view.at);
  return (
    <Page
      title={t('webhook.title')}
      beside={<Link to="/institutions">{t('institution.title')}</Link>}
      acts={<Button onClick={open}>{t('webhook.add')}</Button>}
    >
      <p className="soft">{t('webhook.text')}</p>
      <div className="filters">
        <NativeSelect
          label={t('webhook.institution')}
          value={view.institution ?? ''}
          onChange={({ currentTarget }) => change({ institution: currentTarget.value, at: undefined })}
          data={[
            { value: '', label: t('webhook.all') },
            ...institutions.items.map(({ id, name }) => ({ value: id, label: name })),
          ]}
        />
      </div>
      <Columns
        main={
          <List
            label={t('webhook.title')}
            list={list}
            columns={columns}
            keyOf={keyOf}
            selected={view.at}
            onSelect={({ id }) => change({ at: id })}
            empty={{ title: t('webhook.empty'), hint: t('webhook.empty.hint') }}
          />
        }
        side={
          chosen === undefined ? (
            <Panel>
              <p className="soft">{t('webhook.choose')}</p>
            </Panel>
          ) : (
            <WebhookDetail key={chosen.id} webhook={chosen} onIssued={setIssued} />
          )
        }
      />
      <WebhookForm
        opened={adding}
        onClose={close}
        institutions={institutions.items}
        institution={view.institution}
        onIssued={setIssued}
      />
      {issued === undefined ? null : (
        <ShownOnce
          title={t('webhook.secret')}
          secret={issued.secret}
          what={<p>{t('webhook.secret.what', { url: issued.url })}</p>}
          onClose={() => setIssued(undefined)}
        />
      )}
    </Page>
  );
}

function useColumns(): readonly Column<Endpoint>[] {
  const { t } = useWords('access');
  return useMemo(
    () => [
      { name: 'institution', title: t('webhook.institution'), cell: ({ institution }) => institution },
      { name: 'url', title: t('webhook.url'), cell: ({ url }) => <span className="mono">{url}</span> },
      {
        name: 'state',
        title: t('state'),
        cell: ({ active, disabled, failures, deliveredAt }) =>
          !active ? (
            <Tag tone="stone">{t(`terms:webhookDisabled.${disabled ?? 'owner'}`)}</Tag>
          ) : failures > 0 ? (
            <Tag tone="ochre">{t('webhook.failing', { count: failures })}</Tag>
          ) : deliveredAt === undefined ? (
            <Tag tone="stone">{t('webhook.untried')}</Tag>
          ) : (
            <Tag tone="patina">{t('webhook.works')}</Tag>
          ),
      },
      {
        name: 'delivered',
        title: t('webhook.delivered'),
        wide: true,
        cell: ({ deliveredAt }) => (deliveredAt === undefined ? t('never') : <Ago at={deliveredAt} />),
      },
    ],
    [t],
  );
}
