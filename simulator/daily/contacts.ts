import { nationOf } from '../world/nations.ts';
import { deviceOf, type Line } from '../world/ground.ts';
import { holderAt, linePlaces, placeOf, type Holder } from '../world/people.ts';
import { anybody, cellOf, type Moment } from './moment.ts';

/** Fixed lines: the first are the agencies', whose numbers rings like to show; companies' come after them. */
export const agencyCount = 12;
export const agencyLine = (moment: Pick<Moment, 'nation'>, place: number): Line => ({
  nation: moment.nation,
  place: place % agencyCount,
  fixed: true,
});
const companyLine = (moment: Moment, company: number): Line => ({
  nation: moment.nation,
  place: agencyCount + company,
  fixed: true,
});

const talkSeconds = 70;
/** Of a company that calls customers. */
const desks = 6;

/** Who picks up, and for how long. */
function spoken({ chance }: Moment, answering: number, medianSeconds: number) {
  const answered = chance.is(answering);
  return { answered, durationSeconds: answered ? Math.min(14_400, Math.round(chance.around(medianSeconds, 1.1))) : 0 };
}

export function call(moment: Moment): void {
  const { chance, ground, records, people, person, nation, atMs } = moment;
  const draw = chance.next();
  const from = ground.lineOf(person);
  let to: Holder = people.friend(person, chance.below(12));
  if (people.isCourier(person) || draw < 0.12) to = anybody(moment);
  if (draw > 0.975 && nation.familiesAbroad.length > 0) {
    const abroad = nationOf(chance.pick(nation.familiesAbroad));
    to = holderAt(abroad, chance.below(ground.people[abroad.place]!.population.people));
  }
  const deed = { ...moment.deed(), ...spoken(moment, 0.72, talkSeconds) };
  const [device, cell] = [ground.device(person), cellOf(moment, from, person)];
  if (to !== person)
    ground.agenda.add(atMs, () => records.call({ ...deed, from, to: ground.lineOf(to), device, cell }));
}

/** Companies that call all day from one place, showing their main number; agencies that call citizens. */
export function callFromDesk(moment: Moment): void {
  const { chance, ground, records, people, atMs } = moment;
  const deed = { ...moment.deed(), ...spoken(moment, 0.45, 55) };
  const to = ground.lineOf(anybody(moment));
  if (chance.is(0.12)) {
    const from = agencyLine(moment, chance.below(agencyCount));
    const cell = ground.keys.cell(moment.nation, 0, from.place);
    ground.agenda.add(atMs, () => records.call({ ...deed, from, to, cell }));
    return;
  }
  const company = chance.below(Math.max(2, people.population.companies >> 5));
  // A few mobile lines behind one number.
  const line = linePlaces.desk + company * desks + chance.below(desks);
  const from = { nation: moment.nation, place: line };
  const cell = ground.keys.cell(moment.nation, ground.keys.operatorOf(from.nation, from.place), company % people.towns);
  const presented = chance.is(0.7) ? companyLine(moment, company) : undefined;
  const device = deviceOf(moment.nation, 0, line);
  ground.agenda.add(atMs, () => records.call({ ...deed, from, ...(presented && { presented }), to, device, cell }));
}

export function message(moment: Moment): void {
  const { chance, ground, records, people, person, atMs } = moment;
  const deed = moment.deed();
  if (chance.is(0.4)) {
    // From a bank, a shop, a courier: a name in place of a number.
    const presented = `${chance.pick(['BANK', 'SHOP', 'PARCEL', 'INFO'])}${chance.below(40)}`;
    const links = chance.is(0.2) ? [linkTo(moment)] : undefined;
    const to = ground.lineOf(person);
    const cell = chance.is(0.3) ? cellOf(moment, to, person) : undefined;
    ground.agenda.add(atMs, () =>
      records.message({ ...deed, presented, to, channel: 'sms', ...(links && { links }), ...(cell && { cell }) }),
    );
    return;
  }
  const friend = chance.is(0.95) ? people.friend(person, chance.below(12)) : anybody(moment);
  if (friend === person) return;
  const from = ground.lineOf(person);
  const links = chance.is(0.05) ? [linkTo(moment)] : undefined;
  const [device, cell] = [ground.device(person), cellOf(moment, from, person)];
  ground.agenda.add(atMs, () =>
    records.message({
      ...deed,
      from,
      to: ground.lineOf(friend),
      channel: 'sms',
      ...(links && { links }),
      device,
      cell,
    }),
  );
}

export function chat(moment: Moment): void {
  const { chance, ground, records, people, person, nation, atMs } = moment;
  const deed = moment.deed();
  const draw = chance.next();
  const other =
    draw < 0.8
      ? people.friend(person, chance.below(12))
      : draw < 0.92
        ? people.shop(chance.below(1 << 22))
        : anybody(moment);
  if (other === person) return;
  const links = chance.is(0.08) ? [linkTo(moment)] : undefined;
  const handle = (holder: Holder) => ({ handle: ground.keys.handle(nation, placeOf(holder)), nation });
  ground.agenda.add(atMs, () =>
    records.message({ ...deed, from: handle(person), to: handle(other), channel: 'chat', ...(links && { links }) }),
  );
}

/** Ordinary sites: some that everybody visits, and many that few do. */
export function linkTo({ chance, ground }: Pick<Moment, 'chance' | 'ground'>): string {
  const site = chance.is(0.6) ? chance.below(200) : chance.below(1 << 24);
  return `url:${ground.keys.domain(1_000_003 + site)}/${chance.below(1 << 20).toString(36)}`;
}
