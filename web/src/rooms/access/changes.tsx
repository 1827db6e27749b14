import { Link } from '@tanstack/react-router';
import { useMemo, type ReactElement } from 'react';
import type { Change, ChangePage } from '../../../../server/src/access/contract.ts';
import { useList } from '../../link/lists.ts';
import { useMay } from '../../link/session.ts';
import { useView } from '../../link/view.ts';
import { Actor } from '../../ui/actor.tsx';
import { Instant } from '../../ui/clock.tsx';
import { Columns } from '../../ui/columns.tsx';
import { FactTree } from '../../ui/fact-tree.tsx';
import { List, type Column } from '../../ui/list.tsx';
import { Facts, Page, Panel } from '../../ui/page.tsx';
import { useWords } from '../../ui/words.ts';
import './access.css';

const keyOf = ({ number }: Change): string => String(number);
const pick = ({ changes }: ChangePage): readonly Change[] => changes;

/** Who changed what officers and institutions may do. */
export function Screen(): ReactElement {
  const { t } = useWords('access');
  const may = useMay();
  const [view, change] = useView((raw) => ({ at: raw['at'] }));
  const list = useList<ChangePage, Change>('/v1/access/changes', pick, { query: { limit: 100 } });
  const columns = useColumns();
  const chosen = list.items.find((one) => keyOf(one) === view.at);
  return (
    <Page title={t('changes.title')} acts={may('access.audit') ? <Link to="/reads">{t('reads.title')}</Link> : null}>
      <Columns
        main={
          <List
            label={t('changes.title')}
            list={list}
            columns={columns}
            keyOf={keyOf}
            selected={view.at}
            onSelect={(one) => change({ at: keyOf(one) })}
            height="calc(100vh - 9rem)"
            empty={{ title: t('changes.empty'), hint: t('changes.empty.hint') }}
          />
        }
        side={
          chosen === undefined ? (
            <Panel>
              <p className="soft">{t('changes.choose')}</p>
            </Panel>
          ) : (
            <Panel title={t(`terms:change.${chosen.what}`)}>
              <Facts
                facts={[
                  [t('at'), <Instant key="at" at={chosen.at} />],
                  [t('changes.by'), <Actor key="by" id={chosen.actor} />],
                  [t('changes.of'), chosen.subject],
                ]}
              />
              <h3>{t('changes.became')}</h3>
              {Object.keys(chosen.details).length === 0 ? (
                <p className="soft">{t('changes.nothing')}</p>
              ) : (
                <FactTree of={chosen.details} label={(name) => t(`detail.${name}`, { defaultValue: name })} />
              )}
            </Panel>
          )
        }
      />
    </Page>
  );
}

function useColumns(): readonly Column<Change>[] {
  const { t } = useWords('access');
  return useMemo(
    () => [
      { name: 'at', title: t('at'), cell: ({ at }) => <Instant at={at} short /> },
      { name: 'by', title: t('changes.by'), cell: ({ actor }) => <Actor id={actor} /> },
      { name: 'what', title: t('changes.what'), cell: ({ what }) => t(`terms:change.${what}`) },
      { name: 'of', title: t('changes.of'), cell: ({ subject }) => subject },
    ],
    [t],
  );
}
