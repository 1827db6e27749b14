import { useComputedColorScheme } from '@mantine/core';
import Graph from 'graphology'; // oxlint-disable-line import/no-named-as-default -- its types know no other name
import forceAtlas2 from 'graphology-layout-forceatlas2';
import { Sigma } from 'sigma';
import { useEffect, useRef, useState, type ReactElement } from 'react';
import { captionOf } from '../../ui/identifier.tsx';
import { useWords } from '../../ui/words.ts';
import { isCash, sharesOf, wayBack, type Neighbourhood } from './neighbourhood.ts';

interface GraphProps {
  readonly hood: Neighbourhood;
  readonly selected: string;
  readonly onSelect: (node: string) => void;
  readonly onExpand: (node: string) => void;
}

/** What a node and an edge look like; kept in the graph, drawn by sigma. */
interface Paints {
  readonly node: string;
  readonly root: string;
  readonly asked: string;
  readonly cash: string;
  readonly edge: string;
  readonly way: string;
  readonly ink: string;
}

function paintsOf(element: HTMLElement): Paints {
  const style = getComputedStyle(element);
  const of = (name: string): string => style.getPropertyValue(name).trim();
  return {
    node: of('--indigo'),
    root: of('--gold'),
    asked: of('--patina'),
    cash: of('--cinnabar'),
    edge: of('--strong-line'),
    way: of('--gold'),
    ink: of('--ink'),
  };
}

/** Brings a graph up to a neighbourhood: what is there keeps its place, what is new begins beside what it hangs on. */
function bringUp(graph: Graph, hood: Neighbourhood): boolean {
  let hasGrown = false;
  const around = [...hood.flows.values()];
  for (const [place, node] of [...hood.nodes].entries()) {
    if (graph.hasNode(node)) continue;
    hasGrown = true;
    const flow = around.find(
      ({ from, to }) => (from === node && graph.hasNode(to)) || (to === node && graph.hasNode(from)),
    );
    const beside = flow === undefined ? undefined : flow.from === node ? flow.to : flow.from;
    const centre =
      beside === undefined ? { x: 0, y: 0 } : (graph.getNodeAttributes(beside) as { x: number; y: number });
    // No chance: the same account is drawn alike each time.
    const angle = place * 2.399963;
    graph.addNode(node, { x: centre.x + Math.cos(angle), y: centre.y + Math.sin(angle), size: 6 });
  }
  for (const flow of around) {
    if (!graph.hasEdge(flow.id)) graph.addDirectedEdgeWithKey(flow.id, flow.from, flow.to, { size: 1 });
  }
  for (const [id, share] of sharesOf(around)) graph.setEdgeAttribute(id, 'size', 1 + 6 * Math.sqrt(share));
  return hasGrown;
}

function ringAround(
  context: CanvasRenderingContext2D,
  { x, y, size }: { x: number; y: number; size: number },
  colour: string,
): void {
  context.beginPath();
  context.arc(x, y, size + 3, 0, Math.PI * 2);
  context.strokeStyle = colour;
  context.lineWidth = 1.5;
  context.stroke();
}

/** Accounts and the money between them. One click selects, a double click asks for an account's own neighbours. */
export function NeighbourGraph(props: GraphProps): ReactElement {
  const scheme = useComputedColorScheme();
  // The colours are read when it is drawn; the same accounts are drawn in the same places.
  return <Drawn key={scheme} {...props} />;
}

function Drawn({ hood, selected, onSelect, onExpand }: GraphProps): ReactElement {
  const { t } = useWords('registry');
  const box = useRef<HTMLDivElement>(null);
  const graph = useRef<Graph>(undefined);
  const drawn = useRef<Sigma>(undefined);
  const acts = useRef({ onSelect, onExpand });
  const [isBroken, setBroken] = useState(false);
  useEffect(() => {
    acts.current = { onSelect, onExpand };
  });
  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    graph.current ??= new Graph({ type: 'directed', multi: true });
    const paints = paintsOf(element);
    try {
      const sigma = new Sigma(graph.current, element, {
        defaultEdgeType: 'arrow',
        labelColor: { color: paints.ink },
        labelSize: 11,
        labelFont: getComputedStyle(element).fontFamily,
        labelDensity: 0.6,
        labelRenderedSizeThreshold: 5,
        defaultEdgeColor: paints.edge,
        defaultNodeColor: paints.node,
        allowInvalidContainer: true,
        defaultDrawNodeHover: (context, node) => ringAround(context, node, paints.ink),
        zIndex: true,
      });
      sigma.on('clickNode', ({ node }) => acts.current.onSelect(node));
      sigma.on('doubleClickNode', ({ node, preventSigmaDefault }) => {
        preventSigmaDefault();
        acts.current.onExpand(node);
      });
      drawn.current = sigma;
    } catch {
      // A browser without WebGL: the table says the same.
      setBroken(true);
    }
    return () => {
      drawn.current?.kill();
      drawn.current = undefined;
    };
  }, []);
  useEffect(() => {
    const [net, sigma, element] = [graph.current, drawn.current, box.current];
    if (net === undefined || sigma === undefined || element === null) return;
    if (bringUp(net, hood)) {
      const settings = { ...forceAtlas2.inferSettings(net), adjustSizes: false, slowDown: 4 };
      forceAtlas2.assign(net, { iterations: net.order < 80 ? 220 : 120, settings });
    }
    const paints = paintsOf(element);
    const way = new Set(selected === hood.root ? [] : wayBack(hood, selected).map(({ id }) => id));
    const onWay = new Set([...way].flatMap((id) => [hood.flows.get(id)!.from, hood.flows.get(id)!.to]));
    sigma.setSetting('nodeReducer', (node, data) => {
      const isMain = node === selected || node === hood.root;
      const colour =
        node === hood.root
          ? paints.root
          : isCash(node)
            ? paints.cash
            : hood.asked.has(node)
              ? paints.asked
              : paints.node;
      return {
        ...data,
        color: colour,
        label: isCash(node) ? t('neighbours.cash.short') : captionOf(node),
        size: node === hood.root ? 11 : node === selected ? 9 : 6,
        highlighted: node === selected,
        forceLabel: isMain || onWay.has(node),
        zIndex: isMain ? 2 : 1,
      };
    });
    sigma.setSetting('edgeReducer', (edge, data) => ({
      ...data,
      color: way.has(edge) ? paints.way : paints.edge,
      zIndex: way.has(edge) ? 2 : 0,
    }));
    sigma.refresh();
  }, [hood, selected, t]);
  if (isBroken) return <p className="notice tone-ochre">{t('neighbours.no-graph')}</p>;
  return (
    <figure className="registry-graph">
      <div ref={box} aria-hidden />
      <figcaption className="soft">{t('neighbours.graph.how')}</figcaption>
    </figure>
  );
}
