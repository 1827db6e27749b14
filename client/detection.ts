import { openEngine, type EngineSizes, type Finding } from '@bronze-drum/detection/engine';
import { defaultRules, isDetectionRules, type DetectionRules } from '@bronze-drum/detection/rules';
import type { Ground } from '@bronze-drum/detection/watch';
import type { ActivityKind, ActivityRecords } from '@bronze-drum/protocol/activity/kinds';
import { readRecord } from '@bronze-drum/protocol/activity/reading';
import { isRefusal } from '@bronze-drum/protocol/refusals';
import { ClientRefused } from './trouble.ts';

export type { Finding } from '@bronze-drum/detection/engine';

export interface DetectionOptions {
  /** The institution's own name for itself, as its server knows it. */
  readonly institution: string;
  /** ISO 3166-1 alpha-2, upper case: whose national spellings apply. */
  readonly country: string;
  /** As `detection` in the member's policy; by default every detector with its own limits. */
  readonly rules?: DetectionRules;
  /** How much is known at once; by default 65,536 accounts and four payments of each, about 60 MB. */
  readonly sizes?: Partial<EngineSizes>;
  /** Whether a key is listed: 0 no, 1 suspected, 2 confirmed; by default nothing is. */
  readonly listed?: Ground['listed'];
  /** What is known of the network of an address, for instance `readNetworks(…).networkOf`. */
  readonly networkOf?: Ground['networkOf'];
}

export interface Seen<Kind extends ActivityKind> {
  readonly findings: readonly Finding[];
  /** If a detector that is on found something: the record as it may be reported, held to be what the most urgent finding says. */
  readonly suspected?: ActivityRecords[Kind];
}

/** The server's detectors inside an institution's own walls: what is looked at goes nowhere. */
export interface Detection {
  /** Looks at a record, in the order in which records happen, or nearly. Throws ClientRefused if the record breaks the schema. */
  see<Kind extends ActivityKind>(kind: Kind, record: ActivityRecords[Kind]): Seen<Kind>;
  /** All that is known, as bytes, to go on with after a restart. */
  snapshot(): Uint8Array;
  /** False, and nothing is known, if the bytes are of another version or other sizes. */
  restore(snapshot: Uint8Array): boolean;
}

const sizesUsual: EngineSizes = {
  accounts: 1 << 16,
  payments: 1 << 18,
  devices: 1 << 15,
  addresses: 1 << 15,
  numbers: 1 << 14,
  cells: 1 << 11,
};

export function openDetection(options: DetectionOptions): Detection {
  const { institution, country, rules = defaultRules } = options;
  if (!isDetectionRules(rules)) throw new ClientRefused({ refused: 'client.detection-rules' });
  const engine = openEngine({
    rules,
    sizes: { ...sizesUsual, ...options.sizes },
    country,
    listed: options.listed ?? (() => 0),
    networkOf: options.networkOf ?? (() => undefined),
    owns: () => true,
  });
  return {
    see(kind, record) {
      const read = readRecord(kind, record, country);
      if (isRefusal(read)) throw new ClientRefused(read);
      const number = engine.lastNumber() + 1;
      const findings = engine.see({ number, kind, institution, id: record.id, atMs: read.atMs, record: read.record });
      const [worst] = findings.filter(({ mode }) => mode === 'on').toSorted((a, b) => a.urgency - b.urgency);
      if (worst === undefined) return { findings };
      const suspicion = { typology: worst.typology, confirmed: false };
      return { findings, suspected: { ...record, suspicion } };
    },
    snapshot: engine.snapshot,
    restore: engine.restore,
  };
}
