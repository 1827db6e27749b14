import { chanceOf, type Chance } from '../chance/chance.ts';
import { mix3, named } from '../chance/mix.ts';
import { tether } from '../daily/payments.ts';
import { localTime, rhythm } from '../daily/rhythm.ts';
import { originOf, type Deed } from '../world/clerk.ts';
import type { Ground } from '../world/ground.ts';
import type { Role } from '../world/happening.ts';
import { addresses } from '../world/networks.ts';
import { fromBaht, roundly, type Nation } from '../world/nations.ts';
import { accountOf, holderAt, holderOf, type Account } from '../world/people.ts';
import type { Records } from '../world/records.ts';
import type { Mule, Ring } from '../world/underworld.ts';
import type { Caution } from './caution.ts';
import { moneyIn } from './loot.ts';
import { historyMs, type Marking, type Trade } from './marking.ts';

const channel = 70_040;
const sweepChannel = 70_050;
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const sweepHours = 5;
const stakesBefore = 24;

interface Use {
  readonly device: number;
  readonly ip: string;
}

export interface Stakes {
  readonly rings: readonly Ring[];
  readonly nation: Nation;
  readonly mark: Marking;
  readonly caution: Caution | undefined;
  /** On average, in a minute of the day. */
  readonly perMinute: number;
}

/**
 * An illegal site takes stakes from many who are glad to pay, on one account for some hours; what has gathered goes on to a
 * collector, and becomes coins.
 */
