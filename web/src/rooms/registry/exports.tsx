import { NativeSelect } from '@mantine/core';
import type { ReactElement } from 'react';
import type { Export, ExportPage } from '../../../../server/src/registry/contract.ts';
import { useList } from '../../link/lists.ts';
import { oneOf, useView } from '../../link/view.ts';
import { Actor } from '../../ui/actor.tsx';
import { useBookText } from '../../ui/book.tsx';
import { Countdown, Instant } from '../../ui/clock.tsx';
import { Identifier, splitKey } from '../../ui/identifier.tsx';
import { List, type Column } from '../../ui/list.tsx';
import type { Tone } from '../../ui/mark.tsx';
import { Page } from '../../ui/page.tsx';
import { Tag } from '../../ui/tag.tsx';
import { useWords } from '../../ui/words.ts';
import { useCodeText } from './codes.ts';
import { ApprovalLink } from './outcome.tsx';
import './registry.css';

const states = ['proposed', 'approved', 'rejected', 'lapsed', 'withdrawn', 'withheld'] as const;
const tones: Readonly<Record<Export['state'], Tone>> = {
  proposed: 'ochre',
  approved: 'patina',
  rejected: 'cinnabar',
  lapsed: 'stone',
  withdrawn: 'stone',
  withheld: 'ochre',
};
const exportsOf = (page: ExportPage): readonly Export[] => page.exports;

/** What waits for approval to leave the country, and what became of it. */
export function Screen(): ReactElement {
  const { t } = useWords('registry');
  const [{ state }, change] = useView((raw) => ({ state: oneOf(raw['state'], states) }));
  const list = useList('/v1/registry/exports', exportsOf, {
    query: state === undefined ? {} : { state },
    purpose: 'investigation',
    refetchMs: 15_000,
  });
  const columns = useColumns();
  return (
    <Page title={t('exports.title')} full>
      <div className="registry-column">
        <p className="soft">{t('exports.what')}</p>
        <div className="filters">
          <NativeSelect
            label={t('exports.state')}
            value={state ?? ''}
            onChange={(event) => change({ state: event.currentTarget.value })}
            data={[
              { value: '', label: t('listings.any') },
              ...states.map((one) => ({ value: one, label: t(`terms:exportState.${one}`) })),
            ]}
          />
        </div>
        <List
          label={t('exports.title')}
          list={list}
          columns={columns}
          keyOf={({ id }) => id}
          empty={{ title: t('exports.none'), hint: t('exports.none.hint') }}
          marksNew
        />
      </div>
    </Page>
  );
}

function useColumns(): readonly Column<Export>[] {
  const { t } = useWords('registry');
  const bookText = useBookText();
  const codeText = useCodeText();
  return [
    {
      name: 'subject',
      title: t('exports.subject'),
      cell: ({ subject }) =>
        splitKey(subject).type === 'import' ? (
          t('exports.import', { source: splitKey(subject).value })
        ) : (
          <Identifier of={subject} />
        ),
    },
    { name: 'book', title: t('exports.to'), cell: ({ book }) => bookText(book) },
    {
      name: 'state',
      title: t('exports.state'),
      cell: ({ id, state, why }) => (
        <>
          <Tag tone={tones[state]}>{t(`terms:exportState.${state}`)}</Tag>{' '}
          {state === 'proposed' ? <ApprovalLink id={id} /> : null}
          {why === undefined ? null : <span className="soft">{codeText(why)}</span>}
        </>
      ),
    },
    {
      name: 'due',
      title: t('exports.due'),
      cell: ({ state, decideBy, proposedAt }) =>
        state === 'proposed' && decideBy !== undefined ? <Countdown until={decideBy} from={proposedAt} /> : null,
    },
    {
      name: 'proposed',
      title: t('exports.proposed'),
      wide: true,
      cell: ({ proposedBy, proposedAt }) => (
        <>
          <Instant at={proposedAt} short /> <Actor id={proposedBy} />
        </>
      ),
    },
    {
      name: 'decided',
      title: t('exports.decided'),
      wide: true,
      cell: ({ decidedBy, decidedAt }) => (
        <>
          {decidedAt === undefined ? null : <Instant at={decidedAt} short />}{' '}
          {decidedBy === undefined ? null : <Actor id={decidedBy} />}
        </>
      ),
    },
  ];
}
