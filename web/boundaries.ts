import type { Feature, FeatureCollection, Geometry, MultiPolygon, Polygon, Position } from 'geojson';

/** The six by the name that Natural Earth gives them, and their neighbours, which are drawn faintly for orientation. */
const members: Readonly<Record<string, string>> = {
  China: 'cn',
  Cambodia: 'kh',
  Laos: 'la',
  Myanmar: 'mm',
  Thailand: 'th',
  Vietnam: 'vn',
};
const neighbours = ['Bangladesh', 'India', 'Bhutan', 'Malaysia', 'Indonesia'];

/** What the map shows, in degrees: the river from Yunnan to the delta. China goes on beyond it. */
const extent = { west: 88, east: 124, south: 1, north: 36 };

/** Square degrees below which a piece of land is left out: outlines are for orientation, and small islands are disputed. */
const landMin = 0.04;

/** Land only, of the members and those around them, cut to what the map shows. No maritime line is drawn. */
export function boundariesOf(world: FeatureCollection): FeatureCollection {
  const features = world.features.flatMap((one): Feature[] => {
    const name = String(one.properties?.['name']);
    const member = members[name];
    if (member === undefined && !neighbours.includes(name)) return [];
    const land = landOf(one.geometry);
    return land.length === 0
      ? []
      : [
          {
            type: 'Feature',
            properties: member === undefined ? {} : { member },
            geometry: { type: 'MultiPolygon', coordinates: land },
          },
        ];
  });
  return { type: 'FeatureCollection', features };
}

function landOf(geometry: Geometry): MultiPolygon['coordinates'] {
  const polygons =
    geometry.type === 'Polygon'
      ? [(geometry satisfies Polygon).coordinates]
      : geometry.type === 'MultiPolygon'
        ? geometry.coordinates
        : [];
  return polygons.flatMap(([outer = []]) => {
    if (areaOf(outer) < landMin) return [];
    const ring = outer.map(([x = 0, y = 0]) => [Math.round(x * 100) / 100, Math.round(y * 100) / 100]);
    return ring.some(isInside) ? [[ring.filter((point, at) => at === 0 || !isSame(point, ring[at - 1]!))]] : [];
  });
}

const isInside = ([x = 0, y = 0]: Position): boolean =>
  x > extent.west && x < extent.east && y > extent.south && y < extent.north;

const isSame = (a: Position, b: Position): boolean => a[0] === b[0] && a[1] === b[1];

/** The shoelace formula, in square degrees. */
function areaOf(ring: readonly Position[]): number {
  let twice = 0;
  for (let at = 0; at + 1 < ring.length; at++) {
    const [[x1 = 0, y1 = 0] = [], [x2 = 0, y2 = 0] = []] = [ring[at], ring[at + 1]];
    twice += x1 * y2 - x2 * y1;
  }
  return Math.abs(twice) / 2;
}
