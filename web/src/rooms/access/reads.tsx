import { Button, NativeSelect } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useMemo, type ReactElement } from 'react';
import type { Read, ReadPage } from '../../../../server/src/access/contract.ts';
import { useList } from '../../link/lists.ts';
import { useOfficer } from '../../link/session.ts';
import { oneOf, useView } from '../../link/view.ts';
import { Actor } from '../../ui/actor.tsx';
import { Instant } from '../../ui/clock.tsx';
import { useFormat } from '../../ui/format.ts';
import { Identifier, keyOfText } from '../../ui/identifier.tsx';
import { List, type Column } from '../../ui/list.tsx';
import { Page } from '../../ui/page.tsx';
import { SoughtField } from '../../ui/sought-field.tsx';
import { Tag } from '../../ui/tag.tsx';
import { useWords } from '../../ui/words.ts';
import './access.css';

const purposes = ['investigation', 'alert', 'request', 'appeal', 'audit', 'operation'] as const;
const keyOf = ({ number }: Read): string => String(number);

interface View {
  readonly who: string;
  readonly about: string;
  readonly purpose: (typeof purposes)[number] | undefined;
}

const readView = (raw: Readonly<Record<string, string>>): View => ({
  who: raw['who'] ?? '',
  about: raw['about'] ?? '',
  purpose: oneOf(raw['purpose'], purposes),
});

const pick = ({ reads }: ReadPage): readonly Read[] => reads;

/** Who read what about whom, and why. */
export function Screen(): ReactElement {
  const { t } = useWords('access');
  const { member } = useOfficer();
  const [view, change] = useView(readView);
  const list = useList<ReadPage, Read>('/v1/access/reads', pick, { query: { ...view, limit: 100 } });
  const columns = useColumns();
  const isFiltered = view.who !== '' || view.about !== '' || view.purpose !== undefined;
  return (
    <Page title={t('reads.title')} full acts={<Link to="/changes">{t('changes.open')}</Link>}>
      <p className="soft">{t('reads.text')}</p>
      <div className="filters" role="search">
        <SoughtField
          label={t('reads.who')}
          hint={t('reads.who.hint')}
          value={view.who}
          change={(who) => change({ who })}
        />
        <SoughtField
          label={t('reads.about')}
          hint={t('reads.about.hint')}
          value={view.about}
          change={(text) => void keyOfText(text, member).then((about) => change({ about }))}
        />
        <NativeSelect
          label={t('reads.purpose')}
          value={view.purpose ?? ''}
          onChange={({ currentTarget }) => change({ purpose: currentTarget.value })}
          data={[
            { value: '', label: t('reads.any') },
            ...purposes.map((purpose) => ({ value: purpose, label: t(`terms:purpose.${purpose}`) })),
          ]}
        />
        {isFiltered ? (
          <Button variant="subtle" onClick={() => change({ who: undefined, about: undefined, purpose: undefined })}>
            {t('clear')}
          </Button>
        ) : null}
      </div>
      <List
        label={t('reads.title')}
        list={list}
        columns={columns}
        keyOf={keyOf}
        height="calc(100vh - 15rem)"
        empty={{ title: t('reads.empty'), hint: t('reads.empty.hint') }}
      />
    </Page>
  );
}

function useColumns(): readonly Column<Read>[] {
  const { t } = useWords('access');
  const format = useFormat();
  return useMemo(
    () => [
      { name: 'at', title: t('at'), cell: ({ at }) => <Instant at={at} short /> },
      { name: 'who', title: t('reads.who'), cell: ({ actor }) => <Actor id={actor} /> },
      { name: 'office', title: t('officer.office'), wide: true, cell: ({ office }) => office ?? '–' },
      {
        name: 'purpose',
        title: t('reads.purpose'),
        cell: ({ purpose }) => (purpose === null ? '–' : <Tag>{t(`terms:purpose.${purpose}`)}</Tag>),
      },
      { name: 'what', title: t('reads.what'), cell: ({ what }) => t(`terms:read.${what}`) },
      { name: 'about', title: t('reads.about'), cell: ({ what, subject }) => <Subject what={what} of={subject} /> },
      { name: 'count', title: t('reads.count'), end: true, wide: true, cell: ({ count }) => format.number(count) },
    ],
    [t, format],
  );
}

const keyPattern = /^(account|phone|ip|domain|url|email|wallet|device|sim|handle|company|person):/;
const idPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** What is read by its number and has a page of its own. */
const withPage = ['request', 'trace', 'hold', 'appeal'];

function Subject({ what, of }: { what: string; of: string | null }): ReactElement {
  const { t } = useWords('access');
  if (of === null) return <span>–</span>;
  if (keyPattern.test(of)) return <Identifier of={of} />;
  if (!idPattern.test(of)) return <span title={of}>{t('reads.list')}</span>;
  return withPage.includes(what) ? <Identifier of={`${what}:${of}`} /> : <span className="mono soft">{of}</span>;
}
