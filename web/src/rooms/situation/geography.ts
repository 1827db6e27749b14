import { geoMercator, geoPath } from 'd3-geo';
import type { FeatureCollection, MultiPolygon, Polygon, Position } from 'geojson';

export type Point = readonly [x: number, y: number];
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** In the order from north to south, as they are read out. */
export const members = ['cn', 'mm', 'la', 'vn', 'th', 'kh'] as const;
export type Member = (typeof members)[number];

/** Where a member's sign stands, in degrees: somewhere inland, and no place. Money goes from sign to sign. */
const signs: Readonly<Record<Member, Point>> = {
  cn: [103.4, 26.2],
  kh: [104.7, 12.5],
  la: [102.7, 19.6],
  mm: [95.9, 20.9],
  th: [100.9, 15.5],
  vn: [108.2, 15],
};

/** What the map shows at first: the countries along the river. China goes on beyond it. */
const corners: readonly Point[] = [
  [92.4, 6.2],
  [110.6, 28.8],
];

/** The Mekong from Tibet to the sea, by a few points: a line to find one's way by. */
const mekong: readonly Point[] = [
  [94.7, 33.1],
  [96.3, 32.2],
  [97.2, 31.1],
  [98.6, 29.1],
  [98.9, 27.6],
  [99.2, 26.5],
  [99.4, 25.4],
  [100.4, 24.5],
  [100.3, 23.3],
  [100.8, 22],
  [101.1, 21.6],
  [100.1, 20.4],
  [100.5, 20.2],
  [101.1, 19.9],
  [102.1, 19.9],
  [101.8, 19],
  [101.4, 18.2],
  [101.7, 17.9],
  [102.6, 17.95],
  [103.6, 18.4],
  [104.3, 18],
  [104.8, 17.4],
  [104.75, 16.5],
  [105.5, 15.3],
  [105.8, 15.1],
  [105.9, 13.95],
  [106, 12.5],
  [105.5, 12],
  [104.9, 11.6],
  [105.2, 10.9],
  [105.9, 10.3],
  [106.7, 9.95],
];

export interface Outline {
  /** Undefined for a neighbour. */
  readonly member: Member | undefined;
  readonly path: string;
}

export interface Geography {
  readonly size: Size;
  readonly outlines: readonly Outline[];
  readonly river: string;
  readonly signs: Readonly<Record<Member, Point>>;
}

const isMember = (code: unknown): code is Member => members.some((member) => member === code);

/** The countries drawn for a window of this size. Whatever an operator put in place of our outlines is taken as it is. */
export function draw(boundaries: FeatureCollection, size: Size): Geography {
  const margin = 12;
  const projection = geoMercator().fitExtent(
    [
      [margin, margin],
      [Math.max(size.width - margin, margin + 1), Math.max(size.height - margin, margin + 1)],
    ],
    { type: 'MultiPoint', coordinates: corners.map(([x, y]) => [x, y]) },
  );
  const path = geoPath(projection).digits(1);
  const at = (place: Point): Point => {
    const [x, y] = projection([place[0], place[1]]) ?? [0, 0];
    return [x, y];
  };
  const outlines = boundaries.features.flatMap(({ geometry, properties }): Outline[] => {
    if (geometry.type !== 'Polygon' && geometry.type !== 'MultiPolygon') return [];
    const member: unknown = properties?.['member'];
    return [{ member: isMember(member) ? member : undefined, path: path(wound(geometry)) ?? '' }];
  });
  return {
    size,
    // Neighbours first: what is a member's lies above them.
    outlines: outlines.toSorted((a, b) => Number(a.member !== undefined) - Number(b.member !== undefined)),
    river: curve(mekong.map(at)),
    signs: Object.fromEntries(members.map((member) => [member, at(signs[member])])) as Record<Member, Point>,
  };
}

/** Bends at the middles between the points, and not at the points. */
function curve(points: readonly Point[]): string {
  const text = ([x, y]: Point): string => `${x.toFixed(1)},${y.toFixed(1)}`;
  const bends = points.slice(1, -1).map(([x, y], at): string => {
    const [nx, ny] = points[at + 2]!;
    return `Q${text([x, y])} ${text(at + 3 === points.length ? [nx, ny] : [(x + nx) / 2, (y + ny) / 2])}`;
  });
  return `M${text(points[0]!)} ${bends.join(' ')}`;
}

