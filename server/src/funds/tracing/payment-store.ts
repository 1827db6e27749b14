/** What one institution told of a payment. Numbers of currencies and channels are the index's own. */
export interface Told {
  readonly atMs: number;
  readonly amount: bigint;
  readonly currency: number;
  readonly channel: number;
  /** Puts payments of one instant in an order that is the same in whatever order they were told. */
  readonly tie: number;
  /** Of the institution's own customer, afterwards. */
  readonly balance: bigint | undefined;
}

/** A payment as it is stored: told by the sender's institution, the receiver's, or both. An end of -1 is cash. */
export interface Entry {
  readonly from: number;
  readonly to: number;
  readonly reference: string | undefined;
  readonly sender: Told | undefined;
  readonly receiver: Told | undefined;
  /** It takes back the payment at this place. */
  readonly returnOf?: number;
  /** One institution told both sides in one record. */
  readonly isBoth?: boolean;
  /** It is one of several of a reference, which are matched anew when one comes. */
  readonly isGrouped?: boolean;
}

/** Payments in flat memory, each at a place that is its number until it is removed. */
export interface PaymentStore {
  add(entry: Entry): number;
  /** Other facts of the same payment between the same ends. */
  rewrite(place: number, entry: Entry): void;
  remove(place: number): void;
  sender(place: number): Told | undefined;
  receiver(place: number): Told | undefined;
  /** When the money left, and when it arrived: never earlier. */
  atMs(place: number): number;
  arrivesAtMs(place: number): number;
  from(place: number): number;
  to(place: number): number;
  amount(place: number): bigint;
  currency(place: number): number;
  /** What the receiver got. */
  credited(place: number): bigint;
  creditedCurrency(place: number): number;
  channel(place: number): number;
  tie(place: number): number;
  reference(place: number): string | undefined;
  balanceOut(place: number): bigint | undefined;
  balanceIn(place: number): bigint | undefined;
  /** The place of the payment that this one takes back, or -1. */
  returnOf(place: number): number;
  isReturned(place: number): boolean;
  isBoth(place: number): boolean;
  /** Those that happened before an instant and are not grouped. */
  before(beforeMs: number, each: (place: number) => void): void;
  size(): number;
  bytes(): number;
}

const chunkShift = 14;
const chunkPlaces = 1 << chunkShift;
const placeMask = chunkPlaces - 1;
/** An entry has six doubles, or twelve words. */
const doubles = 6;
const words = 12;
const word = { from: 4, to: 5, kind: 6, reference: 7, extra: 8, delay: 9, tie: 10, receiverTie: 11 } as const;
const flag = {
  live: 1,
  sender: 2,
  receiver: 4,
  balanceOut: 8,
  balanceIn: 16,
  credited: 32,
  back: 64,
  returned: 128,
  grouped: 256,
  both: 512,
} as const;
/** One word: 12 bits of currency, 4 of the receiver's channel, 4 of the sender's, 12 of flags. */
const flagShift = 20;
const channelShift = 16;
const receiverChannelShift = 12;
export const currenciesMax = 1 << receiverChannelShift;
const delayMsMax = 0xff_ff_ff_ff;
/** What few payments have lies apart: five doubles each. */
const extraDoubles = 5;
const extraWord = { creditedCurrency: 8, returnOf: 9 } as const;

interface Chunk {
  readonly f: Float64Array;
  readonly b: BigInt64Array;
  readonly w: Uint32Array;
  used: number;
  live: number;
  firstMs: number;
  extras: Float64Array<ArrayBuffer>;
  extraAmounts: BigInt64Array;
  extraWords: Uint32Array;
  extrasUsed: number;
  references: Buffer;
  referencesUsed: number;
}

function openChunk(): Chunk {
  const f = new Float64Array(chunkPlaces * doubles);
  const extras = new Float64Array(0);
  return {
    f,
    b: new BigInt64Array(f.buffer),
    w: new Uint32Array(f.buffer),
    used: 0,
    live: 0,
    firstMs: Infinity,
    extras,
    extraAmounts: new BigInt64Array(extras.buffer),
    extraWords: new Uint32Array(extras.buffer),
    extrasUsed: 0,
    references: Buffer.alloc(0),
    referencesUsed: 0,
  };
}

function newExtra(chunk: Chunk): number {
  if ((chunk.extrasUsed + 1) * extraDoubles > chunk.extras.length) {
    const extras = new Float64Array(Math.max(64, chunk.extrasUsed * 2) * extraDoubles);
    extras.set(chunk.extras);
    chunk.extras = extras;
    chunk.extraAmounts = new BigInt64Array(extras.buffer);
    chunk.extraWords = new Uint32Array(extras.buffer);
  }
  chunk.extrasUsed += 1;
  return chunk.extrasUsed;
}

