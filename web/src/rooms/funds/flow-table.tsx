import { Fragment, type ReactElement } from 'react';
import { Instant } from '../../ui/clock.tsx';
import { useFormat } from '../../ui/format.ts';
import { Identifier } from '../../ui/identifier.tsx';
import { MemberName } from '../../ui/tag.tsx';
import { useWords } from '../../ui/words.ts';
import type { FlowGraph, FlowNode } from './flow-graph.ts';
import { StateSign, useCaption, useStateText } from './flow-words.tsx';

interface TableProps {
  readonly graph: FlowGraph;
  readonly place: string | undefined;
  readonly choose: (id: string) => void;
}

/** The flow as a table, a row a place in the order of steps and time: for the keyboard, a screen reader, and on paper. */
export function FlowTable({ graph, place, choose }: TableProps): ReactElement {
  const { t } = useWords('funds');
  const caption = useCaption();
  const nodes = graph.nodes.toSorted((a, b) => a.hop - b.hop || a.atMs - b.atMs);
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const payers = Map.groupBy(graph.edges, ({ to }) => to);
  const payersOf = (id: string): string =>
    [...new Set((payers.get(id) ?? []).map(({ from }) => caption(byId.get(from)!)))].slice(0, 3).join(', ');
  return (
    <div className="list flow-table">
      <table>
        <caption className="visually-hidden">{t('flow.table.label')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('flow.column.step')}</th>
            <th scope="col">{t('flow.column.at')}</th>
            <th scope="col">{t('flow.column.member')}</th>
            <th scope="col">{t('flow.column.account')}</th>
            <th scope="col">{t('flow.column.from')}</th>
            <th scope="col" className="end">
              {t('flow.column.reached')}
            </th>
            <th scope="col" className="end">
              {t('flow.column.stayed')}
            </th>
            <th scope="col">{t('flow.column.state')}</th>
          </tr>
        </thead>
        <tbody>
          {nodes.map((node) => (
            <Fragment key={node.id}>
              <Row
                node={node}
                currency={graph.currency}
                from={payersOf(node.id)}
                isChosen={node.id === place}
                choose={choose}
              />
            </Fragment>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row(props: {
  node: FlowNode;
  currency: string;
  from: string;
  isChosen: boolean;
  choose: (id: string) => void;
}): ReactElement {
  const { node, currency, from, isChosen, choose } = props;
  const format = useFormat();
  const caption = useCaption();
  const stateText = useStateText();
  const money = (value: bigint): string => format.money({ value: String(value), currency });
  return (
    <tr aria-selected={isChosen}>
      <td>
        <button type="button" className="link-button" aria-pressed={isChosen} onClick={() => choose(node.id)}>
          {node.hop}
        </button>
      </td>
      <td>
        <Instant at={new Date(node.atMs).toISOString()} />
      </td>
      <td>
        <MemberName code={node.member} />
      </td>
      <td>{node.key === null ? caption(node) : <Identifier of={node.key} />}</td>
      <td className="mono">{from}</td>
      <td className="end nowrap">{money(node.reached)}</td>
      <td className="end nowrap">{money(node.remains)}</td>
      <td>
        <StateSign state={node.state} /> {stateText(node)}
      </td>
    </tr>
  );
}
