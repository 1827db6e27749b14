import { instantText } from '../kernel/clock.ts';
import type { DirectoryView } from './contract.ts';
import type { State } from './holding.ts';
import { isOutdated, partiesOf, signersOf } from './rules.ts';
import type { Isolation } from './store.ts';

const orNull = (ms: number | null): string | null => (ms === null ? null : instantText(ms));
const said = ({ reason, by, atMs }: Isolation) => ({ reason, by, at: instantText(atMs) });

/** What officers read: who takes part, what waits for whom, and whom this member has paused. */
export function viewOf(state: State, self: string, digest: string): DirectoryView {
  const { roster, pauses, isolation, anchor } = state;
  return {
    self,
    founding: anchor ?? null,
    digest,
    isolation: isolation && said(isolation),
    parties: [...roster.parties.values()]
      .toSorted((a, b) => (a.code < b.code ? -1 : 1))
      .map(({ code, role, name, address, keys }) => {
        const pause = pauses.get(code);
        return {
          party: code,
          role,
          name,
          address,
          keys: keys.map(({ use, publicKey, validFromMs, validUntilMs, compromisedSinceMs }) => ({
            use,
            publicKey,
            validFrom: instantText(validFromMs),
            validUntil: orNull(validUntilMs),
            compromisedSince: orNull(compromisedSinceMs),
          })),
          pause: pause === undefined ? null : { direction: pause.direction, ...said(pause) },
        };
      }),
    proposals: roster.open.map(({ record, missing }) => ({
      id: record.id,
      body: record.body,
      signed: signersOf(record),
      missing: partiesOf(missing ?? []),
      outdated: missing === null || isOutdated(record.body, roster),
    })),
  };
}
