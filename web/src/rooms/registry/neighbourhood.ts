import type { NeighbourList } from '../../../../server/src/funds/neighbour-contract.ts';

type Neighbour = NeighbourList['neighbours'][number];

/** Money that went from one account to another, all of it together. */
export interface Flow {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly count: number;
  readonly amounts: Neighbour['amounts'];
  readonly firstAt: string;
  readonly lastAt: string;
}

/** What is known around an account: accounts that were asked about, those beside them, and the flows between. */
export interface Neighbourhood {
  readonly root: string;
  readonly nodes: ReadonlySet<string>;
  readonly asked: ReadonlySet<string>;
  readonly flows: ReadonlyMap<string, Flow>;
  /** Neighbours that were left out, because there are more than can be looked at, or more than the server told. */
  readonly leftOut: number;
}

export const nodesMax = 200;
const cashMark = 'cash@';

export const isCash = (node: string): boolean => node.startsWith(cashMark);
/** At which account cash was paid in or out. */
export const cashOf = (node: string): string => node.slice(cashMark.length);

export function beginAt(root: string): Neighbourhood {
  return { root, nodes: new Set([root]), asked: new Set(), flows: new Map(), leftOut: 0 };
}

/** Adds what the server told of one account. Those with most money come first, so the rest is what is left out. */
export function joined(hood: Neighbourhood, list: NeighbourList): Neighbourhood {
  if (hood.asked.has(list.key)) return hood;
  const nodes = new Set(hood.nodes).add(list.key);
  const flows = new Map(hood.flows);
  let leftOut = Math.max(0, list.total - list.neighbours.length);
  for (const { key, direction, ...flow } of list.neighbours) {
    const other = key ?? `${cashMark}${list.key}`;
    if (!nodes.has(other) && nodes.size >= nodesMax) {
      leftOut += 1;
      continue;
    }
    nodes.add(other);
    const [from, to] = direction === 'out' ? [list.key, other] : [other, list.key];
    flows.set(`${from} ${to}`, { id: `${from} ${to}`, from, to, ...flow });
  }
  return { ...hood, nodes, flows, asked: new Set(hood.asked).add(list.key), leftOut: hood.leftOut + leftOut };
}

/** From a node to the root by the fewest flows, whichever way the money went; empty if there is none. */
export function wayBack({ root, flows }: Pick<Neighbourhood, 'root' | 'flows'>, from: string): Flow[] {
  const by = new Map<string, Flow | undefined>([[from, undefined]]);
  let edge = [from];
  while (edge.length > 0 && !by.has(root)) {
    const next: string[] = [];
    for (const flow of flows.values()) {
      for (const [here, there] of [
        [flow.from, flow.to],
        [flow.to, flow.from],
      ] as const) {
        if (!edge.includes(here) || by.has(there)) continue;
        by.set(there, flow);
        next.push(there);
      }
    }
    edge = next;
  }
  const way: Flow[] = [];
  for (let at = root; at !== from;) {
    const flow = by.get(at);
    if (flow === undefined) return [];
    way.unshift(flow);
    at = flow.from === at ? flow.to : flow.from;
  }
  return way;
}

/** How large each flow is beside the largest in its currency, from 0 to 1: amounts of two currencies are never compared. */
export function sharesOf(flows: Iterable<Flow>): ReadonlyMap<string, number> {
  const all = [...flows];
  const largest = new Map<string, number>();
  for (const { amounts } of all) {
    for (const { value, currency } of amounts)
      largest.set(currency, Math.max(largest.get(currency) ?? 0, Number(value)));
  }
  return new Map(
    all.map(({ id, amounts }) => [
      id,
      Math.max(0, ...amounts.map(({ value, currency }) => Number(value) / Math.max(1, largest.get(currency) ?? 1))),
    ]),
  );
}
