import { bytesOf, type Flat, type Kept } from './arrays.ts';

/** How accounts were last signed in to or paid from, by slot. Instants are milliseconds since 1970, 0 where there was none. */
export interface Accesses extends Kept {
  /** Names (`nameOfText`) of its holder's registered number and of its institution; 0 where not told. */
  readonly holder: Float64Array;
  readonly keeper: Float64Array;
  /** The last log-in under remote control. */
  readonly remoteAtMs: Float64Array;
  /** The last access from an odd network, since when there are such, and how many have followed each other. */
  readonly oddAtMs: Float64Array;
  readonly oddSinceMs: Float64Array;
  readonly oddRow: Uint16Array;
  /** 1 + the place in `oddKinds`. */
  readonly oddKind: Uint8Array;
  /** The last access from an ordinary network. */
  readonly plainAtMs: Float64Array;
  noteOdd(account: number, kind: number, atMs: number): void;
  notePlain(account: number, atMs: number): void;
  /**
   * Notes from which country it was used, and with which device (-1 if not told). True if it was also used from another country
   * before; then `other…` tell of the last time there.
   */
  noteCountry(account: number, use: { country: number; atMs: number; device: number }): boolean;
  readonly other: { country: number; atMs: number; device: number };
  forget(account: number): void;
  bytes(): number;
}

export const oddKinds = ['hosting', 'vpn', 'satellite', 'listed'] as const;

export function openAccesses(count: number): Accesses {
  const doubles = {
    holder: new Float64Array(count),
    keeper: new Float64Array(count),
    remoteAtMs: new Float64Array(count),
    oddAtMs: new Float64Array(count),
    oddSinceMs: new Float64Array(count),
    plainAtMs: new Float64Array(count),
  };
  const oddRow = new Uint16Array(count);
  const oddKind = new Uint8Array(count);
  /** The last two countries: which, when, and with which device (its slot + 1). */
  const countries = new Uint16Array(count * 2);
  const countryAt = new Float64Array(count * 2);
  const countryDevice = new Int32Array(count * 2);
  const { oddAtMs, oddSinceMs, plainAtMs } = doubles;
  const single: readonly Flat[] = [...Object.values(doubles), oddRow, oddKind];
  const double: readonly Flat[] = [countries, countryAt, countryDevice];
  const other = { country: 0, atMs: 0, device: -1 };
  const all = [...single, ...double];

  return {
    ...doubles,
    oddRow,
    oddKind,
    other,
    noteOdd(account, kind, atMs) {
      if (oddSinceMs[account] === 0 || atMs < oddSinceMs[account]!) oddSinceMs[account] = atMs;
      if (atMs < plainAtMs[account]!) return;
      if (oddRow[account]! < 65_535) oddRow[account]! += 1;
      if (atMs < oddAtMs[account]!) return;
      oddAtMs[account] = atMs;
      oddKind[account] = kind + 1;
    },
    notePlain(account, atMs) {
      if (atMs > plainAtMs[account]!) plainAtMs[account] = atMs;
      if (atMs > oddAtMs[account]!) oddRow[account] = 0;
    },
    noteCountry(account, { country, atMs, device }) {
      const first = account * 2;
      const isFirst = countries[first] === country;
      const isSecond = countries[first + 1] === country;
      let own = isFirst ? first : first + 1;
      // A third country takes the place of the one left longer ago.
      if (!isFirst && !isSecond && countryAt[first]! < countryAt[first + 1]!) own = first;
      if (!isFirst && !isSecond) countryAt[own] = 0;
      countries[own] = country;
      if (atMs >= countryAt[own]!) {
        countryAt[own] = atMs;
        countryDevice[own] = device + 1;
      }
      const away = own === first ? first + 1 : first;
      if (countries[away] === 0) return false;
      other.country = countries[away]!;
      other.atMs = countryAt[away]!;
      other.device = countryDevice[away]! - 1;
      return true;
    },
    forget(account) {
      for (const array of single) array[account] = 0;
      for (const array of double) {
        array[account * 2] = 0;
        array[account * 2 + 1] = 0;
      }
    },
    bytes: () => bytesOf(all),
    arrays: () => all,
  };
}
