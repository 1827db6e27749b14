import type { Actor } from '../kernel/actor.ts';
import { assert } from '../kernel/assert.ts';

export interface LiveChange<Item> {
  readonly number: number;
  /** 1 is the most urgent, 4 the least. */
  readonly rank: number;
  readonly item: Item;
}

/** What a viewer is told. `data` is one line of JSON. */
export interface LiveMessage {
  readonly event: string;
  readonly data: string;
}

/** A list that changes. Its numbers become visible in their order: none appears below one that was already to be seen. */
export interface LiveTopic<Item> {
  /** Small letters only. */
  readonly name: string;
  /** The number of the newest durable change; 0 if there is none. */
  newest(): Promise<number>;
  /** Changes after a number, oldest first; what changed several times may come once, under its newest number. */
  read(after: number, limit: number): Promise<readonly LiveChange<Item>[]>;
  /** What this viewer is told of it; undefined if it is not for them. Called often: keep it cheap. */
  present(viewer: Actor, item: Item): LiveMessage | undefined;
  /** The thing that an item is a state of: of several states that wait, only the newest is told. Without it, each is. */
  subjectOf?(item: Item): string;
  /** Viewers with the same text are presented the same: then 500 of them cost as little as one. */
  audienceOf?(viewer: Actor): string;
}

/** One message with the number of its change. Viewers who are told the same of a change share it. */
export interface Told {
  readonly number: number;
  readonly rank: number;
  /** The event and its data, without an id. */
  readonly frame: string;
  /** Unlike that of any other. */
  readonly uid: number;
}

/** How far one stream has come in one topic. */
export interface Place {
  /** Of the last change that was told or passed over. */
  position: number;
  /** Changes up to this number were read, or were there before the stream began: the ring must not tell them again. */
  readTo: number;
  /** Where in the ring it goes on. */
  seen: number;
  /** It reads what is durable until the ring takes over. */
  isReading: boolean;
  /** How many changes it has read since it began to read, and how many of them it told. */
  read: number;
  told: number;
}

/** What a viewer is told next, and where that leaves the place. */
export interface Selection {
  readonly told: readonly Told[];
  /** About how many changes were passed over, those included that would not be for this viewer; 0 unless it is a storm. */
  readonly skipped: number;
  readonly position: number;
  readonly seen: number;
  /** The same for selections that read the same. */
  readonly key: string;
}

/** A change, with what was made of it for the viewers so far. */
interface Entry<Item> {
  readonly at: number;
  readonly change: LiveChange<Item>;
  readonly made: Map<string, Told>;
}

/** What waits behind a place in the ring: in its order, or in a storm the most urgent first. */
interface Waiting<Item> {
  readonly entries: readonly Entry<Item>[];
  /** The greatest number. */
  readonly last: number;
  readonly isStorm: boolean;
}

/** Changes that were read, and where the ring stood before. */
interface Page<Item> {
  readonly entries: readonly Entry<Item>[];
  readonly seen: number;
}

export interface TopicFeed<Item> {
  readonly name: string;
  publish(changes: readonly LiveChange<Item>[]): void;
  /** Where the ring ends. */
  end(): number;
  /** Whether the ring still holds everything behind this place. */
  holds(place: Place): boolean;
  /** A place behind the newest, or, after a position that a viewer has seen, one that goes on from there. */
  place(position: number | undefined): Promise<{ place: Place; newest: number }>;
  /** The next messages from the ring, which must hold the place. */
  select(viewer: Actor, place: Place): Selection;
  /** The next messages from what is durable; the place reads on, or leaves it to the ring. */
  readOn(viewer: Actor, place: Place): Promise<Selection>;
}

/** How many messages a stream is given at once. */
const atOnceMax = 100;
/** A stream that is behind by more than this is given the most urgent, and told that it skipped the others. */
const backlogMax = 1000;
/** So many changes are read for a stream that is behind, however few of them are for its viewer. */
const readMax = 4000;
const pageChanges = 200;
/** So many of those that wait in a storm are presented to a viewer; the least urgent beyond are passed over. */
const lookedMax = 2000;
const ringChanges = 8192;
/** Of one change so many different messages are remembered. */
const madeMax = 64;

let lastUid = 0;

