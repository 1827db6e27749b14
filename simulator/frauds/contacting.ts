import { agencyCount } from '../daily/contacts.ts';
import { deviceOf, type Line } from '../world/ground.ts';
import type { Mark } from '../world/happening.ts';
import { addresses } from '../world/keys.ts';
import { accountOf, placeOf } from '../world/people.ts';
import type { CaseBook, CaseParts } from './case-book.ts';
import type { Plot } from './plot.ts';

type Contacting = Pick<Plot, 'lureCall' | 'lureMessage' | 'victimLogin'>;

/** How a ring and its victim reach each other, and how the victim gets at its money. */
export function contactingOf({ ground, records, chance, ring, people, victim }: CaseParts, book: CaseBook): Contacting {
  const { nation } = people;
  const account = accountOf(victim, 0);
  const victimLine = ground.lineOf(victim);

  function ringLine(atMs: number): { line: Line; device: number; cell: string; role: Mark['role'] } {
    const which = chance.below(1 << 20);
    if (chance.is(0.7)) {
      const line = ring.boxLine(nation, atMs, which);
      const device = ring.boxDevice(nation, atMs, which);
      return { line, device, cell: ring.boxCell(nation, atMs, line), role: 'sim-box' };
    }
    const line = ring.ownLine(atMs, which);
    const cell = ground.keys.cell(line.nation, ground.keys.operatorOf(line.nation, line.place), 3 + ring.place);
    return { line, device: ring.device(line.nation, atMs, which), cell, role: 'lure-number' };
  }

  return {
    lureCall(atMs, { spoofed, minutes }) {
      const from = ringLine(atMs);
      const presented: Line | undefined = spoofed
        ? { nation, place: chance.below(agencyCount), fixed: true }
        : undefined;
      const durationSeconds = Math.round(minutes * 60 * chance.between(0.6, 1.4));
      book.plan(atMs, () => {
        book.contact(ground.phone(from.line));
        const marks = book.mark({ key: ground.phone(from.line), role: from.role, nation: from.line.nation });
        const how = {
          presented,
          from: from.line,
          to: victimLine,
          durationSeconds,
          answered: true,
          device: from.device,
          cell: from.cell,
        };
        const { presented: shown, ...rest } = how;
        return records.call({
          ...book.deed(atMs, 'lure-call', 0.06, marks),
          ...rest,
          ...(shown && { presented: shown }),
        });
      });
    },
    lureMessage(atMs, { channel, link, answered }) {
      const which = chance.below(1 << 20);
      const links = link ? [ring.link(atMs, which)] : undefined;
      const handle = { handle: ring.handle(nation, atMs, which), nation };
      const own = { handle: ground.keys.handle(nation, placeOf(victim)), nation };
      const from = channel === 'chat' ? handle : chance.is(0.5) ? ringLine(atMs) : undefined;
      const presented =
        from === undefined ? `${chance.pick(['BANK', 'SHOP', 'PARCEL', 'INFO'])}${chance.below(40)}` : undefined;
      book.plan(atMs, () => {
        if (from !== undefined) book.contact('handle' in from ? from.handle : ground.phone(from.line));
        const end = from === undefined || 'handle' in from ? from : from.line;
        const mobile = from === undefined || 'handle' in from ? undefined : { device: from.device, cell: from.cell };
        return records.message({
          ...book.deed(atMs, 'lure-message', 0.06),
          ...(end && { from: end }),
          ...(presented !== undefined && { presented }),
          to: channel === 'chat' ? own : victimLine,
          channel,
          ...(links && { links }),
          ...mobile,
        });
      });
      if (channel !== 'chat' || answered === false) return;
      const laterMs = atMs + 30_000 + chance.below(1_800_000);
      book.plan(laterMs, () =>
        records.message({ ...book.deed(laterMs, 'lure-message', 0.0004), from: own, to: handle, channel }),
      );
    },
    victimLogin(atMs, { remoteAccess }) {
      const isNew = !remoteAccess && chance.is(0.15);
      const device = isNew ? deviceOf(nation, 6, placeOf(victim)) : ground.device(victim);
      const ip = addresses.customer(nation, chance.below(65_536));
      book.plan(atMs, () =>
        records.login({
          ...book.deed(atMs, 'victim-login', remoteAccess ? 0.15 : 0.01),
          account,
          outcome: 'ok',
          method: isNew ? 'one-time-code' : 'biometric',
          newDevice: isNew,
          remoteAccess,
          device,
          ip,
        }),
      );
    },
  };
}
