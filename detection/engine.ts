import type { Typology } from '@bronze-drum/protocol/statements/listing';
import type { TObject } from 'typebox';
import { openAccountWatch } from './account-watch.ts';
import { detectors } from './catalogue.ts';
import type { Payment } from '@bronze-drum/protocol/activity/payment';
import type { Facts, Named, Urgency, Verdict } from './detector.ts';
import { score } from './detectors/score.ts';
import { openDeviceWatch, type DeviceWatchSizes } from './device-watch.ts';
import { openLineWatch, type LineWatchSizes } from './line-watch.ts';
import type { Hop, PaymentBookSizes } from './payment-book.ts';
import { limitsUnder, type DetectionRules, type DetectorMode } from './rules.ts';
import type { ScoreModel } from './model/score-model.ts';
import { openScoring, type PaymentScore } from './scoring.ts';
import type { Sight } from './sight.ts';
import { bytesOf, pack, unpack, type Flat } from './state/arrays.ts';
import { nameOfText, openRecent } from './state/recent.ts';
import { openVerdicts } from './verdicts.ts';
import type { Found, Ground, Watch } from './watch.ts';

/** What a detector found: the same records give the same, with the same id. */
export interface Finding {
  /** Of the record, the detector and the subject: 26 characters or fewer of `0-9a-z.` */
  readonly id: string;
  readonly detector: string;
  readonly version: number;
  readonly mode: Exclude<DetectorMode, 'off'>;
  readonly typology: Typology;
  readonly urgency: Urgency;
  /** A key. */
  readonly subject: string;
  readonly facts: Facts;
  /** Keys, the most telling first. */
  readonly counterparts: readonly string[];
  readonly strength: number;
  /** Of the payment that showed it, if payments are scored. */
  readonly score?: PaymentScore;
  /** When the record happened that showed it, its number, and who reported it. */
  readonly atMs: number;
  readonly number: number;
  readonly institution: string;
}

export interface EngineSizes extends PaymentBookSizes, DeviceWatchSizes, LineWatchSizes {}

export interface EngineParts extends Omit<Ground, 'limitsOf'> {
  readonly rules: DetectionRules;
  readonly sizes: EngineSizes;
  /** With it payments are scored, and findings about payments say how. */
  readonly model?: ScoreModel | undefined;
}

/** Takes records in the order of their numbers, and says at once what its detectors find. */
export interface Engine {
  see(sight: Sight): Finding[];
  /** A payment with what lies behind it, from the process that watches its sender. */
  seeBehind(hops: readonly Hop[], sight: Sight<'payment'>): Finding[];
  /** What lies behind the payment that was seen last, for the process that watches its receiver. */
  behind(): readonly Hop[];
  /** The highest number of a record that was seen; 0 before the first. */
  lastNumber(): number;
  setRules(rules: DetectionRules): void;
  /** All that is known, as bytes; `restore` gives false, and the engine is empty, if they are of another version or size. */
  snapshot(): Uint8Array<ArrayBuffer>;
  restore(snapshot: Uint8Array): boolean;
  size(): { readonly accounts: number; readonly payments: number };
  bytes(): number;
}

const counterpartsMax = 8;
const quietMax = 1 << 17;
const minuteMs = 60_000;
/** So much stronger than what was said last is said again at once. */
const strongerBy = 2;

const catalogued = new Map(detectors.map((detector) => [detector.name, detector]));
/** Of the state's layout: with another, a snapshot is of no use. */
const layout = nameOfText(`1 ${detectors.map(({ name, version }) => `${name}.${version}`).join(' ')}`);

