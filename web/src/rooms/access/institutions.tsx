import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link } from '@tanstack/react-router';
import { useMemo, useState, type ReactElement } from 'react';
import type { Institution, InstitutionPage } from '../../../../server/src/access/contract.ts';
import { useList } from '../../link/lists.ts';
import { useMay } from '../../link/session.ts';
import { useView } from '../../link/view.ts';
import { Instant } from '../../ui/clock.tsx';
import { Columns } from '../../ui/columns.tsx';
import { useFormat } from '../../ui/format.ts';
import { useShortcuts } from '../../ui/keys.ts';
import { List, type Column } from '../../ui/list.tsx';
import { Page, Panel } from '../../ui/page.tsx';
import { ShownOnce } from '../../ui/shown-once.tsx';
import { Tag } from '../../ui/tag.tsx';
import { useWords } from '../../ui/words.ts';
import './access.css';
import { InstitutionDetail, type Issued } from './institution-detail.tsx';
import { InstitutionForm } from './institution-form.tsx';

const keyOf = ({ id }: Institution): string => id;
const pick = ({ institutions }: InstitutionPage): readonly Institution[] => institutions;

/** Banks, operators and their like: what each serves, how much it may ask, and the keys that let it in. */
export function Screen(): ReactElement {
  const { t } = useWords('access');
  const may = useMay();
  const [view, change] = useView((raw) => ({ at: raw['at'] }));
  const [adding, { open, close }] = useDisclosure(false);
  const [issued, setIssued] = useState<Issued | undefined>(undefined);
  const list = useList<InstitutionPage, Institution>('/v1/institutions', pick, { query: { limit: 200 } });
  const columns = useColumns();
  const shortcuts = useMemo(() => [{ keys: 'n', label: t('institution.add'), act: open }], [t, open]);
  useShortcuts(shortcuts);
  const chosen = list.items.find(({ id }) => id === view.at);
  return (
    <Page
      title={t('institution.title')}
      acts={
        <>
          <Link to="/webhooks">{t('webhook.title')}</Link>
          {may('access.audit') ? <Link to="/changes">{t('changes.open')}</Link> : null}
          <Button onClick={open}>{t('institution.add')}</Button>
        </>
      }
    >
      <Columns
        main={
          <List
            label={t('institution.title')}
            list={list}
            columns={columns}
            keyOf={keyOf}
            selected={view.at}
            onSelect={({ id }) => change({ at: id })}
            empty={{ title: t('institution.empty'), hint: t('institution.empty.hint') }}
          />
        }
        side={
          chosen === undefined ? (
            <Panel>
              <p className="soft">{t('institution.choose')}</p>
            </Panel>
          ) : (
            <InstitutionDetail key={chosen.id} institution={chosen} onIssued={setIssued} />
          )
        }
      />
      <InstitutionForm opened={adding} onClose={close} after={({ id }) => change({ at: id })} />
      {issued === undefined ? null : (
        <ShownOnce
          title={t('key.title', { institution: issued.institution })}
          secret={issued.key.key}
          what={
            <p>
              {t('key.text')} <Instant at={issued.key.expiresAt} />
            </p>
          }
          onClose={() => setIssued(undefined)}
        />
      )}
    </Page>
  );
}

function useColumns(): readonly Column<Institution>[] {
  const { t } = useWords('access');
  const format = useFormat();
  return useMemo(
    () => [
      { name: 'name', title: t('name'), cell: ({ name }) => name },
      { name: 'id', title: t('id'), wide: true, cell: ({ id }) => <span className="mono">{id}</span> },
      { name: 'kind', title: t('kind'), cell: ({ kind }) => t(`terms:institutionKind.${kind}`) },
      {
        name: 'quota',
        title: t('quota.second'),
        end: true,
        wide: true,
        cell: ({ quota }) => format.number(quota.perSecond),
      },
      {
        name: 'state',
        title: t('state'),
        cell: ({ active }) =>
          active ? (
            <Tag tone="patina">{t('institution.active')}</Tag>
          ) : (
            <Tag tone="stone">{t('institution.inactive')}</Tag>
          ),
      },
    ],
    [t, format],
  );
}