export function stakesOf(ground: Ground, records: Records, { rings, nation, mark, caution, perMinute }: Stakes): Trade {
  const people = ground.people[nation.place]!;
  const own = rings.filter(({ targets }) => targets.includes(nation));
  const bits = mix3(ground.bits, named('stakes'), nation.place);
  const currency = moneyIn(nation);
  /** What lies on the accounts of these hours. */
  let gathered = new Map<Account, number>();

  const deed = (ring: Ring, atMs: number, origin: number, order: number, role: Role): Deed => ({
    atMs,
    origin,
    order,
    labels: [{ scheme: ring.name, role }],
    suspect: { typology: role === 'gambling-stake' ? 'illegal-gambling' : 'mule-account', chance: 0.06 },
  });

  /** One account for everybody; the cautious have one for every few. */
  function tillOf(ring: Ring, turn: number, which: number): Mule {
    if (caution === undefined) return ring.mule(nation, turn * sweepHours * hourMs, 256 * turn + 60);
    return ring.unusedMule(
      nation,
      mix3(bits, turn, which % Math.ceil((perMinute * 60 * sweepHours * 2) / caution.sendersMax)),
    );
  }

  function stake(ring: Ring, turn: number, said: { atMs: number; origin: number; order: number }, which: number): void {
    const person = holderAt(nation, which % people.population.people);
    const from = accountOf(person, 0);
    const till = tillOf(ring, turn, which);
    const { atMs } = said;
    ground.agenda.add(atMs, () => {
      const baht = 100 + (mix3(bits, which, 1) % 1400);
      const minor = roundly(fromBaht(baht, currency), currency, 0.5);
      if (from === till.account || ground.ledger.balance(from) < minor) return undefined;
      gathered.set(till.account, (gathered.get(till.account) ?? 0) + minor);
      const marks = mark({ key: ground.keyOf(till.account), role: 'mule', tier: till.tier, nation }, ring);
      const how = { device: ground.screen(from), ip: ground.home(person) };
      const begun = { ...deed(ring, atMs, said.origin, said.order, 'gambling-stake'), marks };
      return records.payment({ ...begun, from, to: till.account, minor, currency, channel: 'mobile', ...how });
    });
  }

  const useOf = (ring: Ring, account: Account, atMs: number, turn: number): Use =>
    caution === undefined
      ? { device: ring.device(nation, atMs, turn), ip: ring.address(atMs, turn) }
      : { device: ring.ownDevice(nation, account), ip: addresses.home(nation, mix3(bits, account, 3), 0) };

  /** What has gathered goes to the collector, and on. */
  function sweep(ring: Ring, turn: number, atMs: number): void {
    const origin = originOf(sweepChannel + nation.place, Math.floor(atMs / minuteMs));
    const draw = 256 * (turn + 3) + 77;
    const collector = caution === undefined ? ring.mule(nation, atMs, draw) : ring.unusedMule(nation, draw);
    const tills = [...gathered];
    gathered = new Map();
    let [sum, order] = [0, 0];
    tills.forEach(([account, whole], at) => {
      const minor = roundly(Math.floor(whole * 0.97), currency, 0.3);
      if (account === collector.account || minor <= 0) return;
      sum += minor;
      const sweptMs = atMs + at * 20_000;
      const said = deed(ring, sweptMs, origin, order++, 'consolidation');
      ground.agenda.add(sweptMs, () => {
        const key = ground.keyOf(collector.account);
        const marks = mark({ key, role: 'collector', tier: collector.tier, nation }, ring);
        const what = { from: account, to: collector.account, minor, currency, channel: 'mobile' } as const;
        return records.payment({ ...said, marks, ...what, ...useOf(ring, account, atMs, turn) });
      });
    });
    if (sum > 0)
      leave(
        ring,
        collector,
        sum,
        atMs + Math.round(caution?.exitAfterMs ?? 0) + tills.length * 20_000 + 60_000,
        { origin, order },
        useOf(ring, collector.account, atMs, turn),
      );
  }

  function leave(
    ring: Ring,
    { account }: Mule,
    sum: number,
    atMs: number,
    { origin, order }: { origin: number; order: number },
    from: Use,
  ): void {
    const minor = roundly(Math.floor(sum * 0.97), currency, 0.3);
    if (minor <= 0) return;
    const exchange = accountOf(holderOf(account), 2);
    const money = { minor, currency, channel: 'exchange', asset: tether({ minor, currency }), ...from } as const;
    const wallet = ring.wallet(atMs, order);
    const [bought, left] = [
      deed(ring, atMs, origin, order, 'crypto-exit'),
      deed(ring, atMs + 4 * minuteMs, origin, order + 1, 'crypto-exit'),
    ];
    ground.agenda.add(bought.atMs, () => records.payment({ ...bought, from: account, to: exchange, ...money }));
    ground.agenda.add(left.atMs, () => {
      const marks = mark({ key: wallet, role: 'crypto-exit', nation }, ring);
      return records.payment({ ...left, marks, from: exchange, toWallet: wallet, ...money });
    });
  }

  function take(atMs: number, busy: number, chance: Chance): void {
    const turn = turnAt(atMs);
    const origin = originOf(channel + nation.place, Math.floor(atMs / minuteMs));
    for (let order = chance.count(perMinute * busy) - 1; order >= 0; order--)
      stake(ringOf(turn), turn, { atMs: atMs + chance.below(60_000), origin, order }, chance.below(1 << 30));
  }

  const turnAt = (atMs: number): number => Math.floor(atMs / sweepHours / hourMs);
  const ringOf = (turn: number): Ring => own[mix3(bits, Math.floor(turn / 4), 2) % own.length]!;

  return {
    minute(atMs) {
      if (own.length === 0) return;
      const at = Math.floor(atMs / minuteMs);
      take(atMs, rhythm(localTime(atMs, nation.zoneMinutes).minute) * 1.7, chanceOf(bits, at));
      if (at % (60 * sweepHours) === 60 * sweepHours - 9) sweep(ringOf(turnAt(atMs)), turnAt(atMs), atMs);
    },
    before(fromMs) {
      if (own.length === 0) return;
      const chance = chanceOf(bits, Math.floor(fromMs / minuteMs), 1);
      const sweptMs = fromMs - 4 * minuteMs;
      const turn = turnAt(sweptMs);
      const origin = originOf(channel + nation.place, Math.floor(fromMs / minuteMs) - 1);
      for (let order = 0; order < stakesBefore; order++) {
        const atMs = sweptMs - 2 * minuteMs - chance.below(historyMs - 30 * minuteMs);
        stake(ringOf(turn), turn, { atMs, origin, order }, chance.below(1 << 30));
      }
      ground.agenda.add(sweptMs, () => {
        sweep(ringOf(turn), turn, sweptMs + 1000);
        return undefined;
      });
    },
  };
}
