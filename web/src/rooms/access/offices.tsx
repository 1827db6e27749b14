import { Button, Tabs } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link } from '@tanstack/react-router';
import { useMemo, useState, type ReactElement } from 'react';
import type { IssuedCode, Office, OfficePage, Officer, OfficerPage } from '../../../../server/src/access/contract.ts';
import { useList } from '../../link/lists.ts';
import { useMay } from '../../link/session.ts';
import { oneOf, useView } from '../../link/view.ts';
import { Instant } from '../../ui/clock.tsx';
import { Columns } from '../../ui/columns.tsx';
import { useShortcuts } from '../../ui/keys.ts';
import { List, type Column } from '../../ui/list.tsx';
import { Page, Panel } from '../../ui/page.tsx';
import { ShownOnce } from '../../ui/shown-once.tsx';
import { Tag } from '../../ui/tag.tsx';
import { useWords } from '../../ui/words.ts';
import './access.css';
import { AddOffice, AddOfficer } from './office-forms.tsx';
import { OfficerDetail } from './officer-detail.tsx';

const tabs = ['officers', 'offices'] as const;
const officeKey = ({ id }: Office): string => id;
const officerKey = ({ id }: Officer): string => id;
const pickOffices = ({ offices }: OfficePage): readonly Office[] => offices;
const pickOfficers = ({ officers }: OfficerPage): readonly Officer[] => officers;

/** Who works here: offices, officers, what each may do, and the codes with which they come in. */
export function Screen(): ReactElement {
  const { t } = useWords('access');
  const may = useMay();
  const [view, change] = useView((raw) => ({ tab: oneOf(raw['tab'], tabs) ?? 'officers', at: raw['at'] }));
  const [adding, { open, close }] = useDisclosure(false);
  const [issued, setIssued] = useState<IssuedCode | undefined>(undefined);
  const offices = useList<OfficePage, Office>('/v1/offices', pickOffices, { query: { limit: 200 } });
  const officers = useList<OfficerPage, Officer>('/v1/officers', pickOfficers, { query: { limit: 200 } });
  const officerColumns = useOfficerColumns();
  const officeColumns = useOfficeColumns();
  const shortcuts = useMemo(
    () => [
      { keys: 'n', label: t('office.add'), act: open },
      ...tabs.map((tab, at) => ({
        keys: String(at + 1),
        label: t(`office.tab.${tab}`),
        act: () => change({ tab, at: undefined }),
      })),
    ],
    [t, open, change],
  );
  useShortcuts(shortcuts);
  const chosen = officers.items.find(({ id }) => id === view.at);
  return (
    <Page
      title={t('office.title')}
      acts={
        <>
          {may('access.audit') ? <Link to="/changes">{t('changes.open')}</Link> : null}
          <Button onClick={open}>{t(view.tab === 'officers' ? 'officer.add' : 'office.add.office')}</Button>
        </>
      }
    >
      <Tabs
        value={view.tab}
        onChange={(tab) => change({ tab: tab ?? undefined, at: undefined }, { push: true })}
        mb="sm"
      >
        <Tabs.List>
          {tabs.map((tab) => (
            <Tabs.Tab key={tab} value={tab}>
              {t(`office.tab.${tab}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
      </Tabs>
      {view.tab === 'officers' ? (
        <Columns
          main={
            <List
              label={t('office.tab.officers')}
              list={officers}
              columns={officerColumns}
              keyOf={officerKey}
              selected={view.at}
              onSelect={({ id }) => change({ at: id })}
              empty={{ title: t('officer.empty'), hint: t('officer.empty.hint') }}
            />
          }
          side={
            chosen === undefined ? (
              <Panel>
                <p className="soft">{t('officer.choose')}</p>
              </Panel>
            ) : (
              <OfficerDetail
                key={chosen.id}
                officer={chosen}
                office={offices.items.find(({ id }) => id === chosen.office)}
                onIssued={setIssued}
              />
            )
          }
        />
      ) : (
        <List
          label={t('office.tab.offices')}
          list={offices}
          columns={officeColumns}
          keyOf={officeKey}
          empty={{ title: t('office.empty'), hint: t('office.empty.hint') }}
        />
      )}
      {view.tab === 'officers' ? (
        <AddOfficer opened={adding} onClose={close} offices={offices.items} onIssued={setIssued} />
      ) : (
        <AddOffice opened={adding} onClose={close} />
      )}
      {issued === undefined ? null : (
        <ShownOnce
          title={t('code.title', { officer: issued.officer })}
          secret={issued.code}
          what={
            <p>
              {t('code.text', { officer: issued.officer })} <Instant at={issued.expiresAt} />
            </p>
          }
          onClose={() => setIssued(undefined)}
        />
      )}
    </Page>
  );
}

function useOfficerColumns(): readonly Column<Officer>[] {
  const { t } = useWords('access');
  return useMemo(
    () => [
      { name: 'name', title: t('name'), cell: ({ name }) => name },
      { name: 'id', title: t('id'), wide: true, cell: ({ id }) => <span className="mono">{id}</span> },
      { name: 'office', title: t('officer.office'), wide: true, cell: ({ office }) => office },
      {
        name: 'roles',
        title: t('officer.roles'),
        cell: ({ roles }) => (
          <span className="access-tags">
            {roles.map((role) => (
              <Tag key={role} tone="bronze">
                {t(`terms:role.${role}`)}
              </Tag>
            ))}
          </span>
        ),
      },
      { name: 'state', title: t('state'), cell: (officer) => <OfficerState officer={officer} /> },
    ],
    [t],
  );
}

function OfficerState({ officer: { active, canSignIn } }: { officer: Officer }): ReactElement {
  const { t } = useWords('access');
  if (!active) return <Tag tone="stone">{t('officer.inactive')}</Tag>;
  return canSignIn ? <Tag tone="patina">{t('officer.active')}</Tag> : <Tag tone="ochre">{t('officer.waits')}</Tag>;
}

function useOfficeColumns(): readonly Column<Office>[] {
  const { t } = useWords('access');
  return useMemo(
    () => [
      { name: 'name', title: t('name'), cell: ({ name }) => name },
      { name: 'id', title: t('id'), cell: ({ id }) => <span className="mono">{id}</span> },
      { name: 'kind', title: t('kind'), cell: ({ kind }) => t(`terms:officeKind.${kind}`) },
      { name: 'created', title: t('added'), wide: true, cell: ({ createdAt }) => <Instant at={createdAt} /> },
    ],
    [t],
  );
}
