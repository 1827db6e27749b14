import type { FlowGraph, FlowNode } from './flow-graph.ts';

/** Something drawn at one spot: a place, or the small ones of one country and step together. */
export interface FlowBox {
  readonly id: string;
  readonly member: string;
  readonly hop: number;
  readonly nodes: readonly FlowNode[];
  readonly reached: bigint;
  readonly atMs: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface FlowRibbon {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly amount: bigint;
  readonly payments: number;
  readonly firstMs: number;
  readonly lastMs: number;
  readonly width: number;
  /** Of an SVG path: its middle line. */
  readonly path: string;
}

export interface FlowLane {
  readonly member: string;
  readonly y: number;
  readonly height: number;
}

export interface FlowColumn {
  readonly hop: number;
  readonly x: number;
  readonly firstMs: number;
  readonly lastMs: number;
}

export interface FlowLayout {
  readonly width: number;
  readonly height: number;
  readonly lanes: readonly FlowLane[];
  readonly columns: readonly FlowColumn[];
  readonly boxes: readonly FlowBox[];
  readonly ribbons: readonly FlowRibbon[];
}

const boxWidth = 168;
const boxHeightMin = 46;
const columnGap = 76;
const boxGap = 10;
const lanePad = 12;
export const gutter = 104;
const headHeight = 34;
/** So high is the ribbon of the whole theft. */
const wholeHeight = 84;
const ribbonMin = 1.5;

/** So many places are drawn one by one; beyond that, the small ones of a country and step are drawn as one. */
const singlesMax = 36;
const groupMin = 3;
/** Small is less than such a part of the theft. Steps, so that a single payment more rarely changes what is small. */
const smallShares = [0, 0.0025, 0.005, 0.01, 0.02, 0.04, 0.08, 0.16] as const;

type Cell = Pick<FlowBox, 'id' | 'member' | 'hop' | 'nodes' | 'reached' | 'atMs'>;

const cellOf = ({ member, hop }: Pick<FlowNode, 'member' | 'hop'>): string => `${member}.${hop}`;

/**
 * Lays the flow out: a column for each step from left to right, a lane for each country, in each cell the earliest arrival on top. What comes
 * later is put below what is there, so that the picture grows and does not jump.
 */
export function layoutOf(graph: FlowGraph, expanded: ReadonlySet<string>): FlowLayout {
  const cells = cellsOf(graph, expanded);
  const total = graph.nodes.reduce((sum, { hop, reached }) => (hop === 0 ? sum + reached : sum), 0n);
  const scale = wholeHeight / Math.max(1, Number(total));
  const hops = [...new Set(cells.map(({ hop }) => hop))].sort((a, b) => a - b);
  const xOf = new Map(hops.map((hop, at) => [hop, gutter + at * (boxWidth + columnGap)]));
  const flows = flowsOf(graph, cells, scale);

  const lanes: FlowLane[] = [];
  const boxes: FlowBox[] = [];
  let y = headHeight;
  for (const [member, inLane] of lanesOf(cells)) {
    let below = y + lanePad + boxHeightMin;
    for (const column of Map.groupBy(inLane, ({ hop }) => hop).values()) {
      let top = y + lanePad;
      for (const cell of column) {
        const height = Math.max(boxHeightMin, 8 + (flows.through.get(cell.id) ?? 0), Number(cell.reached) * scale);
        boxes.push({ ...cell, x: xOf.get(cell.hop)!, y: top, width: boxWidth, height });
        top += height + boxGap;
      }
      below = Math.max(below, top - boxGap);
    }
    lanes.push({ member, y, height: below + lanePad - y });
    y = below + lanePad;
  }
  return {
    width: gutter + hops.length * (boxWidth + columnGap) - columnGap + 16,
    height: y,
    lanes,
    columns: hops.map((hop) => {
      const times = cells.filter((cell) => cell.hop === hop).flatMap(({ nodes }) => nodes.map(({ atMs }) => atMs));
      return { hop, x: xOf.get(hop)!, firstMs: Math.min(...times), lastMs: Math.max(...times) };
    }),
    boxes,
    ribbons: drawn(flows.ways, new Map(boxes.map((box) => [box.id, box]))),
  };
}

/** Which places are drawn alone and which together. */
function cellsOf({ nodes }: FlowGraph, expanded: ReadonlySet<string>): Cell[] {
  const total = nodes.reduce((sum, { hop, reached }) => (hop === 0 ? sum + reached : sum), 0n);
  const shares = nodes.map(({ reached }) => (total === 0n ? 1 : Number(reached) / Number(total)));
  const small =
    smallShares.find((least) => shares.filter((share) => share >= least).length <= singlesMax) ?? smallShares.at(-1)!;
  const ordered = nodes
    .map((node, at) => ({ node, isSmall: shares[at]! < small }))
    .sort((a, b) => a.node.atMs - b.node.atMs || (a.node.id < b.node.id ? -1 : 1));
  return [...Map.groupBy(ordered, ({ node }) => cellOf(node))].flatMap(([cell, here]) => {
    const together = here.filter(({ isSmall }) => isSmall).map(({ node }) => node);
    const isGroup = together.length >= groupMin && !expanded.has(cell);
    const alone = here.filter(({ isSmall }) => !isGroup || !isSmall).map(({ node }) => singleOf(node));
    return isGroup ? [...alone, groupOf(cell, together)] : alone;
  });
}

const singleOf = (node: FlowNode): Cell => ({
  id: node.id,
  member: node.member,
  hop: node.hop,
  nodes: [node],
  reached: node.reached,
  atMs: node.atMs,
});

const groupOf = (cell: string, nodes: readonly FlowNode[]): Cell => ({
  id: `group:${cell}`,
  member: nodes[0]!.member,
  hop: nodes[0]!.hop,
  nodes,
  reached: nodes.reduce((sum, { reached }) => sum + reached, 0n),
  atMs: nodes[0]!.atMs,
});

/** Lanes in the order in which the money came to each country. */
function lanesOf(cells: readonly Cell[]): readonly (readonly [string, readonly Cell[]])[] {
  const firstOf = (some: readonly Cell[]): number => Math.min(...some.map(({ hop, atMs }) => (hop === 0 ? 0 : atMs)));
  return [...Map.groupBy(cells, ({ member }) => member)].sort(([, a], [, b]) => firstOf(a) - firstOf(b));
}

type Way = Omit<FlowRibbon, 'path'>;

function flowsOf({ edges }: FlowGraph, cells: readonly Cell[], scale: number) {
  const boxOf = new Map(cells.flatMap(({ id, nodes }) => nodes.map((node) => [node.id, id] as const)));
  const between = Map.groupBy(
    edges.filter(({ from, to }) => boxOf.has(from) && boxOf.has(to)),
    ({ from, to }) => `${boxOf.get(from)!}>${boxOf.get(to)!}`,
  );
  const ways = [...between].map(([id, some]): Way => {
    const amount = some.reduce((sum, edge) => sum + edge.amount, 0n);
    const times = some.map(({ atMs }) => atMs);
    return {
      id,
      from: boxOf.get(some[0]!.from)!,
      to: boxOf.get(some[0]!.to)!,
      amount,
      payments: some.length,
      firstMs: Math.min(...times),
      lastMs: Math.max(...times),
      width: Math.max(ribbonMin, Number(amount) * scale),
    };
  });
  const through = new Map<string, number>();
  const sums = (end: 'from' | 'to'): void => {
    for (const [box, some] of Map.groupBy(ways, (way) => way[end]))
      through.set(box, Math.max(through.get(box) ?? 0, sumOf(some)));
  };
  sums('from');
  sums('to');
  return { ways, through };
}

const sumOf = (ways: readonly Pick<Way, 'width'>[]): number => ways.reduce((sum, { width }) => sum + width, 0);

/** Ribbons leave and enter a box one below the other, those to and from above on top, so that few cross. */
function drawn(ways: readonly Way[], boxes: ReadonlyMap<string, FlowBox>): FlowRibbon[] {
  const spots = (mine: 'from' | 'to', other: 'from' | 'to'): ReadonlyMap<string, number> => {
    const found = new Map<string, number>();
    for (const [id, some] of Map.groupBy(ways, (way) => way[mine])) {
      const box = boxes.get(id)!;
      let y = box.y + (box.height - sumOf(some)) / 2;
      for (const way of some.toSorted((a, b) => boxes.get(a[other])!.y - boxes.get(b[other])!.y)) {
        found.set(way.id, y + way.width / 2);
        y += way.width;
      }
    }
    return found;
  };
  const leaving = spots('from', 'to');
  const entering = spots('to', 'from');
  return ways.map((way) => {
    const [x1, y1] = [boxes.get(way.from)!.x + boxWidth, leaving.get(way.id)!];
    const [x2, y2] = [boxes.get(way.to)!.x, entering.get(way.id)!];
    const bend = Math.max(columnGap / 2, Math.abs(x2 - x1) / 2.2);
    const path = [
      `M${at(x1)} ${at(y1)}`,
      `C${at(x1 + bend)} ${at(y1)}`,
      `${at(x2 - bend)} ${at(y2)}`,
      `${at(x2)} ${at(y2)}`,
    ];
    return { ...way, path: path.join(' ') };
  });
}

const at = (value: number): string => value.toFixed(1);
