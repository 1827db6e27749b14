/** How far a stream has told each topic, by the topic's name. */
export type Positions = ReadonlyMap<string, number>;

const charactersMax = 1000;

/** The positions of an event id as `writePositions` made it; undefined for any other text. */
export function readPositions(id: string): Positions | undefined {
  if (id.length > charactersMax) return undefined;
  const positions = new Map<string, number>();
  for (const part of id.split(',')) {
    const [, topic, digits] = /^([a-z]{1,32})=(0|[1-9]\d{0,15})$/.exec(part) ?? [];
    const number = Number(digits);
    if (topic === undefined || !Number.isSafeInteger(number) || positions.has(topic)) return undefined;
    positions.set(topic, number);
  }
  return positions;
}

/** An event id such as `alerts=123,orders=9`. */
export function writePositions(positions: Iterable<readonly [string, number]>): string {
  let id = '';
  for (const [topic, number] of positions) id += `${id === '' ? '' : ','}${topic}=${number}`;
  return id;
}
