import { agencyCount } from '../daily/contacts.ts';
import { deviceOf, type Line } from '../world/ground.ts';
import type { Mark } from '../world/happening.ts';
import { accountOf, placeOf } from '../world/people.ts';
import type { CaseBook, CaseParts } from './case-book.ts';
import type { Plot } from './plot.ts';
import { thiefOf } from './thief.ts';

type Contacting = Pick<Plot, 'lureCall' | 'lureMessage' | 'victimLogin' | 'thiefLogin' | 'swapCard'>;

/** How a ring and its victim reach each other, and how the victim gets at its money. */
export function contactingOf(parts: CaseParts, book: CaseBook): Contacting {
  const { ground, records, chance, ring, people, victim, caution } = parts;
  const { nation } = people;
  const account = accountOf(victim, 0);
  const victimLine = ground.lineOf(victim);

  /** Through a box the call is a domestic one, with its card’s number; another can be shown from beyond the border. */
  function ringLine(atMs: number, spoofed: boolean): { line: Line; device: number; cell: string; role: Mark['role'] } {
    const which = chance.below(1 << 20);
    if (!spoofed && chance.is(0.75)) {
      const line = caution === undefined ? ring.busyLine(nation, atMs) : ring.boxLine(nation, atMs, which);
      const device = ring.boxDevice(nation, atMs, caution === undefined ? which : line.place);
      return { line, device, cell: ring.boxCell(nation, atMs, line), role: 'sim-box' };
    }
    const isOld = caution === undefined && ring.oldLine.nation !== nation && chance.is(0.4);
    const line = isOld ? ring.oldLine : ring.ownLine(atMs, which);
    const cell = ground.keys.cell(line.nation, ground.keys.operatorOf(line.nation, line.place), 3 + ring.place);
    return { line, device: ring.device(line.nation, atMs, which), cell, role: 'lure-number' };
  }

  return {
    lureCall(atMs, { spoofed, minutes }) {
      const from = ringLine(atMs, spoofed);
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
      const isKnown = link && caution === undefined && which % 5 === 0;
      const links = isKnown ? [`url:${ring.oldDomain}/${which % 97}`] : link ? [ring.link(atMs, which)] : undefined;
      const handle = { handle: ring.handle(nation, atMs, which), nation };
      const own = { handle: ground.keys.handle(nation, placeOf(victim)), nation };
      const from = channel === 'chat' ? handle : chance.is(0.5) ? ringLine(atMs, false) : undefined;
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
      const device = isNew ? deviceOf(nation, 6, placeOf(victim)) : ground.screen(account);
      const ip = ground.home(victim);
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
    thiefLogin(atMs, { isNew }) {
      const { device, ip } = thiefOf(parts, atMs);
      const method = isNew ? 'one-time-code' : 'password';
      book.plan(atMs, () =>
        records.login({
          ...book.deed(atMs, 'thief-login', 0.1),
          account,
          outcome: 'ok',
          method,
          newDevice: isNew,
          remoteAccess: false,
          device,
          ip,
        }),
      );
    },
    swapCard(atMs) {
      const device = ring.device(nation, atMs, parts.number);
      const cell = ground.keys.cell(nation, ground.keys.operatorOf(nation, victimLine.place), people.town(victim));
      book.plan(atMs, () => {
        ground.changeCard(victimLine);
        return records.sim({
          ...book.deed(atMs, 'sim-swap', 0.08),
          event: 'swap',
          line: victimLine,
          subscriber: victim,
          check: 'document',
          device,
          cell,
        });
      });
    },
  };
}