/** Where a reference lies in its chunk, from 1. It is printable ASCII of at most 64 letters. */
function keepReference(chunk: Chunk, reference: string): number {
  const end = chunk.referencesUsed + 1 + reference.length;
  if (end > chunk.references.length) {
    const references = Buffer.alloc(Math.max(1024, end * 2));
    references.set(chunk.references.subarray(0, chunk.referencesUsed));
    chunk.references = references;
  }
  const at = chunk.referencesUsed;
  chunk.references[at] = reference.length;
  for (let i = 0; i < reference.length; i += 1) chunk.references[at + 1 + i] = reference.charCodeAt(i);
  chunk.referencesUsed = end;
  return at + 1;
}

const sameMoney = (a: Told, b: Told): boolean => a.amount === b.amount && a.currency === b.currency;

function writeExtra(chunk: Chunk, base: number, { sender, receiver, returnOf }: Entry): number {
  const { w } = chunk;
  let flags = 0;
  const isCredited =
    sender !== undefined &&
    receiver !== undefined &&
    (!sameMoney(sender, receiver) || receiver.atMs < sender.atMs || receiver.atMs - sender.atMs > delayMsMax);
  if (isCredited) flags |= flag.credited;
  if (sender?.balance !== undefined) flags |= flag.balanceOut;
  if (receiver?.balance !== undefined) flags |= flag.balanceIn;
  if (returnOf !== undefined) flags |= flag.back;
  if (flags === 0) return 0;
  if (w[base + word.extra] === 0) w[base + word.extra] = newExtra(chunk);
  const extra = w[base + word.extra]! - 1;
  const at = extra * extraDoubles;
  if (isCredited) {
    chunk.extraAmounts[at] = receiver.amount;
    chunk.extras[at + 3] = receiver.atMs;
    chunk.extraWords[at * 2 + extraWord.creditedCurrency] = receiver.currency;
  }
  if (sender?.balance !== undefined) chunk.extraAmounts[at + 1] = sender.balance;
  if (receiver?.balance !== undefined) chunk.extraAmounts[at + 2] = receiver.balance;
  if (returnOf !== undefined) chunk.extraWords[at * 2 + extraWord.returnOf] = returnOf;
  return flags;
}

function writeEntry(chunk: Chunk, index: number, entry: Entry): void {
  const { sender, receiver } = entry;
  const told = (sender ?? receiver)!;
  const base = index * words;
  const { w } = chunk;
  chunk.firstMs = Math.min(chunk.firstMs, told.atMs);
  chunk.f[index * doubles] = told.atMs;
  chunk.b[index * doubles + 1] = told.amount;
  w[base + word.from] = entry.from + 1;
  w[base + word.to] = entry.to + 1;
  w[base + word.tie] = told.tie;
  w[base + word.receiverTie] = receiver?.tie ?? 0;
  const delayMs = sender === undefined || receiver === undefined ? 0 : receiver.atMs - sender.atMs;
  w[base + word.delay] = Math.min(Math.max(delayMs, 0), delayMsMax);
  let flags = flag.live | writeExtra(chunk, base, entry);
  if (sender !== undefined) flags |= flag.sender;
  if (receiver !== undefined) flags |= flag.receiver;
  if (entry.isGrouped === true) flags |= flag.grouped;
  if (entry.isBoth === true) flags |= flag.both;
  const receiverChannel = (receiver ?? told).channel << receiverChannelShift;
  w[base + word.kind] = told.currency | receiverChannel | (told.channel << channelShift) | (flags << flagShift);
}

