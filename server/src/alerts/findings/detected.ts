import type { Detection, StoredFinding } from '../../detection/detection.ts';
import { findingCode } from '../../detection/contract.ts';
import type { Db } from '../../platform/db.ts';
import { openLoop } from '../../platform/loops.ts';
import type { Gathering } from '../gathering.ts';
import type { Finding } from '../record.ts';
import { restsOnListing } from '../rules.ts';
import * as store from '../store.ts';
import type { Source } from './source.ts';

export interface DetectedParts {
  readonly db: Db;
  readonly detection: Pick<Detection, 'findingsAfter' | 'onFindings'>;
  readonly gathering: Gathering;
  readonly onError: (error: unknown) => void;
}

const cursor = 'detected';
const batchFindings = 1000;
/** For what another process found; what is found in this one is heard at once. */
const pollMs = 250;

/** What detectors found, but for those in shadow. */
export function followDetected({ db, detection, gathering, onError }: DetectedParts): Source {
  let read: number | undefined;

  async function step(): Promise<void> {
    read ??= (await store.readCursor(db, cursor))?.number ?? 0;
    for (;;) {
      const findings = await detection.findingsAfter(db, read, batchFindings);
      const last = findings.at(-1);
      if (last === undefined) return;
      await db.tx(async (tx) => {
        await gathering.apply(tx, findings.filter(({ mode }) => mode === 'on').map(findingOf));
        await store.moveCursor(tx, cursor, last.number);
      });
      read = last.number;
    }
  }

  const loop = openLoop(step, { onError, pollMs });
  detection.onFindings(loop.wake);
  loop.wake();
  return { caughtUp: loop.run, close: loop.close };
}

function findingOf({ detector, subject, facts, urgency, at, institution }: StoredFinding): Finding {
  return {
    kind: 'detection',
    subject,
    code: findingCode(detector),
    params: facts,
    rank: urgency,
    atMs: at.getTime(),
    discreet: false,
    source: `institution:${institution}`,
    tellable: !restsOnListing(detector, facts),
  };
}
