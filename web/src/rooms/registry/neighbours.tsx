import { Button, SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useMemo, useState, type ReactElement } from 'react';
import type { NeighbourList } from '../../../../server/src/funds/neighbour-contract.ts';
import { get } from '../../link/call.ts';
import { useMay } from '../../link/session.ts';
import { oneOf, useView } from '../../link/view.ts';
import { wholeList } from '../../link/whole-list.ts';
import { useAct } from '../../ui/act.tsx';
import { Instant } from '../../ui/clock.tsx';
import { useFormat } from '../../ui/format.ts';
import { captionOf, Identifier, pathOf, splitKey } from '../../ui/identifier.tsx';
import { List, type Column } from '../../ui/list.tsx';
import { Panel } from '../../ui/page.tsx';
import { Empty, Loading, Shown } from '../../ui/states.tsx';
import { Tag } from '../../ui/tag.tsx';
import { useWords } from '../../ui/words.ts';
import { beginAt, cashOf, isCash, joined, nodesMax, wayBack, type Flow, type Neighbourhood } from './neighbourhood.ts';

const Graph = lazy(async () => ({ default: (await import('./neighbour-graph.tsx')).NeighbourGraph }));

const ask = (key: string, signal?: AbortSignal): Promise<NeighbourList> =>
  get<NeighbourList>(`/v1/funds/neighbours/${encodeURIComponent(key)}`, { purpose: 'investigation', signal });

/** What stands beside an identifier: for accounts those that it paid and that paid it, else what it stands on. */
export function Neighbours({ of, hasMoney }: { of: string; hasMoney: boolean }): ReactElement {
  const may = useMay();
  return hasMoney && may('funds.read') ? <MoneyNeighbours of={of} /> : <Related of={of} />;
}

function Related({ of }: { of: string }): ReactElement {
  const { t } = useWords('registry');
  const related = useQuery({
    queryKey: ['stands-on', of],
    queryFn: async () => (await import('./reading.ts')).standsOn(of),
    staleTime: Infinity,
  });
  return (
    <Shown query={related}>
      {(keys) =>
        keys.length === 0 ? (
          <Empty title={t('neighbours.unknown')}>{t('neighbours.unknown.hint')}</Empty>
        ) : (
          <Panel title={t('neighbours.related')}>
            <ul>
              {keys.map((key) => (
                <li key={key}>
                  <span className="soft">{t(`terms:identifierType.${splitKey(key).type}`)}</span>{' '}
                  <Identifier of={key} />
                </li>
              ))}
            </ul>
          </Panel>
        )
      }
    </Shown>
  );
}

function MoneyNeighbours({ of }: { of: string }): ReactElement {
  const { t } = useWords('registry');
  const first = useQuery({
    queryKey: ['/v1/funds/neighbours', of],
    queryFn: ({ signal }) => ask(of, signal),
  });
  return (
    <Shown query={first}>
      {(list) =>
        list.neighbours.length === 0 ? (
          <Empty title={t('neighbours.none')}>{t('neighbours.none.hint')}</Empty>
        ) : (
          <Explorer first={list} query={first} />
        )
      }
    </Shown>
  );
}

type Query = Parameters<typeof wholeList>[0];

function Explorer({ first, query }: { first: NeighbourList; query: Query }): ReactElement {
  const { t } = useWords('registry');
  const [lists, setLists] = useState<readonly NeighbourList[]>([]);
  const [{ node, show }, change] = useView((raw) => ({
    node: raw['node'],
    show: oneOf(raw['show'], ['both', 'graph', 'table'] as const) ?? 'both',
  }));
  const hood = useMemo(() => [first, ...lists].reduce(joined, beginAt(first.key)), [first, lists]);
  const selected = node !== undefined && hood.nodes.has(node) ? node : hood.root;
  const expanding = useAct<string, NeighbourList>({
    act: (key) => ask(key),
    after: (list) => setLists((before) => [...before, list]),
  });
  const select = (next: string): void => change({ node: next === hood.root ? undefined : next });
  const expand = (key: string): void => {
    if (!hood.asked.has(key) && !isCash(key) && !expanding.isPending) expanding.mutate(key);
  };
  const asked = [first, ...lists];
  return (
    <>
      <div className="registry-bar">
        <SegmentedControl
          value={show}
          onChange={(next) => change({ show: next === 'both' ? undefined : next })}
          data={(['both', 'graph', 'table'] as const).map((one) => ({
            value: one,
            label: t(`neighbours.show.${one}`),
          }))}
          aria-label={t('neighbours.show')}
        />
        <span className="soft">
          {t('neighbours.shown', { count: hood.nodes.size, most: nodesMax })}{' '}
          {hood.leftOut > 0 ? t('neighbours.left-out', { count: hood.leftOut }) : null}{' '}
          {asked.every(({ complete }) => complete) ? null : t('neighbours.incomplete')}
        </span>
      </div>
      <div className={`registry-hood show-${show}`}>
        {show === 'table' ? null : (
          <Suspense fallback={<Loading />}>
            <Graph hood={hood} selected={selected} onSelect={select} onExpand={expand} />
          </Suspense>
        )}
        <div className="registry-hood-side">
          <NodePanel hood={hood} node={selected} expand={expand} isExpanding={expanding.isPending} />
          {show === 'graph' ? null : <FlowTable hood={hood} query={query} selected={selected} onSelect={select} />}
        </div>
      </div>
    </>
  );
}

