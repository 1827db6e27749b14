import { chanceOf, type Chance } from '../chance/chance.ts';
import { mix3, named } from '../chance/mix.ts';
import { localTime } from '../daily/rhythm.ts';
import { originOf, type Deed } from '../world/clerk.ts';
import type { Ground } from '../world/ground.ts';
import { addresses } from '../world/networks.ts';
import type { Nation } from '../world/nations.ts';
import type { Records } from '../world/records.ts';
import type { Mule, Ring } from '../world/underworld.ts';
import type { Caution } from './caution.ts';
import type { Marking, Trade } from './marking.ts';

const channel = 70_000;
const sessionMinutes = 40;
const minuteMs = 60_000;

/**
 * Rooms in which a ring signs in to one account after the other, to see what is on them: once or twice a day, on one telephone, from
 * one address.
 */
export function roomsOf(
  ground: Ground,
  records: Records,
  {
    rings,
    nation,
    mark,
    caution,
  }: { rings: readonly Ring[]; nation: Nation; mark: Marking; caution: Caution | undefined },
): Trade {
  const own = rings.filter(({ targets }) => targets.includes(nation));
  const bits = mix3(ground.bits, named('rooms'), nation.place);

  function signIn(ring: Ring, session: number, mule: Mule, deed: Deed, which: number): void {
    const { atMs } = deed;
    const { account } = mule;
    const isHidden = caution !== undefined;
    const device = isHidden ? ring.ownDevice(nation, account) : ring.device(nation, session * minuteMs, session);
    const ip = isHidden ? addresses.home(nation, mix3(bits, account, 1), 0) : ring.address(session * minuteMs, session);
    ground.agenda.add(atMs, () => {
      const marks = [
        ...mark({ key: ground.keyOf(account), role: 'mule', tier: mule.tier, nation }, ring),
        ...(isHidden ? [] : mark({ key: ground.keys.device(device), role: 'ring-device', nation }, ring)),
        ...(isHidden ? [] : mark({ key: ip, role: 'ring-address', nation }, ring)),
      ];
      return records.login({
        ...deed,
        marks,
        account,
        outcome: which % 9 === 0 ? 'failed' : 'ok',
        method: 'password',
        newDevice: which % 6 === 0,
        remoteAccess: false,
        device,
        ip,
      });
    });
  }

  function open(chance: Chance, ring: Ring, session: number, origin: number): void {
    const count = Math.min(14 + chance.below(6), caution?.loginsMax ?? 100);
    const labels = [{ scheme: ring.name, role: 'mule-login' } as const];
    const suspect = { typology: 'mule-account', chance: 0.04 } as const;
    for (let at = 0; at < count; at++) {
      const atMs = session * minuteMs + Math.floor((at * sessionMinutes * minuteMs) / count) + chance.below(60_000);
      const which = chance.below(1 << 22);
      // Neither its oldest ones, nor the same twice.
      const mule = ring.mule(nation, atMs, 256 * at + (which % 2 === 0 ? 12 + (which % 18) : 30 + (which % 70)));
      const used = caution === undefined ? mule : ring.unusedMule(nation, which);
      signIn(ring, session, used, { atMs, origin, order: ring.place * 64 + at, labels, suspect }, which);
    }
  }

  return {
    minute(atMs) {
      const { day, minute } = localTime(atMs, nation.zoneMinutes);
      const session = Math.floor(atMs / minuteMs);
      for (const ring of own) {
        const sessions = 1 + (mix3(bits, ring.place, day) % 2);
        for (let at = 0; at < sessions; at++) {
          if (minute !== 540 + (mix3(bits, ring.place * 4 + at, day) % 700)) continue;
          const chance = chanceOf(bits, ring.place, session);
          open(chance, ring, session, originOf(channel + nation.place, session));
        }
      }
    },
    before(fromMs) {
      const [ring] = own;
      const session = Math.floor(fromMs / minuteMs) - sessionMinutes - 2;
      if (ring !== undefined)
        open(chanceOf(bits, ring.place, session), ring, session, originOf(channel + nation.place, session));
    },
  };
}
