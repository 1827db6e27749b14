import { chanceOf, type Chance } from '../chance/chance.ts';
import { mix3, named } from '../chance/mix.ts';
import { originOf, type Deed } from '../world/clerk.ts';
import { deviceOf, type Ground, type Line } from '../world/ground.ts';
import { nationOf, nations, type Nation } from '../world/nations.ts';
import { holderAt, type Holder } from '../world/people.ts';
import type { Records } from '../world/records.ts';
import { linkTo } from './contacts.ts';
import { localTime } from './rhythm.ts';

/**
 * Honest work and leisure that look like something else: couriers who call all day, shops that write to all their customers, and
 * visitors from over the border at a market.
 */
export function workOf(ground: Ground, records: Records, nation: Nation): (minuteMs: number) => void {
  const people = ground.people[nation.place]!;
  const bits = mix3(ground.bits, named('work'), nation.place);
  const anybody = (chance: Chance): Holder => holderAt(nation, chance.below(people.population.people));
  const couriers = Math.max(1, Math.round(people.population.people / courierOf));

  /** From another cell every few minutes; some call back. */
  function deliver(chance: Chance, atMs: number, deed: (atMs: number) => Deed): void {
    const courier = holderAt(nation, mix3(bits, chance.below(couriers), 1) % people.population.people);
    const [mine, other] = [ground.lineOf(courier), ground.lineOf(anybody(chance))];
    const operator = ground.keys.operatorOf(nation, mine.place);
    const cell = ground.keys.cell(nation, operator, mix3(bits, courier, Math.floor(atMs / 900_000)) % people.towns);
    const device = ground.device(courier);
    const answered = chance.is(0.75);
    const spoken = { answered, durationSeconds: answered ? 8 + chance.below(60) : 0 };
    const back = chance.is(0.2);
    const said = deed(atMs);
    if (mine.place === other.place) return;
    if (back) ground.agenda.add(atMs, () => records.call({ ...said, ...spoken, from: other, to: mine, cell }));
    else ground.agenda.add(atMs, () => records.call({ ...said, ...spoken, from: mine, to: other, device, cell }));
  }

  /** A shop's offers, under its name. */
  function newsletter(chance: Chance, atMs: number, deed: (atMs: number) => Deed): void {
    const presented = `SHOP${chance.below(40)}`;
    const link = linkTo({ chance, ground });
    for (let left = 55 + chance.below(80); left > 0; left--) {
      const sentMs = atMs + chance.below(30 * minuteMs);
      const to = ground.lineOf(anybody(chance));
      const said = deed(sentMs);
      ground.agenda.add(sentMs, () => records.message({ ...said, presented, to, channel: 'sms', links: [link] }));
    }
  }

  /** Guests of a neighbour among the many who live here, in the cell of a town with a market. */
  function visit(chance: Chance, atMs: number, deed: (atMs: number) => Deed): void {
    const near = nations.filter(({ familiesAbroad }) => familiesAbroad.includes(nation.member));
    const home = chance.pick(near.length > 0 ? near : [nationOf('th')]);
    const isGuest = home !== nation && chance.is(0.3);
    const from: Line = isGuest
      ? { nation: home, place: mix3(bits, Math.floor(atMs / dayMs), chance.below(9)) % guestsMax }
      : ground.lineOf(anybody(chance));
    const to = isGuest ? { nation: home, place: chance.below(guestsMax) } : ground.lineOf(anybody(chance));
    const operator = isGuest ? 0 : ground.keys.operatorOf(nation, from.place);
    if (!isGuest && operator !== 0) return;
    const cell = ground.keys.cell(nation, 0, market);
    const visiting = ground.network(nation, 0);
    const device = deviceOf(from.nation, 0, from.place);
    const said = deed(atMs);
    const answered = chance.is(0.7);
    const durationSeconds = answered ? 10 + chance.below(200) : 0;
    ground.agenda.add(atMs, () =>
      records.call({ ...said, from, to, answered, durationSeconds, device, cell, ...(isGuest && { visiting }) }),
    );
  }

  return (minuteMs) => {
    const { minute } = localTime(minuteMs, nation.zoneMinutes);
    if (minute < 540 || minute >= 1140) return;
    const at = Math.floor(minuteMs / 60_000);
    const chance = chanceOf(bits, at);
    const origin = originOf(channel + nation.place, at);
    let orders = 0;
    const deed = (atMs: number): Deed => ({ atMs, origin, order: orders++ });
    const within = (): number => minuteMs + chance.below(60_000);
    for (let left = chance.count(couriers * callsAMinute); left > 0; left--) deliver(chance, within(), deed);
    for (let left = chance.count(marketCalls); left > 0; left--) visit(chance, within(), deed);
    if (minute === 600 + (mix3(bits, Math.floor(minuteMs / dayMs), 2) % 400)) newsletter(chance, within(), deed);
  };
}

const channel = 48;
const minuteMs = 60_000;
const dayMs = 86_400_000;
/** One of so many people carries parcels all day. */
const courierOf = 4000;
const callsAMinute = 0.14;
/** A market is a place of its own, beside the towns. */
const market = 40_000;
const marketCalls = 0.35;
const guestsMax = 400;
