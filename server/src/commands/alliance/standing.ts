import type { Links } from '../../federation/contract.ts';
import { connect } from '../connection.ts';

/** How it stands with a member's server, as it says itself. */
export interface Standing {
  readonly ready: boolean;
  /** Undefined when it does not answer. */
  readonly hears?: Hearing;
}

export interface Hearing {
  /** Neighbours that it hears now. */
  readonly live: number;
  /** Neighbours that its directory names. */
  readonly of: number;
  readonly isCutOff: boolean;
  /** Statements of neighbours that they have shown, and that not all of its rooms have handled. */
  readonly behind: number;
}

const answerMsMax = 1500;

/** Asks a server of this machine with its own operator's key. */
export async function standingOf(data: string, member: string, address: string): Promise<Standing> {
  try {
    const signal = AbortSignal.timeout(answerMsMax);
    if (!(await fetch(`${address}/readyz`, { signal })).ok) return { ready: false };
    const { headers } = await connect({ data, member });
    const response = await fetch(`${address}/v1/federation/links`, { headers, signal });
    return response.ok ? { ready: true, hears: hearingOf((await response.json()) as Links) } : { ready: true };
  } catch {
    return { ready: false };
  }
}

export function hearingOf({ links }: Pick<Links, 'links'>): Hearing {
  const lags = links.flatMap(({ reads }) => reads.map(({ size, applied }) => Math.max(0, size - applied)));
  return {
    live: links.filter(({ state }) => state === 'live').length,
    of: links.length,
    isCutOff: links.some(({ state }) => state === 'isolated'),
    behind: lags.reduce((sum, lag) => sum + lag, 0),
  };
}