/** What a node is called: an account, or cash at one. */
function useNodeText(): (node: string) => string {
  const { t } = useWords('registry');
  return (node) => (isCash(node) ? t('neighbours.cash', { account: captionOf(cashOf(node)) }) : captionOf(node));
}

function NodePanel(props: {
  hood: Neighbourhood;
  node: string;
  expand: (key: string) => void;
  isExpanding: boolean;
}): ReactElement {
  const { hood, node, expand, isExpanding } = props;
  const { t } = useWords('registry');
  const nodeText = useNodeText();
  const format = useFormat();
  const path = isCash(node) ? undefined : pathOf(node);
  const way = node === hood.root ? [] : wayBack(hood, node);
  return (
    <Panel title={<span className="mono">{nodeText(node)}</span>}>
      <div className="registry-bar">
        {path === undefined || node === hood.root ? null : <Link to={path}>{t('neighbours.open')}</Link>}
        {isCash(node) || hood.asked.has(node) ? null : (
          <Button variant="default" size="compact-xs" loading={isExpanding} onClick={() => expand(node)}>
            {t('neighbours.expand')}
          </Button>
        )}
        {hood.asked.has(node) && node !== hood.root ? <span className="soft">{t('neighbours.expanded')}</span> : null}
      </div>
      {way.length === 0 ? (
        node === hood.root ? (
          <p className="soft">{t('neighbours.root')}</p>
        ) : null
      ) : (
        <>
          <h3>{t('neighbours.way', { count: way.length })}</h3>
          <ol className="registry-way">
            {way.map((flow) => (
              <li key={flow.id}>
                <span className="mono">{nodeText(flow.from)}</span> → <span className="mono">{nodeText(flow.to)}</span>{' '}
                <span className="soft">{flow.amounts.map((one) => format.money(one)).join(' · ')}</span>
              </li>
            ))}
          </ol>
        </>
      )}
    </Panel>
  );
}

/** The same as the graph in rows: for the keyboard, for who cannot see it, and to read amounts. */
function FlowTable({
  hood,
  query,
  selected,
  onSelect,
}: {
  hood: Neighbourhood;
  query: Query;
  selected: string;
  onSelect: (node: string) => void;
}): ReactElement {
  const { t } = useWords('registry');
  const flows = [...hood.flows.values()];
  const other = (flow: Flow): string => (flow.to === selected ? flow.from : flow.to);
  const columns = useFlowColumns(hood.root);
  const touching = flows.find((flow) => flow.from === selected || flow.to === selected);
  return (
    <List
      label={t('neighbours.table')}
      list={wholeList(query, flows)}
      columns={columns}
      keyOf={(flow) => flow.id}
      empty={{ title: t('neighbours.none') }}
      selected={selected === hood.root ? undefined : touching?.id}
      onSelect={(flow) => onSelect(other(flow))}
      height="28rem"
    />
  );
}

function useFlowColumns(root: string): readonly Column<Flow>[] {
  const { t } = useWords('registry');
  const format = useFormat();
  const nodeText = useNodeText();
  return [
    {
      name: 'flow',
      title: t('neighbours.account'),
      cell: ({ from, to }) =>
        from === root || to === root ? (
          <span className="registry-flow">
            <Tag tone={to === root ? 'patina' : 'ochre'}>{t(`money.direction.${to === root ? 'in' : 'out'}`)}</Tag>
            <span className="mono">{nodeText(to === root ? from : to)}</span>
          </span>
        ) : (
          <span className="registry-flow">
            <span className="mono">{nodeText(from)}</span>
            <span>{t('neighbours.to')}</span>
            <span className="mono">{nodeText(to)}</span>
          </span>
        ),
    },
    {
      name: 'amount',
      title: t('neighbours.amount'),
      end: true,
      cell: (flow) => flow.amounts.map((one) => <div key={one.currency}>{format.money(one)}</div>),
    },
    { name: 'count', title: t('neighbours.count'), end: true, cell: (flow) => format.number(flow.count) },
    { name: 'last', title: t('neighbours.last'), wide: true, cell: (flow) => <Instant at={flow.lastAt} short /> },
  ];
}
