import { Button } from '@mantine/core';
import type { ReactElement } from 'react';
import type { ImportReport } from '../../../../server/src/registry/contract.ts';
import { useList } from '../../link/lists.ts';
import { useMay } from '../../link/session.ts';
import { useGo, useView } from '../../link/view.ts';
import { Instant } from '../../ui/clock.tsx';
import { useFormat } from '../../ui/format.ts';
import { List, type Column } from '../../ui/list.tsx';
import type { Tone } from '../../ui/mark.tsx';
import { Page } from '../../ui/page.tsx';
import { Tag } from '../../ui/tag.tsx';
import { useWords } from '../../ui/words.ts';
import './registry.css';

const importsOf = (page: { imports: ImportReport[]; next?: string }): readonly ImportReport[] => page.imports;
const tones: Readonly<Record<ImportReport['state'], Tone>> = { open: 'ochre', finished: 'patina', undone: 'cinnabar' };

/** Imports, the newest first, with what became of their rows. */
export function Screen(): ReactElement {
  const { t } = useWords('registry');
  const may = useMay();
  const go = useGo();
  const [{ selected }, change] = useView((raw) => ({ selected: raw['selected'] }));
  const list = useList('/v1/registry/imports', importsOf, { refetchMs: 10_000 });
  const columns = useColumns();
  return (
    <Page
      title={t('imports.title')}
      full
      acts={may('registry.list') ? <Button onClick={() => go('/imports/new')}>{t('import.title')}</Button> : null}
    >
      <List
        label={t('imports.title')}
        list={list}
        columns={columns}
        keyOf={({ id }) => id}
        empty={{ title: t('imports.none'), hint: t('imports.none.hint') }}
        selected={selected}
        onSelect={({ id }) => change({ selected: id })}
        onOpen={({ id }) => go(`/imports/${id}`)}
      />
    </Page>
  );
}

function useColumns(): readonly Column<ImportReport>[] {
  const { t } = useWords('registry');
  const format = useFormat();
  const number = (name: 'items' | 'taken' | 'known' | 'refused', wide = false): Column<ImportReport> => ({
    name,
    title: t(`import.${name}`),
    end: true,
    wide,
    cell: (one) => format.number(one[name]),
  });
  return [
    { name: 'source', title: t('import.source'), cell: ({ source }) => source },
    {
      name: 'state',
      title: t('import.state'),
      cell: ({ state }) => <Tag tone={tones[state]}>{t(`terms:importState.${state}`)}</Tag>,
    },
    number('items'),
    number('taken', true),
    number('known', true),
    number('refused'),
    { name: 'started', title: t('import.started'), cell: ({ startedAt }) => <Instant at={startedAt} short /> },
  ];
}