/** One topic with its recent changes in memory, for any number of streams. */
export function openTopic<Item>(topic: LiveTopic<Item>): TopicFeed<Item> {
  assert(/^[a-z]{1,32}$/.test(topic.name), 'the name of a topic is made of small letters');
  const ring: Entry<Item>[] = [];
  const newest = shared(async () => ({ seen: end, number: await topic.newest() }));
  const pages = sharedByNumber((after) => readPage(after));
  /** What waits behind a place in the ring, by that place; and what it means to an audience. Until the next change. */
  const waiting = new Map<number, Waiting<Item>>();
  const selections = new Map<string, Selection>();
  const frames = new WeakMap<LiveMessage, Told>();
  let end = 0;

  async function readPage(after: number): Promise<Page<Item>> {
    const seen = end;
    const changes = await topic.read(after, pageChanges);
    return { seen, entries: changes.map((change) => ({ at: -1, change, made: new Map() })) };
  }

  function tell({ change, made }: Entry<Item>, viewer: Actor): Told | undefined {
    const message = topic.present(viewer, change.item);
    if (message === undefined) return undefined;
    const known = frames.get(message);
    if (known?.number === change.number) return known;
    const frame = frameOf(message);
    let told = made.get(frame);
    if (told === undefined) {
      told = { number: change.number, rank: change.rank, frame, uid: (lastUid += 1) };
      if (made.size < madeMax) made.set(frame, told);
    }
    frames.set(message, told);
    return told;
  }

  /** What is in the ring from a place on: of each subject only the newest state. */
  function behind(seen: number): Waiting<Item> {
    const known = waiting.get(seen);
    if (known !== undefined) return known;
    const newestFirst: Entry<Item>[] = [];
    const subjects = new Set<string>();
    for (let at = end - 1; at >= seen; at -= 1) {
      const entry = ring[at % ringChanges]!;
      const subject = topic.subjectOf?.(entry.change.item);
      if (subject !== undefined && subjects.has(subject)) continue;
      if (subject !== undefined) subjects.add(subject);
      newestFirst.push(entry);
    }
    const last = newestFirst.reduce((number, { change }) => Math.max(number, change.number), 0);
    const isStorm = newestFirst.length > backlogMax;
    // Sorting is stable: of one rank the newest comes first.
    if (isStorm) newestFirst.sort((a, b) => a.change.rank - b.change.rank);
    const found = { entries: isStorm ? newestFirst : newestFirst.reverse(), last, isStorm };
    waiting.set(seen, found);
    return found;
  }

  function selectFrom(viewer: Actor, place: Place): Selection {
    const { entries, last, isStorm } = behind(place.seen);
    const position = Math.max(place.position, last);
    const told: Told[] = [];
    let looked = 0;
    for (const entry of entries) {
      const isFull = told.length === atOnceMax;
      if (isStorm && (isFull || looked === lookedMax)) break;
      looked += 1;
      const message = entry.change.number > place.readTo ? tell(entry, viewer) : undefined;
      if (message === undefined) continue;
      // What is left waits for its turn.
      if (isFull) return selection(told, 0, Math.max(place.position, told.at(-1)!.number), entry.at);
      told.push(message);
    }
    told.sort((a, b) => a.number - b.number);
    return selection(told, entries.length - looked, position, end);
  }

  return {
    name: topic.name,
    publish(changes) {
      for (const change of changes) {
        ring[end % ringChanges] = { at: end, change, made: new Map() };
        end += 1;
      }
      waiting.clear();
      selections.clear();
    },
    end: () => end,
    holds: (place) => place.seen >= end - ringChanges,
    async place(position) {
      const { number, seen } = await newest();
      const isReading = position !== undefined && position < number;
      const from = isReading ? position : number;
      return { newest: number, place: { position: from, readTo: from, seen, isReading, read: 0, told: 0 } };
    },
    select(viewer, place) {
      const audience = topic.audienceOf?.(viewer);
      if (audience === undefined) return selectFrom(viewer, place);
      const key = `${place.seen} ${place.readTo} ${place.position} ${audience}`;
      const known = selections.get(key);
      if (known !== undefined) return known;
      const made = selectFrom(viewer, place);
      selections.set(key, made);
      return made;
    },
    async readOn(viewer, place) {
      const { entries, seen } = await pages(place.position);
      const told = entries.flatMap((entry) => tell(entry, viewer) ?? []);
      const position = entries.at(-1)?.change.number ?? place.position;
      place.read += entries.length;
      place.told += told.length;
      place.readTo = position;
      place.isReading = entries.length === pageChanges;
      if (!place.isReading || (place.told <= backlogMax && place.read <= readMax))
        return selection(told, 0, position, seen);
      const now = await newest();
      place.isReading = false;
      place.readTo = Math.max(position, now.number);
      return selection(told, place.readTo - position, place.readTo, now.seen);
    },
  };
}

function selection(told: readonly Told[], skipped: number, position: number, seen: number): Selection {
  let key = `${position} ${skipped}`;
  for (const { uid } of told) key += ` ${uid}`;
  return { told, skipped, position, seen, key };
}

function frameOf({ event, data }: LiveMessage): string {
  assert(!/[\r\n]/.test(event) && !/[\r\n]/.test(data), 'a message is one line');
  return `event: ${event}\ndata: ${data}\n\n`;
}

/** Who asks while an answer is under way gets the same. */
function shared<T>(ask: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | undefined;
  return () => {
    asked ??= ask().finally(() => {
      asked = undefined;
    });
    return asked;
  };
}

function sharedByNumber<T>(ask: (number: number) => Promise<T>): (number: number) => Promise<T> {
  const asked = new Map<number, Promise<T>>();
  return (number) => {
    const under = asked.get(number) ?? ask(number).finally(() => asked.delete(number));
    asked.set(number, under);
    return under;
  };
}
