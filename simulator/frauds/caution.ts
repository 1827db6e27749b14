import type { KnownLimits } from '../world/ground.ts';

/** The limits that every member begins with, as rings may have learned them; what is not known is not avoided. */
export const knownLimits: KnownLimits = {
  'pass-through': { withinMinutes: 30, slowHours: 6 },
  'fan-in': { sendersMin: 8 },
  'fan-out': { receiversMin: 5 },
  'layered-chain': { hopMinutes: 60, slowHopMinutes: 240 },
  structuring: { belowShare: 0.15 },
  'exit-abroad': { withinHours: 6 },
  'exit-to-crypto': { withinHours: 6, dollarsMin: 300 },
  'remote-access': { withinMinutes: 60 },
  'call-then-payment': { afterMinutes: 30 },
  'sim-swap-then-payment': { withinHours: 24 },
  'sim-box': { outgoingMin: 60 },
  'number-rotation': { devicesMin: 4 },
  'roaming-swarm': { numbersMin: 20 },
  'fake-base-station': { recipientsMin: 20 },
  'bulk-sender': { recipientsMin: 50 },
  'shared-address': { accountsMin: 10 },
};

/** What such a ring keeps to. Besides, it uses each account, device and address for one thing only, and nothing that is listed. */
export interface Caution {
  /** Money rests for so long, and so long before it leaves the country or becomes coins. */
  readonly restMs: number;
  readonly exitAfterMs: number;
  /** Below this it need not rest. */
  readonly exitBaht: number;
  readonly receiversMax: number;
  readonly sendersMax: number;
  /** Of a limit: amounts are below this part of it. */
  readonly belowLimit: number;
  /** From a call, from the use of a remote tool, from a change of card, until money moves. */
  readonly afterCallMs: number;
  readonly afterRemoteMs: number;
  readonly afterSwapMs: number;
  readonly callsMax: number;
  readonly cardDevicesMax: number;
  readonly cellNumbersMax: number;
  readonly recipientsMax: number;
  readonly loginsMax: number;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const bahtADollar = 33;
/** Nobody waits to the second. */
const beyond = 1.03;

export function cautionOf(limits: KnownLimits): Caution {
  const limit = (detector: string, name: string, unknown: number): number => limits[detector]?.[name] ?? unknown;
  const minutes = (detector: string, name = 'withinMinutes'): number => limit(detector, name, 0) * minuteMs * beyond;
  const hours = (detector: string, name = 'withinHours'): number => limit(detector, name, 0) * hourMs * beyond;
  const below = (detector: string, name: string): number => Math.max(1, limit(detector, name, 1000) - 1);
  return {
    restMs: Math.max(
      minutes('pass-through'),
      hours('pass-through', 'slowHours'),
      minutes('layered-chain', 'hopMinutes'),
      minutes('layered-chain', 'slowHopMinutes'),
    ),
    exitAfterMs: Math.max(hours('exit-abroad'), hours('exit-to-crypto')),
    exitBaht: limit('exit-to-crypto', 'dollarsMin', 0) * bahtADollar * 0.95,
    receiversMax: below('fan-out', 'receiversMin'),
    sendersMax: below('fan-in', 'sendersMin'),
    belowLimit: 1 - limit('structuring', 'belowShare', 0),
    afterCallMs: minutes('call-then-payment', 'afterMinutes'),
    afterRemoteMs: minutes('remote-access'),
    afterSwapMs: hours('sim-swap-then-payment'),
    callsMax: below('sim-box', 'outgoingMin'),
    cardDevicesMax: below('number-rotation', 'devicesMin'),
    cellNumbersMax: below('roaming-swarm', 'numbersMin'),
    recipientsMax: below('bulk-sender', 'recipientsMin'),
    loginsMax: below('shared-address', 'accountsMin'),
  };
}