export function openPaymentStore(): PaymentStore {
  const chunks: (Chunk | undefined)[] = [];
  const freeChunks: number[] = [];
  let open = -1;
  let size = 0;

  const chunkOf = (place: number): Chunk => chunks[place >>> chunkShift]!;
  const kindOf = (place: number): number => chunkOf(place).w[(place & placeMask) * words + word.kind]!;
  const has = (place: number, what: number): boolean => ((kindOf(place) >>> flagShift) & what) !== 0;
  const wordOf = (place: number, which: number): number => chunkOf(place).w[(place & placeMask) * words + which]!;
  const extraOf = (place: number): number => wordOf(place, word.extra) - 1;

  function newPlace(): number {
    if (open === -1 || chunks[open]!.used === chunkPlaces) {
      open = freeChunks.pop() ?? chunks.length;
      chunks[open] = openChunk();
    }
    const chunk = chunks[open]!;
    chunk.used += 1;
    chunk.live += 1;
    return (open << chunkShift) + chunk.used - 1;
  }

  function write(place: number, entry: Entry): void {
    writeEntry(chunkOf(place), place & placeMask, entry);
    const { returnOf } = entry;
    if (returnOf !== undefined)
      chunkOf(returnOf).w[(returnOf & placeMask) * words + word.kind]! |= flag.returned << flagShift;
  }

  const atMs = (place: number): number => chunkOf(place).f[(place & placeMask) * doubles]!;
  const amount = (place: number): bigint => chunkOf(place).b[(place & placeMask) * doubles + 1]!;
  const currency = (place: number): number => kindOf(place) & (currenciesMax - 1);
  const channel = (place: number): number => (kindOf(place) >>> channelShift) & 15;
  const credited = (place: number): bigint =>
    has(place, flag.credited) ? chunkOf(place).extraAmounts[extraOf(place) * extraDoubles]! : amount(place);
  const creditedCurrency = (place: number): number =>
    has(place, flag.credited)
      ? chunkOf(place).extraWords[extraOf(place) * extraDoubles * 2 + extraWord.creditedCurrency]!
      : currency(place);
  const balanceOut = (place: number): bigint | undefined =>
    has(place, flag.balanceOut) ? chunkOf(place).extraAmounts[extraOf(place) * extraDoubles + 1] : undefined;
  const balanceIn = (place: number): bigint | undefined =>
    has(place, flag.balanceIn) ? chunkOf(place).extraAmounts[extraOf(place) * extraDoubles + 2] : undefined;
  const arrivesAtMs = (place: number): number => atMs(place) + wordOf(place, word.delay);
  const receiverAtMs = (place: number): number =>
    has(place, flag.credited) ? chunkOf(place).extras[extraOf(place) * extraDoubles + 3]! : arrivesAtMs(place);

  return {
    add(entry) {
      const place = newPlace();
      const chunk = chunkOf(place);
      if (entry.reference !== undefined)
        chunk.w[(place & placeMask) * words + word.reference] = keepReference(chunk, entry.reference);
      write(place, entry);
      size += 1;
      return place;
    },
    rewrite: write,
    remove(place) {
      const chunk = chunkOf(place);
      chunk.w[(place & placeMask) * words + word.kind] = 0;
      chunk.live -= 1;
      size -= 1;
      const at = place >>> chunkShift;
      if (chunk.live > 0 || at === open) return;
      chunks[at] = undefined;
      freeChunks.push(at);
    },
    sender: (place) =>
      has(place, flag.sender)
        ? {
            atMs: atMs(place),
            amount: amount(place),
            currency: currency(place),
            channel: channel(place),
            tie: wordOf(place, word.tie),
            balance: balanceOut(place),
          }
        : undefined,
    receiver: (place) =>
      has(place, flag.receiver)
        ? {
            atMs: receiverAtMs(place),
            amount: credited(place),
            currency: creditedCurrency(place),
            channel: (kindOf(place) >>> receiverChannelShift) & 15,
            tie: wordOf(place, word.receiverTie),
            balance: balanceIn(place),
          }
        : undefined,
    atMs,
    arrivesAtMs,
    from: (place) => wordOf(place, word.from) - 1,
    to: (place) => wordOf(place, word.to) - 1,
    amount,
    currency,
    credited,
    creditedCurrency,
    channel,
    tie: (place) => wordOf(place, word.tie),
    reference(place) {
      const at = wordOf(place, word.reference);
      if (at === 0) return undefined;
      const { references } = chunkOf(place);
      return references.toString('latin1', at, at + references[at - 1]!);
    },
    balanceOut,
    balanceIn,
    returnOf: (place) =>
      has(place, flag.back) ? chunkOf(place).extraWords[extraOf(place) * extraDoubles * 2 + extraWord.returnOf]! : -1,
    isReturned: (place) => has(place, flag.returned),
    isBoth: (place) => has(place, flag.both),
    before(beforeMs, each) {
      for (const [at, chunk] of chunks.entries()) {
        if (chunk === undefined || chunk.firstMs >= beforeMs) continue;
        chunk.firstMs = Infinity;
        for (let index = 0; index < chunk.used; index += 1) {
          const flags = chunk.w[index * words + word.kind]! >>> flagShift;
          if ((flags & flag.live) === 0) continue;
          const ms = chunk.f[index * doubles]!;
          if (ms < beforeMs && (flags & flag.grouped) === 0) each((at << chunkShift) + index);
          else chunk.firstMs = Math.min(chunk.firstMs, ms);
        }
      }
    },
    size: () => size,
    bytes: () =>
      chunks.reduce(
        (sum, chunk) =>
          chunk === undefined ? sum : sum + chunk.f.byteLength + chunk.extras.byteLength + chunk.references.byteLength,
        0,
      ),
  };
}
