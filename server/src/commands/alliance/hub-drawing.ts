import { escaped } from './markup.ts';
import type { StoryView } from './story-desk.ts';

const turn = Math.PI * 2;

/** A point on a circle, by its share of a turn, beginning at the top. */
function point(radius: number, share: number): readonly [x: string, y: string] {
  const angle = share * turn - turn / 4;
  return [(radius * Math.cos(angle)).toFixed(2), (radius * Math.sin(angle)).toFixed(2)];
}

const at = (radius: number, share: number): string => point(radius, share).join(',');

const around = (count: number, draw: (place: number) => string): string =>
  Array.from({ length: count }, (_, place) => draw(place)).join('');

const rays = 14;
const star = (outer: number, inner: number): string =>
  `<polygon class="solid" points="${around(rays * 2, (place) => `${at(place % 2 === 0 ? outer : inner, place / (rays * 2))} `).trim()}"/>`;

const rings = (...radii: readonly number[]): string => radii.map((radius) => `<circle r="${radius}"/>`).join('');

/** The face of a drum as on those that were dug up: star, rings, tangent circles, teeth and waves. */
function face(): string {
  const circles = around(28, (place) => {
    const [x, y] = point(50, place / 28);
    return `<circle cx="${x}" cy="${y}" r="5.4"/><circle class="solid" cx="${x}" cy="${y}" r="1.4"/>`;
  });
  const teeth = around(56, (place) => {
    const share = place / 56;
    return `<path class="solid" d="M${at(64, share - 0.006)}L${at(64, share + 0.006)}L${at(76, share)}Z"/>`;
  });
  const waves = around(
    40,
    (place) => `<path d="M${at(81, place / 40)}L${at(94, (place + 0.5) / 40)}L${at(81, (place + 1) / 40)}"/>`,
  );
  return star(34, 12) + rings(38, 42, 58, 62, 78, 97, 104) + circles + teeth + waves;
}

export interface DrawnSeat {
  readonly name: string;
  readonly ready: boolean;
  readonly isCutOff: boolean;
}

/** What is shared reaches the drum; what stays at home is the mark inside each seat. A seat that is cut off has no line. */
export function seatsAroundDrum(seats: readonly DrawnSeat[], label: string): string {
  const drawn = seats.map(({ name, ready, isCutOff }, place) => {
    const share = place / seats.length;
    const [x, y] = point(158, share);
    const [ax, ay] = point(107, share);
    const [bx, by] = point(141, share);
    const isAbove = Number(y) < -100;
    const line = ready && !isCutOff ? `<path class="way" d="M${bx},${by}L${ax},${ay}"/>` : '';
    const state = ready ? (isCutOff ? 'cut' : 'up') : 'down';
    return `${line}<g class="seat ${state}"><circle cx="${x}" cy="${y}" r="15"/>${home(Number(x), Number(y))}</g>
<text x="${(Number(x) * 1.1).toFixed(2)}" y="${(Number(y) + (isAbove ? -22 : 31)).toFixed(2)}">${escaped(name)}</text>`;
  });
  return `<svg class="drum" viewBox="-225 -205 450 420" role="img" aria-label="${escaped(label)}"><g class="face">${face()}</g>${drawn.join('')}</svg>`;
}

/** A house with its door: what does not leave. */
const home = (x: number, y: number): string =>
  `<path class="home" d="M${x - 7},${y + 7}V${y - 1}L${x},${y - 8}L${x + 7},${y - 1}V${y + 7}Z"/>`;

/** The star of the drum, as a mark beside the name. */
export const mark = `<svg class="mark" viewBox="-40 -40 80 80" aria-hidden="true">${star(30, 11)}${rings(33, 38)}</svg>`;

const gap = 0.004;

/** How far the story is: a ring with a piece for each step, lit as it is played. */
export function storyRing(steps: StoryView['steps'], label: string): string {
  const pieces = steps.map(({ state }, place) => {
    const [from, to] = [place / steps.length + gap, (place + 1) / steps.length - gap];
    const outer = `M${at(88, from)}A88,88 0 0 1 ${at(88, to)}`;
    return `<path class="${state}" d="${outer}L${at(68, to)}A68,68 0 0 0 ${at(68, from)}Z"/>`;
  });
  const dots = around(rays * 2, (place) => {
    const [x, y] = point(56, place / (rays * 2));
    return `<circle class="solid" cx="${x}" cy="${y}" r="1.6"/>`;
  });
  const drawn = `${star(38, 14)}${rings(44, 48, 64, 92, 96)}${dots}`;
  return `<svg class="ring" viewBox="-100 -100 200 200" role="img" aria-label="${escaped(label)}">${drawn}<g class="pieces">${pieces.join('')}</g></svg>`;
}