export function openEngine({ rules: firstRules, sizes, model, ...world }: EngineParts): Engine {
  let rules = firstRules;
  let limits = limitsUnder(rules);
  const ground: Ground = { ...world, limitsOf: <L extends TObject>(detector: Named<L>) => limits(detector) };
  const verdicts = openVerdicts();
  const scoring = model && openScoring(model, sizes, verdicts);
  const accounts = openAccountWatch(ground, sizes, scoring?.forget);
  const watches: readonly Watch[] = [accounts, openDeviceWatch(ground, sizes), openLineWatch(ground, sizes)];
  /** When a detector last said something of a subject, and how strong it was. */
  const quiet = openRecent(quietMax);
  const strengths = openRecent(quietMax);
  /** The layout, and the last number. */
  const head = new Float64Array(2);
  const arrays = (): readonly Flat[] => [
    head,
    ...watches.flatMap((watch) => watch.arrays()),
    ...quiet.arrays(),
    ...strengths.arrays(),
    ...(scoring?.arrays() ?? []),
  ];

  /** Whether it was said a short while ago; if not, that it is said now. */
  function isSaid(name: number, atMs: number, strength: number): boolean {
    const saidAtMs = quiet.get(name);
    const isQuiet = Math.abs(atMs - saidAtMs) < rules.quietMinutes * minuteMs;
    if (isQuiet && strength < strengths.get(name) * strongerBy) return true;
    quiet.set(name, atMs);
    strengths.set(name, Math.max(strength, 0.01));
    return false;
  }

  function collect(sight: Sight, ask: (found: Found) => void): Finding[] {
    const findings: Finding[] = [];
    const isScored = scoring !== undefined && sight.kind === 'payment';
    const found: Found = (detector, subject, verdict) => {
      if (isScored) verdicts.hear(detector.name, subject === (sight.record as Payment).to, verdict.strength);
      const mode = rules.detectors[detector.name]?.mode ?? 'on';
      if (mode === 'off') return;
      const name = nameOfText(subject, nameOfText(detector.name));
      if (isSaid(name, sight.atMs, verdict.strength)) return;
      findings.push(findingOf(detector, subject, verdict, { sight, mode, name }));
    };
    verdicts.begin();
    ask(found);
    const scored = isScored ? scoreOf(sight as Sight<'payment'>, found) : undefined;
    return scored === undefined ? findings : findings.map((finding) => ({ ...finding, score: scored }));
  }

  /** Scores the payment that was just seen, and asks whether it is suspicious as a whole. */
  function scoreOf({ record }: Sight<'payment'>, found: Found): PaymentScore | undefined {
    const payment = accounts.lastSight();
    const scored = payment && scoring?.score(payment);
    if (scored === undefined || !ground.owns(record.to!)) return scored;
    const { amount, at, from, to } = record;
    const view = { score: scored, amount: amount.value, currency: amount.currency, at, counterparts: [from!] };
    const verdict = score.find(view, limits(score));
    if (verdict !== undefined) found(score, to!, verdict);
    return scored;
  }

  return {
    see(sight) {
      if (sight.number > head[1]!) head[1] = sight.number;
      return collect(sight, (found) => {
        for (const watch of watches) if (watch.on.includes(sight.kind)) watch.see(sight, found);
      });
    },
    seeBehind: (hops, sight) => collect(sight, (found) => accounts.seeBehind(hops, sight, found)),
    behind: accounts.behind,
    lastNumber: () => head[1]!,
    setRules(next) {
      if (next === rules) return;
      rules = next;
      limits = limitsUnder(rules);
      for (const watch of watches) watch.rulesChanged?.();
    },
    snapshot() {
      head[0] = layout;
      return pack(arrays());
    },
    restore(snapshot) {
      if (unpack(snapshot, arrays()) && head[0] === layout) return true;
      unpack(new Uint8Array(0), arrays());
      return false;
    },
    size: accounts.size,
    bytes: () => bytesOf(arrays()),
  };
}

function findingOf(
  { name: detector }: Named,
  subject: string,
  { facts, counterparts, strength }: Verdict,
  { sight, mode, name }: { sight: Sight; mode: Finding['mode']; name: number },
): Finding {
  const { version, typology, urgency } = catalogued.get(detector)!;
  const { number, atMs, institution } = sight;
  return {
    id: `${number.toString(36)}.${name.toString(36)}`,
    detector,
    version,
    mode,
    typology,
    urgency,
    subject,
    facts,
    counterparts: counterparts.slice(0, counterpartsMax),
    strength: Math.round(strength * 1000) / 1000,
    atMs,
    number,
    institution,
  };
}