/** Outer rings clockwise, as d3 reads them: the other way round a small country is the whole globe without it. */
export function wound(geometry: Polygon | MultiPolygon): MultiPolygon {
  const polygons = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
  return {
    type: 'MultiPolygon',
    coordinates: polygons.map((rings) =>
      rings.map((ring, at) => (isClockwise(ring) === (at === 0) ? ring : ring.toReversed())),
    ),
  };
}

function isClockwise(ring: readonly Position[]): boolean {
  let twice = 0;
  ring.forEach(([x1 = 0, y1 = 0], at) => {
    const [x2 = 0, y2 = 0] = ring[(at + 1) % ring.length]!;
    twice += x1 * y2 - x2 * y1;
  });
  return twice < 0;
}

/** How far the map is moved and enlarged: a point of the drawing is shown at `x + scale * px`. */
export interface Sight {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

export const wholeSight: Sight = { x: 0, y: 0, scale: 1 };
const scales = { min: 0.7, max: 9 };

export const seen = ({ x, y, scale }: Sight, [px, py]: Point): Point => [x + scale * px, y + scale * py];

/** Enlarged by `factor` around a point of the window, which stays where it is. */
export function zoomed(sight: Sight, factor: number, [cx, cy]: Point): Sight {
  const scale = Math.min(scales.max, Math.max(scales.min, sight.scale * factor));
  const by = scale / sight.scale;
  return { scale, x: cx - by * (cx - sight.x), y: cy - by * (cy - sight.y) };
}

/** Never so far that nothing is left to see. */
export function moved(sight: Sight, dx: number, dy: number, { width, height }: Size): Sight {
  const within = (value: number, extent: number): number =>
    Math.min(extent * 0.8, Math.max(extent * 0.2 - extent * sight.scale, value));
  return { ...sight, x: within(sight.x + dx, width), y: within(sight.y + dy, height) };
}

/** A sight as a text of the URL, as shares of the window, so that it means the same on another screen; and back. */
export function sightText({ x, y, scale }: Sight, { width, height }: Size): string | undefined {
  if (scale === 1 && x === 0 && y === 0) return undefined;
  return [x / width, y / height, scale].map((value) => value.toFixed(3)).join(',');
}

export function readSight(text: string | undefined, { width, height }: Size): Sight {
  const [x = NaN, y = NaN, scale = NaN] = (text ?? '').split(',').map(Number);
  if (![x, y, scale].every(Number.isFinite)) return wholeSight;
  const sized = zoomed(wholeSight, scale, [0, 0]);
  return moved({ ...sized, x: x * width, y: y * height }, 0, 0, { width, height });
}

export interface Bow {
  readonly path: string;
  /** The arrow's head, as a path. */
  readonly head: string;
}

/** A bow from one sign to the other; what goes back bows to the other side. `rank` keeps several of one pair apart. */
export function bow(from: Point, to: Point, rank = 0): Bow {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const length = Math.hypot(dx, dy) || 1;
  const bend = length * 0.2 + rank * 14;
  const control: Point = [
    (from[0] + to[0] - (2 * dy * bend) / length) / 2,
    (from[1] + to[1] + (2 * dx * bend) / length) / 2,
  ];
  // Not from the very middle of a sign: its star would be hidden.
  const gap = Math.min(15, length / 5);
  const [begin, end] = [towards(from, control, gap), towards(to, control, gap)];
  const neck = towards(end, control, 9);
  const across: Point = [(end[1] - neck[1]) * 0.5, (neck[0] - end[0]) * 0.5];
  const text = (...points: readonly Point[]): string[] => points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`);
  const [start, bending, tip, narrow, left, right] = text(
    begin,
    control,
    end,
    neck,
    [neck[0] + across[0], neck[1] + across[1]],
    [neck[0] - across[0], neck[1] - across[1]],
  );
  return {
    path: `M${start} Q${bending} ${narrow}`,
    head: `M${tip} L${left} L${right} Z`,
  };
}

/** A point so far on the way from one to the other. */
function towards([x, y]: Point, [tx, ty]: Point, far: number): Point {
  const length = Math.hypot(tx - x, ty - y) || 1;
  return [x + ((tx - x) / length) * far, y + ((ty - y) / length) * far];
}
