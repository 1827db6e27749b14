import { Button, CloseButton } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { useSession } from '../../link/session.ts';
import { Countdown, Instant } from '../../ui/clock.tsx';
import { useFormat } from '../../ui/format.ts';
import { Identifier } from '../../ui/identifier.tsx';
import { Facts } from '../../ui/page.tsx';
import { MemberName } from '../../ui/tag.tsx';
import { useSaid, useWords } from '../../ui/words.ts';
import type { FlowEdge, FlowGraph, FlowNode } from './flow-graph.ts';
import { StateSign, useCaption, useStateText } from './flow-words.tsx';

interface SideProps {
  readonly node: FlowNode;
  readonly graph: FlowGraph;
  readonly self: string;
  readonly choose: (id: string) => void;
  readonly hold?: ((hold: string) => void) | undefined;
  readonly close: () => void;
}

/** Everything about the place that was chosen, and what can be done there. */
export function FlowSide({ node, graph, self, choose, hold, close }: SideProps): ReactElement {
  const { t } = useWords('funds');
  const said = useSaid();
  const format = useFormat();
  const caption = useCaption();
  const stateText = useStateText();
  const isOfficer = useSession().kind === 'officer';
  const money = (value: bigint): string => format.money({ value: String(value), currency: graph.currency });
  const { key, member, hop, atMs, reached, remains, end } = node;
  const held = node.hold;
  const proposed = held?.state === 'proposed' && member === self ? held.id : undefined;
  return (
    <aside className="flow-side" aria-label={t('flow.side')}>
      <div className="flow-side-head">
        <h3>{key === null ? caption(node) : <Identifier of={key} plain={!isOfficer} />}</h3>
        <CloseButton size="sm" aria-label={t('flow.side.close')} onClick={close} />
      </div>
      <p className="flow-side-state">
        <StateSign state={node.state} /> {stateText(node)}
      </p>
      <Facts
        facts={[
          [t('flow.fact.member'), <MemberName key="member" code={member} />],
          [t('flow.fact.institution'), held?.institution],
          [t('flow.fact.step'), hop === 0 ? undefined : format.number(hop)],
          [t('flow.fact.at'), <Instant key="at" at={new Date(atMs).toISOString()} />],
          [t(end === 'origin' ? 'flow.fact.left' : 'flow.fact.reached'), money(reached)],
          [t('flow.fact.stayed'), end === 'origin' ? undefined : money(remains)],
          [t('flow.fact.known'), end === 'origin' ? undefined : said('placeEnds', end)],
          [t('flow.fact.hold'), held === undefined ? undefined : <HoldWord key="hold" node={node} />],
          [t('flow.fact.held'), held === undefined ? undefined : format.money(held.amount)],
          [t('flow.fact.until'), held?.until === undefined ? undefined : <Countdown key="until" until={held.until} />],
          [t('flow.fact.refusal'), held?.refusal === undefined ? undefined : said('orderRefusals', held.refusal)],
        ]}
      />
      {proposed === undefined || hold === undefined ? null : (
        <Button onClick={() => hold(proposed)}>{t('flow.hold-this')}</Button>
      )}
      <Ways
        title={t('flow.came-from')}
        edges={graph.edges.filter(({ to }) => to === node.id)}
        end="from"
        {...{ graph, choose }}
      />
      <Ways
        title={t('flow.went-to')}
        edges={graph.edges.filter(({ from }) => from === node.id)}
        end="to"
        {...{ graph, choose }}
      />
    </aside>
  );
}

function HoldWord({ node: { hold } }: { node: FlowNode }): ReactElement {
  const said = useSaid();
  const text = said('holdStates', hold!.state);
  return hold!.id === undefined ? <span>{text}</span> : <Link to={`/holds/${hold!.id}`}>{text}</Link>;
}

const waysMax = 30;

function Ways(props: {
  title: string;
  edges: readonly FlowEdge[];
  end: 'from' | 'to';
  graph: FlowGraph;
  choose: (id: string) => void;
}): ReactElement | null {
  const { title, edges, end, graph, choose } = props;
  const { t } = useWords('funds');
  const format = useFormat();
  const caption = useCaption();
  const largest = edges.toSorted((a, b) => Number(b.amount - a.amount)).slice(0, waysMax);
  if (largest.length === 0) return null;
  return (
    <section className="flow-ways">
      <h4>{title}</h4>
      <ul>
        {largest.map((edge) => {
          const other = graph.nodes.find(({ id }) => id === edge[end]);
          if (other === undefined) return null;
          return (
            <li key={`${edge.from}>${edge.to}@${edge.atMs}>${edge.amount}`}>
              <button type="button" className="link-button mono" onClick={() => choose(other.id)}>
                {caption(other)}
              </button>
              <span className="nowrap">{format.money({ value: String(edge.amount), currency: graph.currency })}</span>
              <span className="faint">
                <Instant at={new Date(edge.atMs).toISOString()} short />
              </span>
            </li>
          );
        })}
      </ul>
      {edges.length > waysMax ? (
        <p className="faint">{t('flow.ways.more', { count: edges.length - waysMax })}</p>
      ) : null}
    </section>
  );
}
