/**
 * Nations as small numbers, so that those of a number and of a cell can be compared: 0 is unknown, `elsewhere` is none of the
 * six. By calling code (ITU-T E.164), the country code of a card (E.118: the calling code) or of a network (E.212).
 */
const nations = [
  { country: 'CN', calling: '86', networks: ['460', '461'] },
  { country: 'KH', calling: '855', networks: ['456'] },
  { country: 'LA', calling: '856', networks: ['457'] },
  { country: 'MM', calling: '95', networks: ['414'] },
  { country: 'TH', calling: '66', networks: ['520'] },
  { country: 'VN', calling: '84', networks: ['452'] },
] as const;

export const unknown = 0;
const elsewhere = 255;

export const nationOfCountry = (country: string): number =>
  nations.findIndex((nation) => nation.country === country) + 1 || elsewhere;

/** Of a key `phone:+…`, `sim:iccid:89…` or `sim:imsi:…`; anything else has none. */
export function nationOfNumber(key: string): number {
  if (key.startsWith('phone:+')) return byCalling(key, 7);
  if (key.startsWith('sim:iccid:89')) return byCalling(key, 12);
  return key.startsWith('sim:imsi:') ? byNetwork(key, 9) : unknown;
}

/** Of a cell, whose name begins with the country code of its network. */
export const nationOfCell = (cell: string): number => byNetwork(cell, 0);

function byCalling(text: string, at: number): number {
  for (let place = 0; place < nations.length; place += 1)
    if (text.startsWith(nations[place]!.calling, at)) return place + 1;
  return elsewhere;
}

function byNetwork(text: string, at: number): number {
  for (let place = 0; place < nations.length; place += 1)
    for (const network of nations[place]!.networks) if (text.startsWith(network, at)) return place + 1;
  return elsewhere;
}
